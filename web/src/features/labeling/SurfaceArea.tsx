// The middle of the screen: the open item on its surfaces, or what stands there while there is none.

import { lazy, type ReactNode, Suspense, useCallback, useEffect, useMemo, useRef } from 'react'
import type { SurfaceControls } from '../../engine/surface'
import { turnsOf } from '../../engine/talk'
import type { Work } from '../../engine/work'
import { AnswerRow } from './AnswerRow'
import { CardBar } from './CardBar'
import { useScreen } from './context'
import { DrawGuide } from './DrawGuide'
import { askedNow, drawnFields, fieldsUnder } from './fields'
import { FloatBars } from './FloatBars'
import { labelOf } from '../../engine/schema'
import { Veil } from '../../ui/Veil'
import { m } from './messages'
import { Done, Empty, Failed, LoadingSurface } from './Placeholders'
import type { Screen } from './screen'
import { fetchShown, shownAs } from './streams'
import { WalkPanel } from './WalkPanel'


const PanelFrame = lazy(() => import('./panels/PanelFrame').then((module) => ({ default: module.PanelFrame })))

export function SurfaceArea(): ReactNode {
  const screen = useScreen()
  const { session, work } = screen
  useEffect(() => screen.schema.streams.forEach((stream) => fetchShown(stream.kind)), [screen])
  if (work !== null && screen.schema.card) {
    return (
      <div className="one-card" key={work.task.item.id}>
        <div className="card-content"><Surfaces screen={screen} work={work} /></div>
        <CardBar />
      </div>
    )
  }
  if (work !== null) {
    return (
      <>
        <Surfaces key={work.task.item.id} screen={screen} work={work} />
        <DrawGuide />
        <WalkPanel />
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
  const compared = order.find((key) => work.task.item.streams[key]?.kind === 'candidates')
  const main = order.find((key) => drawnFields(screen).some((f) => f.on === key)) ?? compared ?? order[0]
  const panels = (screen.schema.panels ?? []).filter((panel) => panel.place === 'main')
  const isStacked = compared !== undefined && order.length > 1
  const panes = order.length + panels.length
  const columns = panes > 1 && !isStacked ? `repeat(${panes}, minmax(0, 1fr))` : undefined
  const rows = isStacked ? [...order.map((key) => (key === compared ? 'minmax(0, 1fr)' : promptHeight(work.task.item.streams[key]?.kind, work.texts[key] ?? ''))), ...panels.map(() => 'minmax(0, 1fr)')].join(' ') : undefined
  return (
    <div className={isStacked ? 'streams stacked' : 'streams'} style={{ gridTemplateColumns: columns, gridTemplateRows: rows }}>
      {order.map((key) => (
        <section key={key} className="stream">
          <OneStream screen={screen} work={work} stream={key} isMain={key === main} />
          <Under screen={screen} work={work} stream={key} />
        </section>
      ))}
      {panels.map((panel) => (
        <section key={panel.key} className="stream" aria-label={panel.title}>
          <div className="stream-body"><Suspense fallback={<LoadingSurface />}><PanelFrame panel={panel} work={work} fills /></Suspense></div>
        </section>
      ))}
    </div>
  )
}

/** What is asked right under a stream, such as which of two answers is better. */
function Under({ screen, work, stream }: { screen: Screen; work: Work; stream: string }): ReactNode {
  const fields = askedNow(work, fieldsUnder(screen)).filter((field) => field.on === stream)
  if (fields.length === 0 || screen.veils.covers(stream)) return null
  return (
    <div className="under">
      {fields.map((field) => (
        <AnswerRow key={field.key} id={`answer-${field.key}`} field={field} value={work.answer(field)} keys={screen.fieldKeys.get(field.key) ?? { field: null, options: {} }} point={screen.points.find((p) => p.field === field.key) ?? null} onChange={(value) => work.setAnswer(field, value)} />
      ))}
    </div>
  )
}

/** A prompt above its answers is as high as it has lines, up to a good third. */
function promptHeight(kind: string | undefined, text: string): string {
  const said = kind === 'dialogue' ? turnsOf(text).map((turn) => turn.content) : [text]
  const lines = said.flatMap((one) => one.split('\n')).reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / 110)), 0)
  return `min(38%, ${20 + 46 * said.length + 26 * lines}px)`
}

/** One stream. Where something is drawn on several, keys go to the one that was touched last. */
function OneStream({ screen, work, stream, isMain }: { screen: Screen; work: Work; stream: string; isMain: boolean }): ReactNode {
  const own = useRef<SurfaceControls | null>(null)
  const onControls = useCallback(
    (controls: SurfaceControls | null) => {
      const isHeld = isMain || (own.current !== null && screen.surface === own.current)
      own.current = controls
      if (controls === null) screen.surfaces.delete(stream)
      else screen.surfaces.set(stream, controls)
      if (!isHeld) return
      screen.surface = controls
      if (controls !== null && screen.dialog === null && !isInField()) controls.focus()
    },
    [screen, isMain, stream],
  )
  const take = (): void => {
    if (own.current !== null && drawnFields(screen).some((field) => field.on === stream)) screen.surface = own.current
  }
  const { veils } = screen
  if (veils.covers(stream)) {
    const isPicture = work.task.item.streams[stream]?.kind === 'image'
    return (
      <div className="stream-body">
        <Veil keys={screen.keyOf('view.veil') ?? undefined} onLift={() => veils.toggle()} onAlways={() => veils.setAlways(true)}>
          {isPicture && <Content screen={screen} work={work} stream={stream} isMain={isMain} onControls={onControls} />}
        </Veil>
      </div>
    )
  }
  return <div className="stream-body" onFocusCapture={take} onPointerDownCapture={take}><Content screen={screen} work={work} stream={stream} isMain={isMain} onControls={onControls} /></div>
}

function Content({ screen, work, stream, isMain, onControls }: { screen: Screen; work: Work; stream: string; isMain: boolean; onControls: (controls: SurfaceControls | null) => void }): ReactNode {
  const onActivity = useCallback(() => work.activity.touch(), [work])
  const onPart = useCallback(
    (part: string) => {
      screen.view.set({ here: part })
      screen.cells.goPart(stream, part)
    },
    [screen, stream],
  )
  const announce = useAnnouncement(screen)
  const count = useCount(work, stream)
  const content = work.task.item.streams[stream]
  if (content === undefined) return null
  const Shown = shownAs(content.kind)
  return (
    <Suspense fallback={<LoadingSurface />}>
      <Shown screen={screen} work={work} stream={stream} content={content} text={work.texts[stream] ?? ''} count={count} announce={isMain ? announce : ''} onControls={onControls} onActivity={onActivity} onPart={onPart} />
    </Suspense>
  )
}

/** How many annotations lie on a stream; counted anew only when some came or went. */
function useCount(work: Work, stream: string): number {
  const { listing } = work.store
  return useMemo(() => (listing < 0 ? 0 : work.store.list().filter((a) => (a.on?.stream ?? work.field(a.field)?.on) === stream).length), [listing, work, stream])
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
