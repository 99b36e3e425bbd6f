// The outline of a set of pixels: closed rings along the edges of pixels, inner ones round holes.

import type { Point } from '../engine/gesture'
import { COLUMN, combine, type Pixels } from './runs'

/** The rings round pixels, corner by corner. Filled by the even-odd rule they are exactly the pixels. */
export function ringsOf(pixels: Pixels): Point[][] {
  const next = edgesOf(pixels)
  const rings: Point[][] = []
  for (const [start, ends] of next) while (ends.length > 0) rings.push(straightened(follow(next, start)))
  return rings
}

/** Directed edges by where they begin, with the pixels to their right: along tops, down right sides, and back. */
function edgesOf(pixels: Pixels): Map<number, number[]> {
  const next = new Map<number, number[]>()
  const edge = (from: number, to: number): void => {
    const known = next.get(from)
    if (known) known.push(to)
    else next.set(from, [to])
  }
  for (let i = 0; i < pixels.length; i += 2) {
    const [start, end] = [pixels[i] ?? 0, pixels[i + 1] ?? 0]
    edge(start, start + COLUMN)
    edge(end + COLUMN, end)
  }
  // Where one column differs from the next to its right, there is an upright edge between them.
  const moved = pixels.map((at) => at + COLUMN)
  const right = combine(moved, pixels, (isLeft, isRight) => isLeft && !isRight)
  const left = combine(moved, pixels, (isLeft, isRight) => isRight && !isLeft)
  for (let i = 0; i < right.length; i += 2) edge(right[i] ?? 0, right[i + 1] ?? 0)
  for (let i = 0; i < left.length; i += 2) edge(left[i + 1] ?? 0, left[i] ?? 0)
  return next
}

function follow(next: Map<number, number[]>, start: number): number[] {
  const ring = [start]
  for (;;) {
    const at = next.get(ring.at(-1) ?? start)?.pop()
    if (at === undefined || at === start) return ring
    ring.push(at)
  }
}

/** Places as points, without those on straight lines. */
function straightened(ring: readonly number[]): Point[] {
  const points = ring.map((at) => ({ x: Math.floor(at / COLUMN), y: at % COLUMN }))
  return points.filter((p, i) => {
    const [before, after] = [points.at(i - 1) ?? p, points[(i + 1) % points.length] ?? p]
    return !((before.x === p.x && p.x === after.x) || (before.y === p.y && p.y === after.y))
  })
}
