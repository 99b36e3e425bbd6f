// What stands around a stream and its parts: what is known of the item, what is asked of a part, what was said of it.

import type { ReactNode } from 'react'
import type { PartMark } from '../../../engine/kind'
import { nameOf } from '../../../engine/parts'
import type { TaskStream } from '../../../engine/types'
import type { Work } from '../../../engine/work'
import { askedNow, drawnFields, formFields } from '../fields'
import { PartCells } from '../PartCells'
import type { Screen } from '../screen'
import type { StreamProps } from './props'

/** What every surface is given on which something is drawn or marked. */
export function drawnOn({ screen, work, stream, announce, onControls, onActivity }: StreamProps) {
  return { work, view: screen.view, kinds: screen.kinds, stream, announce, onControls, onActivity, disabled: work.isFinal }
}

/** What is asked of each part of a stream, by its key. */
export function underPart(stream: string, content: TaskStream): (part: string) => ReactNode {
  const all = Object.values(content.facts.each ?? {})
  return (part) => <PartCells stream={stream} part={part} name={all[0] ? nameOf(all[0], part) : part} />
}

/** Whether words of a stream are marked: then it is shown as it was written, letter by letter. */
export function isMarked(screen: Screen, stream: string): boolean {
  return drawnFields(screen).some((field) => field.on === stream && screen.kinds.get(field.kind)?.surface === 'text')
}

/** What the answers so far say of one candidate. */
export function markOf(screen: Screen, work: Work, stream: string, key: string): PartMark | null {
  for (const field of askedNow(work, formFields(screen)).filter((f) => f.on === stream)) {
    const kind = screen.kinds.get(field.kind)
    const value = work.answer(field)
    const mark = kind?.surface === 'form' && value !== undefined ? kind.markOf?.(value, key, field) : null
    if (mark) return mark
  }
  return null
}

/** A few of the item's metadata. */
export function Known({ work }: { work: Work }): ReactNode {
  const known = Object.entries(work.task.item.metadata).filter(([, value]) => typeof value === 'string' || typeof value === 'number').slice(0, 5)
  return known.map(([key, value]) => (
    <span key={key}>
      {key} <bdi>{String(value)}</bdi>
    </span>
  ))
}
