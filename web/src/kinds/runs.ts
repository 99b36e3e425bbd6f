// Masks as runs: COCO's compressed strings, and sets of pixels that are joined and cut without a canvas.

/** Left, top, width and height in whole pixels. */
export type PixelBox = readonly [left: number, top: number, width: number, height: number]

/**
 * A set of pixels: begins and ends of its runs in turn, each within one column, in rising order. A place is
 * `x * COLUMN + y`; no picture is as high as a column, so that runs of two columns never touch.
 */
export type Pixels = Readonly<ArrayLike<number>>

export const COLUMN = 1 << 21
/** The longest side of a picture whose size is not known. */
export const LARGEST_PX = 1 << 20

const FIRST = 48
/** Characters of one number: more than the pixels of any picture. */
const LONGEST = 7

/**
 * Lengths of the runs of a compressed string, off and on in turn beginning with off; null where it is no such string.
 * It is the code of COCO's tools: numbers of 5 bits a character, lowest first, from the third on as differences to the
 * one before the last.
 */
export function decode(counts: string): number[] | null {
  const runs: number[] = []
  let [sum, place, length] = [0, 1, 0]
  for (let i = 0; i < counts.length; i += 1) {
    const digit = counts.charCodeAt(i) - FIRST
    if (digit < 0 || digit > 63 || length === LONGEST) return null
    sum += (digit & 0x1f) * place
    place *= 32
    length += 1
    if (digit & 0x20) continue
    if (digit & 0x10) sum -= place
    const run = sum + (runs.length > 2 ? (runs.at(-2) ?? 0) : 0)
    if (run < 0) return null
    runs.push(run)
    ;[sum, place, length] = [0, 1, 0]
  }
  return runs.length > 0 && length === 0 ? runs : null
}

const ascii = new TextDecoder()

/** The compressed string of runs; the inverse of `decode`. */
export function encode(runs: readonly number[]): string {
  const codes = new Uint8Array(runs.length * LONGEST)
  let length = 0
  for (let i = 0; i < runs.length; i += 1) {
    let rest = i > 2 ? (runs[i] ?? 0) - (runs[i - 2] ?? 0) : (runs[i] ?? 0)
    for (let isLast = false; !isLast; length += 1) {
      const low = Math.floor(rest / 32)
      const digit = rest - low * 32
      rest = low
      isLast = digit & 0x10 ? rest === -1 : rest === 0
      codes[length] = digit + FIRST + (isLast ? 0 : 0x20)
    }
  }
  return ascii.decode(codes.subarray(0, length))
}

/** The pixels of runs that fill a box. */
export function pixelsOf([left, top, , height]: PixelBox, runs: readonly number[]): number[] {
  const found: number[] = []
  let at = 0
  runs.forEach((run, i) => {
    const end = at + run
    for (; i % 2 === 1 && at < end; ) {
      const column = Math.floor(at / height)
      const stop = Math.min(end, (column + 1) * height)
      const base = (left + column) * COLUMN + top - column * height
      found.push(base + at, base + stop)
      at = stop
    }
    at = end
  })
  return found
}

/** The smallest box around pixels; null around none. */
export function boxOf(pixels: Pixels): PixelBox | null {
  if (pixels.length === 0) return null
  let [top, bottom] = [Infinity, 0]
  for (let i = 0; i < pixels.length; i += 2) {
    const y = (pixels[i] ?? 0) % COLUMN
    top = Math.min(top, y)
    bottom = Math.max(bottom, y + (pixels[i + 1] ?? 0) - (pixels[i] ?? 0))
  }
  const [left, right] = [Math.floor((pixels[0] ?? 0) / COLUMN), Math.floor((pixels[pixels.length - 2] ?? 0) / COLUMN)]
  return [left, top, right + 1 - left, bottom - top]
}

/** The runs of pixels in the box around them; the inverse of `pixelsOf`. */
export function runsOf(pixels: Pixels, [left, top, width, height]: PixelBox): number[] {
  const runs: number[] = []
  let at = 0
  for (let i = 0; i < pixels.length; i += 2) {
    const [start, end] = [pixels[i] ?? 0, pixels[i + 1] ?? 0]
    const column = Math.floor(start / COLUMN)
    const from = (column - left) * height + (start - column * COLUMN) - top
    if (runs.length > 0 && from === at) runs[runs.length - 1] = (runs.at(-1) ?? 0) + end - start
    else runs.push(from - at, end - start)
    at = from + end - start
  }
  if (at < width * height) runs.push(width * height - at)
  return runs
}

/** The pixels of which `keeps` holds, given whether they are in each of two sets; it must not hold for those in neither. */
export function combine(a: Pixels, b: Pixels, keeps: (inA: boolean, inB: boolean) => boolean): number[] {
  const found: number[] = []
  let [i, j, was] = [0, 0, false]
  while (i < a.length || j < b.length) {
    const at = Math.min(a[i] ?? Infinity, b[j] ?? Infinity)
    while (a[i] === at) i += 1
    while (b[j] === at) j += 1
    const is = keeps(i % 2 === 1, j % 2 === 1)
    if (is !== was) found.push(at)
    was = is
  }
  return found
}

export const both = (a: Pixels, b: Pixels): number[] => combine(a, b, (inA, inB) => inA || inB)
export const without = (a: Pixels, b: Pixels): number[] => combine(a, b, (inA, inB) => inA && !inB)

/** How many pixels there are. */
export function sizeOf(pixels: Pixels): number {
  let sum = 0
  for (let i = 0; i < pixels.length; i += 1) sum += (i % 2 === 0 ? -1 : 1) * (pixels[i] ?? 0)
  return sum
}

/** How many runs begin or end at a place or before it, by bisection; odd inside. */
function passed(pixels: Pixels, at: number): number {
  let [low, high] = [0, pixels.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((pixels[middle] ?? 0) <= at) low = middle + 1
    else high = middle
  }
  return low
}

export function has(pixels: Pixels, x: number, y: number): boolean {
  return y >= 0 && y < COLUMN && passed(pixels, Math.floor(x) * COLUMN + Math.floor(y)) % 2 === 1
}

/** Runs that may overlap, column by column, as a set. `columns` holds begins and ends in turn, in rows. */
export function fromColumns(columns: ReadonlyMap<number, readonly number[]>): number[] {
  const found: number[] = []
  for (const x of [...columns.keys()].sort((m, n) => m - n)) {
    const given = columns.get(x) ?? []
    if (given.length === 2 && (given[0] ?? 0) < (given[1] ?? 0)) {
      found.push(x * COLUMN + (given[0] ?? 0), x * COLUMN + (given[1] ?? 0))
      continue
    }
    const runs = Array.from({ length: given.length / 2 }, (_, i) => [given[2 * i] ?? 0, given[2 * i + 1] ?? 0] as const).sort((m, n) => m[0] - n[0])
    let last = -1
    for (const [start, end] of runs) {
      if (end <= start) continue
      if (last >= 0 && start <= last) found[found.length - 1] = x * COLUMN + (last = Math.max(last, end))
      else found.push(x * COLUMN + start, x * COLUMN + (last = end))
    }
  }
  return found
}

/** Whether two boxes have a pixel in common: a stroke costs nothing for masks that it is far from. */
export function meet(a: PixelBox, b: PixelBox): boolean {
  return a[0] < b[0] + b[2] && b[0] < a[0] + a[2] && a[1] < b[1] + b[3] && b[1] < a[1] + a[3]
}
