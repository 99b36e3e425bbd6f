// The middle of the screen: the open item on its surfaces, or what stands there while there is none.

import { type ReactNode, useCallback, useMemo, useState } from 'react'
import { CodePoints } from '../../engine/codepoints'
import type { SurfaceControls } from '../../engine/surface'
import type { Work } from '../../engine/work'
import { CanvasSurface } from '../../surfaces/canvas/CanvasSurface'
import type { PictureError } from '../../surfaces/canvas/images'
import { TextSurface } from '../../surfaces/text/TextSurface'
import { BrokenPicture } from './BrokenPicture'
import { useScreen } from './context'
import { DrawGuide } from './DrawGuide'
import { FloatBars } from './FloatBars'
import { labelOf } from '../../engine/schema'
import { m } from './messages'
import { Done, Empty, Failed, LoadingSurface } from './Placeholders'
import type { Screen } from './screen'
import { SelectionBar } from './SelectionBar'

const INSETS = { left: 12, top: 12, right: 12, bottom: 88 }

export function SurfaceArea(): ReactNode {
  const screen = useScreen()
  const { session, work } = screen
  if (work !== null) {
    return (
      <>
        <Surfaces key={work.task.item.id} screen={screen} work={work} />
        <DrawGuide />
        <FloatBars />
      </>
    )
  }
  if (session.phase === 'empty') return <Empty />
  if (session.phase === 'done') return <Done />
  if (session.phase === 'failed') return <Failed />
  return <LoadingSurface />
}

function Surfaces({ screen, work }: { screen: Screen; work: Work }): ReactNode {
  const names = Object.keys(work.task.item.streams)
  const order = screen.schema.streams.map((s) => s.key).filter((key) => names.includes(key))
  const main = order.find((key) => screen.drawnFields.some((f) => f.on === key)) ?? order[0]
  return (
    <div className="streams" style={{ gridTemplateColumns: order.length > 1 ? `repeat(${order.length}, minmax(0, 1fr))` : undefined }}>
      {order.map((key) => (
        <section key={key} className="stream">
          <OneStream screen={screen} work={work} stream={key} isMain={key === main} />
        </section>
      ))}
    </div>
  )
}

function OneStream({ screen, work, stream, isMain }: { screen: Screen; work: Work; stream: string; isMain: boolean }): ReactNode {
  const [broken, setBroken] = useState<PictureError | null>(null)
  const [attempt, setAttempt] = useState(0)
  const onControls = useCallback(
    (controls: SurfaceControls | null) => {
      if (!isMain) return
      screen.surface = controls
      if (controls !== null && screen.dialog === null && !isInField()) controls.focus()
    },
    [screen, isMain],
  )
  const onActivity = useCallback(() => work.activity.touch(), [work])
  const onAgain = useCallback(() => {
    setBroken(null)
    setAttempt((n) => n + 1)
  }, [])
  const onBroken = useCallback((error: PictureError) => setBroken(error), [])
  const announce = useAnnouncement(screen)
  const content = work.task.item.streams[stream]
  const count = work.store.list().filter((a) => (a.on?.stream ?? work.field(a.field)?.on) === stream).length
  if (content?.kind === 'image') {
    if (broken !== null) return <BrokenPicture error={broken} url={content.url ?? ''} onAgain={onAgain} />
    return (
      <CanvasSurface
        key={attempt}
        work={work}
        view={screen.view}
        kinds={screen.kinds}
        stream={stream}
        url={content.url ?? ''}
        insets={INSETS}
        label={m.picture(count)}
        announce={isMain ? announce : ''}
        bar={<SelectionBar />}
        loading={<LoadingSurface />}
        onControls={onControls}
        onBroken={onBroken}
        onActivity={onActivity}
        disabled={work.isFinal}
      />
    )
  }
  const text = work.texts[stream] ?? ''
  return <TextSurface work={work} view={screen.view} kinds={screen.kinds} stream={stream} text={text} head={<TextHead work={work} text={text} />} label={m.textOf(count)} announce={isMain ? announce : ''} onControls={onControls} onActivity={onActivity} disabled={work.isFinal} />
}

/** What is known of a text, above it: a few of its metadata and its length. */
function TextHead({ work, text }: { work: Work; text: string }): ReactNode {
  const known = Object.entries(work.task.item.metadata).filter(([, value]) => typeof value === 'string' || typeof value === 'number').slice(0, 5)
  const length = useMemo(() => new CodePoints(text).length.toLocaleString(), [text])
  return (
    <>
      {known.map(([key, value]) => (
        <span key={key}>
          {key} <bdi>{String(value)}</bdi>
        </span>
      ))}
      <span>{m.characters(length)}</span>
    </>
  )
}

function useAnnouncement(screen: Screen): string {
  const { selected, work } = screen
  const [first, ...more] = selected
  if (!first || work === null) return ''
  if (more.length > 0) return m.selectedMany(selected.length)
  const field = work.field(first.field)
  const label = field && labelOf(field, first.label)
  return m.selectedOne(label?.title ?? first.field, work.store.numberOf(first.id))
}

function isInField(): boolean {
  return document.activeElement instanceof HTMLInputElement || document.activeElement instanceof HTMLTextAreaElement
}
