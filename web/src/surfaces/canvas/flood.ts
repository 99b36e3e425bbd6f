// What of a picture is alike around a point: the pixels joined to it whose colour differs little from its own.

import type { Point } from '../../engine/gesture'
import type { Drawn, Size } from '../../engine/kind'

export interface Pixels extends Size {
  /** Red, green, blue and opacity of each pixel, row by row. */
  readonly data: Uint8ClampedArray
}

/** A part of a picture and which of its pixels are meant, row by row. */
export interface Flooded extends Size {
  readonly left: number
  readonly top: number
  readonly on: Uint8Array
}

/** Fills from a pixel to all that are joined to it by their sides and differ by at most so much in any colour, 0 to 255. */
export function flood({ data, width, height }: Pixels, from: Point, tolerance: number): Flooded | null {
  const [x0, y0] = [Math.floor(from.x), Math.floor(from.y)]
  if (x0 < 0 || y0 < 0 || x0 >= width || y0 >= height) return null
  const seed = 4 * (y0 * width + x0)
  const [red, green, blue] = [data[seed] ?? 0, data[seed + 1] ?? 0, data[seed + 2] ?? 0]
  const isAlike = (at: number): boolean =>
    Math.abs((data[4 * at] ?? 0) - red) <= tolerance && Math.abs((data[4 * at + 1] ?? 0) - green) <= tolerance && Math.abs((data[4 * at + 2] ?? 0) - blue) <= tolerance
  const seen = new Uint8Array(width * height)
  let [left, top, right, bottom] = [x0, y0, x0, y0]
  const starts = [y0 * width + x0]
  for (let at = starts.pop(); at !== undefined; at = starts.pop()) {
    if (seen[at] === 1) continue
    const row = at - (at % width)
    let [first, last] = [at, at]
    while (first > row && isAlike(first - 1)) first -= 1
    while (last < row + width - 1 && isAlike(last + 1)) last += 1
    seen.fill(1, first, last + 1)
    ;[left, right] = [Math.min(left, first - row), Math.max(right, last - row)]
    ;[top, bottom] = [Math.min(top, row / width), Math.max(bottom, row / width)]
    for (const step of [-width, width]) {
      if (first + step < 0 || first + step >= seen.length) continue
      // One start for each run of the next row is enough: the run finds its own ends.
      let wasAlike = false
      for (let near = first + step; near <= last + step; near += 1) {
        const is = seen[near] === 0 && isAlike(near)
        if (is && !wasAlike) starts.push(near)
        wasAlike = is
      }
    }
  }
  const size = { width: right + 1 - left, height: bottom + 1 - top }
  const on = new Uint8Array(size.width * size.height)
  for (let y = 0; y < size.height; y += 1) on.set(seen.subarray((top + y) * width + left, (top + y) * width + right + 1), y * size.width)
  return { left, top, ...size, on }
}

/** Its runs, off and on in turn beginning with off, column by column. */
export function columnRuns({ on, width, height }: Flooded): number[] {
  const runs = [0]
  let was = 0
  for (let x = 0; x < width; x += 1) {
    for (let y = 0; y < height; y += 1) {
      const is = on[y * width + x] ?? 0
      if (is !== was) runs.push(0)
      runs[runs.length - 1] = (runs.at(-1) ?? 0) + 1
      was = is
    }
  }
  return runs
}

/** A stroke that covers it. */
export function drawnOf(found: Flooded): Extract<Drawn<never>, { type: 'runs' }> {
  const { left, top, width, height } = found
  return { type: 'runs', from: { x: left, y: top }, size: { width, height }, runs: columnRuns(found) }
}
