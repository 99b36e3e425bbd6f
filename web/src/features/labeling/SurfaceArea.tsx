// The middle of the screen: the open item on its surfaces, or what stands there while there is none.

import { lazy, type ReactNode, Suspense, useCallback, useMemo, useRef, useState } from 'react'
import { CodePoints } from '../../engine/codepoints'
import type { PartMark } from '../../engine/kind'
import { nameOf } from '../../engine/parts'
import type { SurfaceControls } from '../../engine/surface'
import { turnsOf } from '../../engine/talk'
import type { TaskStream } from '../../engine/types'
import type { Work } from '../../engine/work'
import { CanvasSurface } from '../../surfaces/canvas/CanvasSurface'
import type { PictureError } from '../../surfaces/canvas/images'
import { TextSurface } from '../../surfaces/text/TextSurface'
import { AnswerRow } from './AnswerRow'
import { BrokenPicture } from './BrokenPicture'
import { CardBar } from './CardBar'
import { useScreen } from './context'
import { DrawGuide } from './DrawGuide'
import { askedNow, drawnFields, fieldsUnder, formFields } from './fields'
import { FloatBars } from './FloatBars'
import { labelOf } from '../../engine/schema'
import { Veil } from '../../ui/Veil'
import { m } from './messages'
import { PartCells } from './PartCells'
import { Done, Empty, Failed, LoadingSurface } from './Placeholders'
import type { Screen } from './screen'
import { SelectionBar } from './SelectionBar'
import { WalkPanel } from './WalkPanel'

const TalkSurface = lazy(() => import('../../surfaces/talk/TalkSurface').then((module) => ({ default: module.TalkSurface })))
const TraceSurface = lazy(() => import('../../surfaces/talk/TraceSurface').then((module) => ({ default: module.TraceSurface })))
const CandidatesSurface = lazy(() => import('../../surfaces/talk/CandidatesSurface').then((module) => ({ default: module.CandidatesSurface })))

const PagesSurface = lazy(() => import('../../surfaces/pages/PagesSurface').then((module) => ({ default: module.PagesSurface })))

const PanelFrame = lazy(() => import('./panels/PanelFrame').then((module) => ({ default: module.PanelFrame })))
const TableSurface = lazy(() => import('../../surfaces/table/TableSurface').then((module) => ({ default: module.TableSurface })))
const MarkedTalk = lazy(() => import('../../surfaces/talk/MarkedTalk').then((module) => ({ default: module.MarkedTalk })))
const MarkedAnswers = lazy(() => import('../../surfaces/talk/MarkedAnswers').then((module) => ({ default: module.MarkedAnswers })))

const INSETS = { left: 12, top: 12, right: 12, bottom: 88 }
/** Under the bar of a tool that paints: nothing that is to be painted lies behind it. */
const PAINT_INSETS = { ...INSETS, top: 60 }

export function SurfaceArea(): ReactNode {
  const screen = useScreen()
  const { session, work } = screen
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
      if (!isHeld) return
      screen.surface = controls
      if (controls !== null && screen.dialog === null && !isInField()) controls.focus()
    },
    [screen, isMain],
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
  const [broken, setBroken] = useState<PictureError | null>(null)
  const [attempt, setAttempt] = useState(0)
  const onActivity = useCallback(() => work.activity.touch(), [work])
  const onPart = useCallback(
    (part: string) => {
      screen.view.set({ here: part })
      screen.cells.goPart(stream, part)
    },
    [screen, stream],
  )
  const onAgain = useCallback(() => {
    setBroken(null)
    setAttempt((n) => n + 1)
  }, [])
  const onBroken = useCallback((error: PictureError) => setBroken(error), [])
  const announce = useAnnouncement(screen)
  const content = work.task.item.streams[stream]
  const count = useCount(work, stream)
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
        insets={paintsOn(screen, stream) ? PAINT_INSETS : INSETS}
        label={m.picture(count)}
        announce={isMain ? announce : ''}
        bar={<SelectionBar />}
        loading={(percent) => <LoadingSurface percent={percent} />}
        onControls={onControls}
        onBroken={onBroken}
        onActivity={onActivity}
        disabled={work.isFinal}
      />
    )
  }
  if (content?.kind === 'document') {
    if (broken !== null) return <BrokenPicture error={broken} url={content.url ?? ''} onAgain={onAgain} />
    return (
      <Suspense fallback={<LoadingSurface />}>
        <PagesSurface key={attempt} work={work} view={screen.view} kinds={screen.kinds} stream={stream} url={content.url ?? ''} label={m.documentOf(content.facts.pages?.length ?? 1, count)} announce={isMain ? announce : ''} bar={<SelectionBar />} loading={<LoadingSurface />} onControls={onControls} onBroken={onBroken} onActivity={onActivity} disabled={work.isFinal} />
      </Suspense>
    )
  }
  const text = work.texts[stream] ?? ''
  const said = isMain ? announce : ''
  const marking = { work, view: screen.view, kinds: screen.kinds, stream, text, announce: said, onControls, onActivity, disabled: work.isFinal }
  if (content?.kind === 'dialogue' && isMarked(screen, stream)) {
    return <Suspense fallback={<LoadingSurface />}><MarkedTalk {...marking} under={underPart(stream, content)} head={<Known work={work} />} label={m.markedTalk(content.facts.turns ?? 0)} /></Suspense>
  }
  if (content?.kind === 'candidates' && isMarked(screen, stream)) {
    return <Suspense fallback={<LoadingSurface />}><MarkedAnswers {...marking} under={underPart(stream, content)} label={m.markedAnswers(content.facts.parts?.length ?? 0)} markOf={(key) => markOf(screen, work, stream, key)} /></Suspense>
  }
  if (content?.kind === 'dialogue') {
    return <Suspense fallback={<LoadingSurface />}><TalkSurface text={text} part={screen.cells.partOn(stream)} onPart={onPart} under={underPart(stream, content)} label={m.talkOf(content.facts.turns ?? 0)} head={<Known work={work} />} announce={said} onControls={onControls} onActivity={onActivity} /></Suspense>
  }
  if (content?.kind === 'trace') {
    return <Suspense fallback={<LoadingSurface />}><TraceSurface text={text} part={screen.cells.partOn(stream)} under={underPart(stream, content)} label={m.traceOf(content.facts.each?.['step']?.count ?? 0)} head={<Known work={work} />} announce={said} markOf={(key) => markOf(screen, work, stream, key)} onPart={onPart} onControls={onControls} onActivity={onActivity} /></Suspense>
  }
  if (content?.kind === 'candidates') {
    return <Suspense fallback={<LoadingSurface />}><CandidatesSurface text={text} part={screen.cells.partOn(stream)} onPart={(part) => screen.cells.goPart(stream, part)} under={underPart(stream, content)} label={m.answersOf(content.facts.parts?.length ?? 0)} announce={said} markOf={(key) => markOf(screen, work, stream, key)} onControls={onControls} onActivity={onActivity} /></Suspense>
  }
  if (content?.kind === 'table') {
    return <Suspense fallback={<LoadingSurface />}><TableSurface text={text} head={<Known work={work} />} announce={said} onControls={onControls} onActivity={onActivity} /></Suspense>
  }
  return <TextSurface work={work} view={screen.view} kinds={screen.kinds} stream={stream} text={text} head={<TextHead work={work} text={text} />} label={m.textOf(count)} announce={isMain ? announce : ''} onControls={onControls} onActivity={onActivity} disabled={work.isFinal} />
}

/** How many annotations lie on a stream; counted anew only when some came or went. */
function useCount(work: Work, stream: string): number {
  const { listing } = work.store
  return useMemo(() => (listing < 0 ? 0 : work.store.list().filter((a) => (a.on?.stream ?? work.field(a.field)?.on) === stream).length), [listing, work, stream])
}

/** What is asked of each part of a stream, by its key. */
function underPart(stream: string, content: TaskStream): (part: string) => ReactNode {
  const all = Object.values(content.facts.each ?? {})
  return (part) => <PartCells stream={stream} part={part} name={all[0] ? nameOf(all[0], part) : part} />
}

/** Whether words of a stream are marked: then it is shown as it was written, letter by letter. */
function isMarked(screen: Screen, stream: string): boolean {
  return drawnFields(screen).some((field) => field.on === stream && screen.kinds.get(field.kind)?.surface === 'text')
}

/** What the answers so far say of one candidate. */
function markOf(screen: Screen, work: Work, stream: string, key: string): PartMark | null {
  for (const field of askedNow(work, formFields(screen)).filter((f) => f.on === stream)) {
    const kind = screen.kinds.get(field.kind)
    const value = work.answer(field)
    const mark = kind?.surface === 'form' && value !== undefined ? kind.markOf?.(value, key, field) : null
    if (mark) return mark
  }
  return null
}

function paintsOn(screen: Screen, stream: string): boolean {
  return drawnFields(screen).some((field) => {
    const kind = screen.kinds.get(field.kind)
    return field.on === stream && kind?.surface === 'canvas' && kind.paint !== undefined
  })
}

/** What is known of a text, above it: a few of its metadata and its length. */
function TextHead({ work, text }: { work: Work; text: string }): ReactNode {
  const length = useMemo(() => new CodePoints(text).length.toLocaleString(), [text])
  return (
    <>
      <Known work={work} />
      <span>{m.characters(length)}</span>
    </>
  )
}

function Known({ work }: { work: Work }): ReactNode {
  const known = Object.entries(work.task.item.metadata).filter(([, value]) => typeof value === 'string' || typeof value === 'number').slice(0, 5)
  return known.map(([key, value]) => (
    <span key={key}>
      {key} <bdi>{String(value)}</bdi>
    </span>
  ))
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
