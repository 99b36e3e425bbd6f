// Pixels seen from afar: how much of each square of them is covered, for masks with too many edges to be drawn as lines.

import type { Point } from '../engine/gesture'
import type { Cover } from '../engine/kind'
import { ringsOf } from './outlines'
import { COLUMN, type PixelBox, type Pixels } from './runs'

/** Squares across a mask of which coarse rings are made. */
const COARSE = 160

/** How much of each square of `2 ** level` pixels, from the corner of the box on, is covered: row by row, 255 for all. */
export function coverOf(pixels: Pixels, [left, top, wide, high]: PixelBox, level: number): Cover {
  const side = 2 ** level
  const [width, height] = [Math.ceil(wide / side), Math.ceil(high / side)]
  const counts = new Uint32Array(width * height)
  for (let i = 0; i < pixels.length; i += 2) {
    const [start, end] = [pixels[i] ?? 0, pixels[i + 1] ?? 0]
    const x = Math.floor(start / COLUMN)
    const to = end - x * COLUMN - top
    let at = start - x * COLUMN - top
    for (let place = (at >> level) * width + ((x - left) >> level); at < to; place += width) {
      const next = Math.min(to, ((at >> level) + 1) << level)
      counts[place] = (counts[place] ?? 0) + next - at
      at = next
    }
  }
  const data = new Uint8Array(counts.length)
  const whole = side * side
  for (let i = 0; i < data.length; i += 1) data[i] = Math.min(255, Math.ceil((255 * (counts[i] ?? 0)) / whole))
  return { width, height, data }
}

/** Rings round what is covered by half at least, seen from as far as a small picture of it is. */
export function coarseRingsOf(pixels: Pixels, box: PixelBox): Point[][] {
  const level = Math.max(0, Math.ceil(Math.log2(Math.max(box[2], box[3]) / COARSE)))
  const { width, height, data } = coverOf(pixels, box, level)
  const found: number[] = []
  for (let x = 0; x < width; x += 1) {
    let was = false
    for (let y = 0; y <= height; y += 1) {
      const is = y < height && (data[y * width + x] ?? 0) > 127
      if (is !== was) found.push(x * COLUMN + y)
      was = is
    }
  }
  const [left, top, wide, high] = box
  const at = ({ x, y }: Point): Point => ({ x: left + Math.min(wide, x * 2 ** level), y: top + Math.min(high, y * 2 ** level) })
  return ringsOf(found).map((ring) => ring.map(at))
}
