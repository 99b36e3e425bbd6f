// Spans of a document as shapes of a page: drawn over their words, marked by a drag from word to word, pulled at both ends.

import type { Gesture, Point } from '../../engine/gesture'
import type { CanvasKind, Handle, Range, TextKind } from '../../engine/kind'
import type { Json } from '../../engine/types'
import type { PageWords } from './words'

/** A drag of less is a click, in units of the page. */
const CLICK = 3
/** How far beside a word a click still means it. */
const NEAR = 2

/** A kind of text as one of the canvas, on one page. A click on a word that `isTaken` chooses what is there. */
export function markedOn(kind: TextKind, words: PageWords, isTaken: (range: Range) => boolean): CanvasKind {
  const rangesOf = (value: Json): readonly Range[] => kind.ranges(value)
  const made = (a: number, b: number): Json | null => {
    const range = words.between(a, b)
    return range && kind.fromSelection(range)
  }
  function* draw(start: Point): Gesture<Json> {
    const first = words.nearest(start)
    let [last, far] = [first, false]
    for (;;) {
      const input = yield far ? made(first, last) : null
      if (input.type === 'cancel' || first < 0) return null
      if (input.type !== 'move' && input.type !== 'up') continue
      far ||= Math.hypot(input.point.x - start.x, input.point.y - start.y) > CLICK
      last = words.nearest(input.point)
      if (input.type === 'up') return far ? made(first, last) : clicked(start)
    }
  }
  const clicked = (at: Point): Json | null => {
    const under = words.under(at, NEAR)
    const range = under < 0 ? null : words.between(under, under)
    return range === null || isTaken(range) ? null : kind.fromSelection(range)
  }
  return {
    ...(kind.joins ? { joins: kind.joins } : {}),
    name: kind.name,
    version: kind.version,
    title: kind.title,
    surface: 'canvas',
    tool: kind.tool,
    check: kind.check,
    isShape: (value) => value !== null && typeof value === 'object',
    draw,
    outline: (value) => (value === null ? [] : words.boxes(rangesOf(value))),
    handles: (value) => endsOf(words, rangesOf(value)),
    moveHandle: (value, handle, to) => {
      const word = words.words[words.nearest(to)]
      const ranges = rangesOf(value)
      const [start, end] = [ranges[0]?.[0] ?? 0, ranges.at(-1)?.[1] ?? 0]
      if (!word) return value
      const moved = handle === 'start' ? kind.reaching(value, word[0], end) : kind.reaching(value, start, word[1])
      return moved ?? value
    },
    // Words stay where they are; a span is marked anew or pulled at its ends.
    moveBy: (value) => value,
  }
}

/** Handles where the first range begins and the last one ends, each on the page that it is on. */
function endsOf(words: PageWords, ranges: readonly Range[]): Handle[] {
  const boxes = words.boxes(ranges)
  const [first, last] = [boxes[0], boxes.at(-1)]
  const [start, end] = [ranges[0]?.[0] ?? 0, ranges.at(-1)?.[1] ?? 0]
  const here = (at: number): boolean => words.words.some((word) => word[0] <= at && at <= word[1])
  const found: Handle[] = []
  if (first && here(start)) found.push({ id: 'start', point: { x: first.left, y: (first.top + first.bottom) / 2 }, cursor: 'ew-resize' })
  if (last && here(end)) found.push({ id: 'end', point: { x: last.right, y: (last.top + last.bottom) / 2 }, cursor: 'ew-resize' })
  return found
}
