// Pixels on either side of a line: a line parts neighbours whose middles it passes between.

import type { Point } from '../engine/gesture'
import type { Line } from '../engine/kind'
import { COLUMN, type PixelBox, type Pixels, sizeOf } from './runs'

type Pair = readonly [number, number]

/** A step from a pixel to a neighbour, and on which family of straight lines the middles of both lie. */
interface Step {
  readonly by: Pair
  row(x: number, y: number): number
  along(x: number, y: number): number
  /** The pixel from which the step goes, by its row and its place in it. */
  start(row: number, at: number): Pair
}

const STEPS: readonly Step[] = [
  { by: [1, 0], row: (_x, y) => y, along: (x) => x, start: (row, at) => [at, row] },
  { by: [0, 1], row: (x) => x, along: (_x, y) => y, start: (row, at) => [row, at] },
  { by: [1, 1], row: (x, y) => x - y, along: (x) => x, start: (row, at) => [at, at - row] },
  { by: [-1, 1], row: (x, y) => x + y, along: (_x, y) => y, start: (row, at) => [row - at, at] },
]

/** A line through the middle of a pixel would be on both sides of it: it is moved by so little that none is passed. */
const ASIDE = { x: 0.00137, y: 0.00071 }

/** Pixels of a box as a grid, with the neighbours that a line parts and the side on which the first of each two lies. */
interface Grid {
  readonly width: number
  readonly height: number
  readonly on: Uint8Array
  readonly parted: ReadonlyMap<number, number>
}

/**
 * The pixels to the left of a line and those to its right, the more first; what it does not touch stays with them. None
 * where it cuts nothing through: it must pass the whole of what is joined, by sides or by corners.
 */
export function sides(pixels: Pixels, [left, top, width, height]: PixelBox, line: Line): number[][] {
  const parted = partedBy(line.map(([x, y]) => ({ x: x - left - 0.5 + ASIDE.x, y: y - top - 0.5 + ASIDE.y })), width, height)
  const grid: Grid = { width, height, on: gridOf(pixels, left, top, width, height), parted }
  const { names, count } = pieces(grid)
  const signs = signsOf(grid, names, count)
  const found = [1, -1].map((sign) => picked(names, grid, left, top, (name) => Math.sign(signs[name] ?? 0) === sign))
  const [more, fewer] = found.toSorted((a, b) => sizeOf(b) - sizeOf(a))
  if (!more || !fewer || fewer.length === 0) return []
  const sign = more === found[0] ? 1 : -1
  return [picked(names, grid, left, top, (name) => [0, sign].includes(Math.sign(signs[name] ?? 0))), fewer]
}

function gridOf(pixels: Pixels, left: number, top: number, width: number, height: number): Uint8Array {
  const on = new Uint8Array(width * height)
  for (let i = 0; i < pixels.length; i += 2) {
    const start = pixels[i] ?? 0
    const x = Math.floor(start / COLUMN) - left
    const from = x * height + (start % COLUMN) - top
    on.fill(1, from, from + (pixels[i + 1] ?? 0) - start)
  }
  return on
}

/** Neighbours, by the pixel and the step, between whose middles a line passes an odd number of times. */
function partedBy(line: readonly Point[], width: number, height: number): Map<number, number> {
  const parted = new Map<number, number>()
  line.slice(1).forEach((b, i) => {
    const a = line[i] ?? b
    STEPS.forEach((step, s) => {
      const [from, to] = [step.row(a.x, a.y), step.row(b.x, b.y)]
      for (let row = Math.ceil(Math.min(from, to)); row < Math.max(from, to); row += 1) {
        const share = (row - from) / (to - from)
        const [x, y] = step.start(row, Math.floor(step.along(a.x + share * (b.x - a.x), a.y + share * (b.y - a.y))))
        if (x < 0 || y < 0 || x >= width || y >= height) continue
        const key = (x * height + y) * STEPS.length + s
        if (!parted.delete(key)) parted.set(key, Math.sign((b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x)) || 1)
      }
    })
  })
  return parted
}

/** Gives each pixel the number of the piece that it belongs to, from 1; pixels that are off have 0. */
function pieces({ width, height, on, parted }: Grid): { names: Int32Array; count: number } {
  const names = new Int32Array(width * height)
  let count = 0
  for (let seed = 0; seed < names.length; seed += 1) {
    if (on[seed] !== 1 || names[seed] !== 0) continue
    count += 1
    names[seed] = count
    const open = [seed]
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      for (const next of neighbours(at, width, height, parted)) {
        if (on[next] !== 1 || names[next] !== 0) continue
        names[next] = count
        open.push(next)
      }
    }
  }
  return { names, count }
}

function neighbours(at: number, width: number, height: number, parted: ReadonlyMap<number, number>): number[] {
  const [x, y] = [Math.floor(at / height), at % height]
  const found: number[] = []
  STEPS.forEach(({ by: [dx, dy] }, s) => {
    if (isIn(x + dx, y + dy, width, height) && !parted.has(at * STEPS.length + s)) found.push(at + dx * height + dy)
    const before = at - dx * height - dy
    if (isIn(x - dx, y - dy, width, height) && !parted.has(before * STEPS.length + s)) found.push(before)
  })
  return found
}

function isIn(x: number, y: number, width: number, height: number): boolean {
  return x >= 0 && y >= 0 && x < width && y < height
}

/** On which side each piece lies, by its parted neighbours: above 0 on one, below 0 on the other, 0 on neither or both. */
function signsOf({ width, height, on, parted }: Grid, names: Int32Array, count: number): Int32Array {
  const signs = new Int32Array(count + 1)
  for (const [key, sign] of parted) {
    const at = Math.floor(key / STEPS.length)
    const step = STEPS[key % STEPS.length]
    if (!step || !isIn(Math.floor(at / height) + step.by[0], (at % height) + step.by[1], width, height)) continue
    const next = at + step.by[0] * height + step.by[1]
    if (on[at] !== 1 || on[next] !== 1) continue
    signs[names[at] ?? 0] = (signs[names[at] ?? 0] ?? 0) + sign
    signs[names[next] ?? 0] = (signs[names[next] ?? 0] ?? 0) - sign
  }
  return signs
}

/** The pixels of the pieces that are meant, as runs. */
function picked(names: Int32Array, { width, height }: Grid, left: number, top: number, isMeant: (name: number) => boolean): number[] {
  const found: number[] = []
  for (let x = 0; x < width; x += 1) {
    let was = false
    for (let y = 0; y <= height; y += 1) {
      const name = y < height ? (names[x * height + y] ?? 0) : 0
      const is = name > 0 && isMeant(name)
      if (is !== was) found.push((left + x) * COLUMN + top + y)
      was = is
    }
  }
  return found
}
