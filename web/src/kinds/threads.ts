// Lines of points cut where another line crosses them, and joined end to end.

import type { Line } from '../engine/kind'
import { meeting } from './faces'
import { isSame, type Place, type Ring } from './rings'

/** The pieces between the places where another line crosses, the longest first; none where it does not cross. */
export function cutPoints(points: Ring, line: Line): Ring[] {
  const cuts = points.slice(1).flatMap((q, i) => {
    const p = points[i] ?? q
    const met = line.slice(1).map((b, j) => meeting(p, q, line[j] ?? b, b)).filter((one) => one !== null)
    return met.toSorted((a, b) => a.share - b.share).map(({ place }) => ({ after: i, place }))
  })
  const pieces = [...cuts, null].map((end, n) => {
    const start = cuts[n - 1]
    const own = points.slice(start ? start.after + 1 : 0, end ? end.after + 1 : undefined)
    return withoutRepeats([...(start ? [start.place] : []), ...own, ...(end ? [end.place] : [])])
  })
  const left = pieces.filter((piece) => piece.length > 1)
  return left.length < 2 ? [] : left.toSorted((a, b) => lengthOf(b) - lengthOf(a))
}

/** One line through all, which joins the two nearest ends first; with a direction, only an end to a beginning. */
export function endToEnd(lines: readonly Ring[], isDirected: boolean): Ring {
  const left = [...lines]
  while (left.length > 1) {
    const pairs = left.flatMap((a, i) => left.flatMap((b, j) => (i === j ? [] : ways(a, b, isDirected).map((way) => ({ i, j, ...way })))))
    const best = pairs.reduce((m, pair) => (pair.gap < m.gap ? pair : m))
    const rest = left.filter((_, n) => n !== best.i && n !== best.j)
    left.splice(0, left.length, withoutRepeats([...best.first, ...best.then]), ...rest)
  }
  return left[0] ?? []
}

interface Way {
  readonly first: Ring
  readonly then: Ring
  readonly gap: number
}

/** Ways to go from one line on to another; the first is turned round only where direction means nothing. */
function ways(a: Ring, b: Ring, isDirected: boolean): Way[] {
  const orders = isDirected ? [[a, b] as const] : [[a, b], [a, b.toReversed()], [a.toReversed(), b], [a.toReversed(), b.toReversed()]] as const
  return orders.map(([first, then]) => {
    const [end, start] = [first.at(-1) ?? [0, 0], then[0] ?? [0, 0]]
    return { first, then, gap: Math.hypot(end[0] - start[0], end[1] - start[1]) }
  })
}

function lengthOf(points: Ring): number {
  return points.slice(1).reduce((sum, [x, y], i) => sum + Math.hypot(x - (points[i]?.[0] ?? x), y - (points[i]?.[1] ?? y)), 0)
}

function withoutRepeats(places: readonly Place[]): Place[] {
  return places.filter((p, i) => i === 0 || !isSame(p, places[i - 1] ?? p))
}
