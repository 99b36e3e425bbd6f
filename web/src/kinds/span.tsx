// A span: segments of a text, counted in Unicode code points, half-open.

import type { Join, Range, TextKind } from '../engine/kind'
import { isList, problem } from '../engine/problem'
import type { Facts, Json, Problem } from '../engine/types'

export type Span = readonly Range[]

const LONGEST = 2 ** 31 - 1

function check(value: Json, _field: unknown, facts: Facts): Problem[] {
  if (!isList(value)) return [problem('', value, 'a list', 'Give segments as [[start, end], …].')]
  const shape = value.flatMap(misshapen)
  if (shape.length > 0) return shape.slice(0, 1)
  if (value.length === 0) return [problem('', value, 'at least one segment', 'Mark some text, or remove the annotation.')]
  const length = facts.length ?? LONGEST
  const found: Problem[] = []
  let before = 0
  for (const [index, [start, end]] of (value as unknown as Span).entries()) {
    // Segments are pairs of whole numbers, just tested.
    if (before <= start && start < end && end <= length) before = end
    else {
      found.push(wrong(index, [start, end], before, length))
      before = Math.max(before, Math.min(end, length))
    }
  }
  return found
}

function misshapen(segment: Json, index: number): Problem[] {
  if (!isList(segment)) return [problem(`[${index}]`, segment, 'a list', 'Give each segment as [start, end].')]
  if (segment.length !== 2) return [problem(`[${index}]`, segment, 'a list of length 2', 'Give each segment as [start, end].')]
  return segment.flatMap((end, k) => (Number.isInteger(end) ? [] : [problem(`[${index}][${k}]`, end, 'a whole number', 'Count code points.')]))
}

function wrong(index: number, [start, end]: Range, before: number, length: number): Problem {
  if (start < 0 || start > length) return problem(`[${index}][0]`, start, `0 to ${length}`, 'Count code points from the start of the text.')
  if (end < 0 || end > length) return problem(`[${index}][1]`, end, `0 to ${length}`, 'Count code points; the text ends earlier.')
  if (start >= end) return problem(`[${index}][1]`, end, `more than start (${start})`, 'Give the segment a length, or remove it.')
  return problem(`[${index}][0]`, start, `${before} or more`, 'Sort the segments and join those that overlap.')
}

/** The characters of both, in as few segments as hold them; segments that touch become one. */
function united(value: Span, drawn: Span): Span & Json {
  const kept: (readonly [number, number])[] = []
  for (const [start, end] of [...value, ...drawn].sort((a, b) => a[0] - b[0])) {
    const last = kept.at(-1)
    if (last && start <= last[1]) kept[kept.length - 1] = [last[0], Math.max(last[1], end)]
    else kept.push([start, end])
  }
  return kept
}

function reaching(value: Span, start: number, end: number): (Span & Json) | null {
  const moved = value.map(([a, b], i): Range => [i === 0 ? start : a, i === value.length - 1 ? end : b])
  return moved.every(([a, b]) => a < b) ? moved : null
}

const SEGMENT: Join<Span & Json> = { id: 'segment', title: 'Add a segment', key: 'Shift+A', icon: 'parts', join: united }

export const span: TextKind<Span & Json> = {
  name: 'span',
  version: 1,
  title: 'Span',
  surface: 'text',
  tool: { title: 'Span', key: 'T', icon: 'text' },
  check,
  ranges: (value) => value,
  fromSelection: (range) => [range],
  reaching,
  joins: [SEGMENT],
  clusters: (field) => field.options['clusters'] === true,
}
