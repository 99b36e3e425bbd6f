// The outline of a set of pixels: closed rings along the edges of pixels, inner ones round holes.

import type { Point } from '../engine/gesture'
import { COLUMN, type Pixels } from './runs'

/** The rings round pixels, corner by corner. Filled by the even-odd rule they are exactly the pixels. */
export function ringsOf(pixels: Pixels): Point[][] {
  const edges = edgesOf(pixels)
  const rings: Point[][] = []
  for (const start of edges.begins()) for (let next = edges.take(start); next !== NONE; next = edges.take(start)) rings.push(straightened(follow(edges, start, next)))
  return rings
}

const NONE = -1

/**
 * Directed edges by where they begin; from a place where two corners of pixels meet there are two. A table in flat
 * arrays: a mask of a large picture has hundreds of thousands of edges, and they are traced after each stroke.
 */
class Edges {
  private readonly mask: number
  private readonly froms: Float64Array
  private readonly first: Float64Array
  private readonly second: Float64Array
  private readonly slots: number[] = []

  constructor(most: number) {
    const size = 2 ** Math.ceil(Math.log2(Math.max(2, 1.5 * most)))
    this.mask = size - 1
    this.froms = new Float64Array(size).fill(NONE)
    this.first = new Float64Array(size).fill(NONE)
    this.second = new Float64Array(size).fill(NONE)
  }

  put(from: number, to: number): void {
    const slot = this.slotOf(from)
    if (this.froms[slot] === NONE) {
      this.froms[slot] = from
      this.slots.push(slot)
    }
    if (this.first[slot] === NONE) this.first[slot] = to
    else this.second[slot] = to
  }

  /** Takes out the edge that was put last at a place and is left; `NONE` where there is none. */
  take(from: number): number {
    const slot = this.slotOf(from)
    const late = this.second[slot] === NONE ? this.first : this.second
    const to = late[slot] ?? NONE
    late[slot] = NONE
    return to
  }

  /** Where edges begin, as they were put. */
  *begins(): Generator<number, void, void> {
    for (const slot of this.slots) yield this.froms[slot] ?? NONE
  }

  private slotOf(place: number): number {
    const x = Math.floor(place / COLUMN)
    const mixed = Math.imul(x, 0x9e3779b1) + Math.imul(place - x * COLUMN, 0x85ebca6b)
    let slot = (mixed ^ (mixed >>> 15)) & this.mask
    while (this.froms[slot] !== NONE && this.froms[slot] !== place) slot = (slot + 1) & this.mask
    return slot
  }
}

/** Edges with the pixels to their right: along tops, down right sides, and back. */
function edgesOf(pixels: Pixels): Edges {
  const { right, left } = uprights(pixels)
  const edges = new Edges(pixels.length + (right.length + left.length) / 2)
  for (let i = 0; i < pixels.length; i += 2) {
    const [start, end] = [pixels[i] ?? 0, pixels[i + 1] ?? 0]
    edges.put(start, start + COLUMN)
    edges.put(end + COLUMN, end)
  }
  for (let i = 0; i < right.length; i += 2) edges.put(right[i] ?? 0, right[i + 1] ?? 0)
  for (let i = 0; i < left.length; i += 2) edges.put(left[i + 1] ?? 0, left[i] ?? 0)
  return edges
}

/** Where one column differs from the next to its right, there is an upright edge between them: begins and ends in turn. */
function uprights(pixels: Pixels): { readonly right: readonly number[]; readonly left: readonly number[] } {
  const [right, left]: [number[], number[]] = [[], []]
  let [i, j, wasRight, wasLeft] = [0, 0, false, false]
  while (i < pixels.length || j < pixels.length) {
    const [a, b] = [i < pixels.length ? (pixels[i] ?? 0) + COLUMN : Infinity, j < pixels.length ? (pixels[j] ?? 0) : Infinity]
    if (a <= b) i += 1
    if (b <= a) j += 1
    const [isRight, isLeft] = [i % 2 === 1 && j % 2 === 0, j % 2 === 1 && i % 2 === 0]
    if (isRight !== wasRight) right.push(Math.min(a, b))
    if (isLeft !== wasLeft) left.push(Math.min(a, b))
    wasRight = isRight
    wasLeft = isLeft
  }
  return { right, left }
}

function follow(edges: Edges, start: number, next: number): number[] {
  const ring = [start]
  for (let at = next; at !== NONE && at !== start; at = edges.take(at)) ring.push(at)
  return ring
}

/** Places as points, without those on straight lines. */
function straightened(ring: readonly number[]): Point[] {
  const found: Point[] = []
  const end = ring.length - 1
  let before = ring[end] ?? 0
  for (let i = 0; i <= end; i += 1) {
    const [at, after] = [ring[i] ?? 0, ring[i === end ? 0 : i + 1] ?? 0]
    const [x, y] = [Math.floor(at / COLUMN), at % COLUMN]
    const isOnLine = (Math.floor(before / COLUMN) === x && Math.floor(after / COLUMN) === x) || (before % COLUMN === y && after % COLUMN === y)
    if (!isOnLine) found.push({ x, y })
    before = at
  }
  return found
}
