// The words that a span marks, for lists; null for what lies on a picture.

import type { Kinds } from '../../engine/check'
import { CodePoints } from '../../engine/codepoints'
import { idsOf, linkOf } from '../../engine/links'
import type { Annotation, Id } from '../../engine/types'
import type { Work } from '../../engine/work'

const MOST = 120
/** Of an order, so many of what stands in it are named. */
const MOST_ENDS = 6
const points = new Map<string, CodePoints>()

export function excerptOf(annotation: Annotation, work: Work, kinds: Kinds): string | null {
  const kind = kinds.get(annotation.kind)
  const field = work.field(annotation.field)
  if (linkOf(annotation, kinds) !== null) return betweenWords(annotation, work, kinds)
  const text = work.textOf(annotation)
  if (kind?.surface !== 'text' || field === null || text === undefined || kind.check(annotation.value, field, {}).length > 0) return null
  const counted = counter(text)
  return kind.ranges(annotation.value).map(([start, end]) => counted.slice(start, Math.min(end, start + MOST))).join(' … ').replace(/\s+/g, ' ')
}

/** What a link is between: "spironolactone → low potassium". */
function betweenWords(annotation: Annotation, work: Work, kinds: Kinds): string {
  const field = work.field(annotation.field)
  const kind = kinds.get(annotation.kind)
  const arrow = kind?.surface === 'link' && field !== null && !kind.isDirected(field) ? ' – ' : ' → '
  const ids = idsOf(annotation, kinds)
  return [...ids.slice(0, MOST_ENDS).map((id) => nameOf(id, work, kinds)), ...(ids.length > MOST_ENDS ? ['…'] : [])].join(arrow)
}

function nameOf(id: Id, work: Work, kinds: Kinds): string {
  const end = work.store.get(id)
  if (end === null) return '?'
  const label = work.field(end.field)?.labels.find((l) => l.key === end.label)
  return excerptOf(end, work, kinds) ?? `${label?.title ?? end.label ?? end.field} ${work.store.numberOf(id)}`
}

/** Counting a long text takes a moment, so the last few are kept. */
function counter(text: string): CodePoints {
  const made = points.get(text) ?? new CodePoints(text)
  if (points.size > 4) points.clear()
  points.set(text, made)
  return made
}
