// What the product shows beside an item that is labeled, and asks of it: the guideline, precedents, questions.

import { type ComponentType, type ReactNode, Suspense } from 'react'
import type { Pins } from '../../engine/pins'
import type { Annotation, Id } from '../../engine/types'
import { useScreen } from './context'
import type { Screen } from './screen'

/** What is at hand: the item, and the field and label that are selected or drawn next. */
export interface At {
  readonly project: Id
  readonly item: Id
  readonly field: string | null
  readonly label: string | null
  readonly annotation: Id | null
  /** Where that lies, so that it is found when the annotation is gone or another's: in a picture, or in a text. */
  readonly stream: string | null
  readonly region: [number, number, number, number] | null
  readonly span: [number, number] | null
}

export interface Beside {
  readonly Panel: ComponentType<{ at: At; pins: Pins; nameless?: boolean }>
  /** Reads what is talked about on the item, for the pins. */
  readonly Pinned: ComponentType<{ item: Id; pins: Pins }>
  readonly Ask: ComponentType<{ at: At; onClose: () => void }>
  /** Whether nobody's name may be told here: whoever judges does not see whose answer it is. */
  readonly nameless?: boolean
  readonly HandOver?: ComponentType<{ project: Id; item: Id; onHanded: () => void; onClose: () => void }>
  /** The course that stands before the work. */
  readonly course?: CourseParts
}

export interface CourseParts {
  /** How far somebody is, in the header. */
  readonly Pill: ComponentType<{ project: Id }>
  /** What came of the item that was handed in last and is still shown. */
  readonly Told: ComponentType<Told>
  /** In the place of "nothing is waiting", where that is so because of the course; else `children`. */
  readonly End: ComponentType<{ project: Id; children: ReactNode; onAgain: () => void; onLeave: (() => void) | null }>
  /** Between two parts: what is behind, and what comes. */
  readonly Between: ComponentType<{ project: Id; held: boolean; onOpen: (open: boolean) => void }>
}

export interface Told {
  readonly item: Id
  /** Whether the server has the answer. */
  readonly arrived: boolean
  readonly offline: boolean
  readonly keys: string
  readonly nameOf: (annotation: Id) => string
  readonly titleOf: (field: string) => string
  readonly onShow: (annotations: readonly Id[]) => void
  readonly onGoOn: () => void
}

/** What came of the item that was handed in and is still shown, where a course tells it. */
export function ToldPanel(): ReactNode {
  const screen = useScreen()
  const { beside } = screen.options
  const { work, session } = screen
  if (work === null || !work.isHandedIn || !beside?.course) return null
  const nameOf = (id: Id): string => {
    const annotation = work.store.get(id)
    return annotation ? screen.nameOf(annotation) : ''
  }
  return (
    <Suspense>
      <beside.course.Told
        item={work.task.item.id}
        arrived={session.arrivedLast === work.task.item.id}
        offline={session.save.kind === 'offline'}
        keys={screen.keyOf('labeling.submit') ?? 'Space'}
        nameOf={nameOf}
        titleOf={(key) => work.field(key)?.title ?? key}
        onShow={(ids) => {
          screen.view.select(...ids)
          const first = work.store.get(ids[0] ?? '')
          if (first) screen.reveal(first)
          screen.surface?.focus()
        }}
        onGoOn={() => screen.submit()}
      />
    </Suspense>
  )
}

/** What stands between two parts of a course; the keys rest while it does. */
export function BetweenParts(): ReactNode {
  const screen = useScreen()
  const { beside } = screen.options
  if (!beside?.course || !screen.session.isQueue) return null
  const held = screen.work?.isHandedIn === true || (screen.dialog !== null && screen.dialog !== 'course')
  return <Suspense><beside.course.Between project={screen.options.projectId} held={held} onOpen={(open) => screen.open(open ? 'course' : null)} /></Suspense>
}

export function atOf(screen: Screen): At | null {
  const { single, work } = screen
  const { label: current } = screen.view.state
  if (work === null) return null
  const isWhole = single !== null && single.annotation.id === single.field.key
  return {
    project: screen.options.projectId,
    item: work.task.item.id,
    field: single?.field.key ?? current?.field ?? null,
    label: single?.annotation.label ?? current?.label ?? null,
    annotation: single === null || isWhole ? null : single.annotation.id,
    ...placeOf(screen, single === null || isWhole ? null : single.annotation),
  }
}

/** Where an annotation lies, as far as it lies in a picture or in one text. */
function placeOf(screen: Screen, annotation: Annotation | null): Pick<At, 'stream' | 'region' | 'span'> {
  const nowhere = { stream: null, region: null, span: null }
  const field = annotation && screen.work?.field(annotation.field)
  const stream = annotation?.on?.stream ?? field?.on ?? null
  if (!annotation || !field || stream === null) return nowhere
  const kind = screen.kinds.get(annotation.kind)
  // A page of several, or a part of a text, has measures of its own.
  if (annotation.on?.part !== undefined) return { ...nowhere, stream }
  if (kind?.surface === 'text' && kind.check(annotation.value, field, {}).length === 0) {
    const [first] = kind.ranges(annotation.value)
    return { stream, region: null, span: first ? [first[0], first[1]] : null }
  }
  const bounds = screen.surfaces.get(stream)?.boundsOf?.(annotation.id)
  return { stream, span: null, region: bounds ? [bounds.minX, bounds.minY, bounds.maxX - bounds.minX, bounds.maxY - bounds.minY] : null }
}

/** Reads what is talked about, whether the panel is open or not. */
export function Pinned(): ReactNode {
  const screen = useScreen()
  const { beside } = screen.options
  const item = screen.work?.task.item.id
  return beside && item ? <Suspense><beside.Pinned key={item} item={item} pins={screen.pins} /></Suspense> : null
}

export function BesidePanel(): ReactNode {
  const screen = useScreen()
  const at = atOf(screen)
  const { beside } = screen.options
  return at && beside ? <Suspense><beside.Panel at={at} pins={screen.pins} nameless={beside.nameless === true} /></Suspense> : null
}

export function AskDialog(): ReactNode {
  const screen = useScreen()
  const at = atOf(screen)
  const { beside } = screen.options
  return at && beside ? <Suspense><beside.Ask at={at} onClose={() => screen.open(null)} /></Suspense> : null
}

export function HandOver(): ReactNode {
  const screen = useScreen()
  const { beside, projectId } = screen.options
  const item = screen.work?.task.item.id
  const handed = (): void => {
    screen.open(null)
    // The claim has ended on the server: what is left is to let go of the item here.
    void screen.session.giveBack()
  }
  return item && beside?.HandOver ? <Suspense><beside.HandOver project={projectId} item={item} onHanded={handed} onClose={() => screen.open(null)} /></Suspense> : null
}
