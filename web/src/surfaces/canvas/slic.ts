// Superpixels: a picture in pieces of about one size that keep to its edges, by SLIC.

import type { Pixels } from './flood'

/** How much nearness counts against likeness of colour: what Achanta et al. take for most pictures. */
const COMPACTNESS = 10
const ROUNDS = 10

/**
 * The number of the superpixel of each pixel, row by row, from 0, for superpixels about `step` pixels across.
 *
 * Simple linear iterative clustering (Achanta, Shaji, Smith, Lucchi, Fua and Süsstrunk 2012, IEEE TPAMI 34(11)): k-means
 * of colour in CIELAB and place, in which a centre looks only at pixels within `step` of it; pieces that are not joined
 * to their superpixel, or smaller than a quarter of one, go to a neighbour afterwards, so that each is in one piece.
 */
export function superpixels(pixels: Pixels, step: number): Int32Array {
  const { width, height } = pixels
  const lab = labOf(pixels)
  const centres = seeded(lab, width, height, step)
  const nearest = new Int32Array(width * height)
  const distance = new Float32Array(width * height)
  for (let round = 0; round < ROUNDS; round += 1) {
    assign(lab, width, height, step, centres, nearest, distance)
    recentre(lab, width, nearest, centres)
  }
  return joined(nearest, width, (step * step) / 4)
}

/** Colour and place of a centre, five numbers each: L, a, b, x, y. */
type Centres = Float64Array

/** On a grid, each moved to the place around it where the picture changes least: not onto an edge. */
function seeded(lab: Float32Array, width: number, height: number, step: number): Centres {
  const [across, down] = [Math.max(1, Math.round(width / step)), Math.max(1, Math.round(height / step))]
  const centres = new Float64Array(across * down * 5)
  let n = 0
  for (let j = 0; j < down; j += 1) {
    for (let i = 0; i < across; i += 1) {
      const [x, y] = calmest(lab, width, height, Math.floor(((i + 0.5) * width) / across), Math.floor(((j + 0.5) * height) / down))
      const at = 3 * (y * width + x)
      centres.set([lab[at] ?? 0, lab[at + 1] ?? 0, lab[at + 2] ?? 0, x, y], 5 * n)
      n += 1
    }
  }
  return centres
}

function calmest(lab: Float32Array, width: number, height: number, x0: number, y0: number): [number, number] {
  let [best, least]: [[number, number], number] = [[x0, y0], Infinity]
  for (let y = Math.max(1, y0 - 1); y <= Math.min(height - 2, y0 + 1); y += 1) {
    for (let x = Math.max(1, x0 - 1); x <= Math.min(width - 2, x0 + 1); x += 1) {
      const at = y * width + x
      const change = apart(lab, at - 1, at + 1) + apart(lab, at - width, at + width)
      if (change < least) [best, least] = [[x, y], change]
    }
  }
  return best
}

function apart(lab: Float32Array, a: number, b: number): number {
  let sum = 0
  for (let k = 0; k < 3; k += 1) sum += ((lab[3 * a + k] ?? 0) - (lab[3 * b + k] ?? 0)) ** 2
  return sum
}

function assign(lab: Float32Array, width: number, height: number, step: number, centres: Centres, nearest: Int32Array, distance: Float32Array): void {
  distance.fill(Infinity)
  const weight = (COMPACTNESS / step) ** 2
  for (let n = 0; 5 * n < centres.length; n += 1) {
    const [l = 0, a = 0, b = 0, cx = 0, cy = 0] = centres.subarray(5 * n, 5 * n + 5)
    const [left, right] = [Math.max(0, Math.floor(cx - step)), Math.min(width - 1, Math.ceil(cx + step))]
    const [top, bottom] = [Math.max(0, Math.floor(cy - step)), Math.min(height - 1, Math.ceil(cy + step))]
    for (let y = top; y <= bottom; y += 1) {
      for (let x = left; x <= right; x += 1) {
        const at = y * width + x
        const colour = ((lab[3 * at] ?? 0) - l) ** 2 + ((lab[3 * at + 1] ?? 0) - a) ** 2 + ((lab[3 * at + 2] ?? 0) - b) ** 2
        const far = colour + weight * ((x - cx) ** 2 + (y - cy) ** 2)
        if (far >= (distance[at] ?? 0)) continue
        distance[at] = far
        nearest[at] = n
      }
    }
  }
}

function recentre(lab: Float32Array, width: number, nearest: Int32Array, centres: Centres): void {
  const sums = new Float64Array(centres.length)
  const counts = new Float64Array(centres.length / 5)
  for (let at = 0; at < nearest.length; at += 1) {
    const n = nearest[at] ?? 0
    counts[n] = (counts[n] ?? 0) + 1
    for (let k = 0; k < 3; k += 1) sums[5 * n + k] = (sums[5 * n + k] ?? 0) + (lab[3 * at + k] ?? 0)
    sums[5 * n + 3] = (sums[5 * n + 3] ?? 0) + (at % width)
    sums[5 * n + 4] = (sums[5 * n + 4] ?? 0) + Math.floor(at / width)
  }
  for (let i = 0; i < centres.length; i += 1) {
    const count = counts[Math.floor(i / 5)] ?? 0
    if (count > 0) centres[i] = (sums[i] ?? 0) / count
  }
}

/** Numbers pieces anew, each in one piece; those smaller than `least` pixels take the number of the piece before them. */
function joined(nearest: Int32Array, width: number, least: number): Int32Array {
  const found = new Int32Array(nearest.length).fill(-1)
  let count = 0
  for (let seed = 0; seed < found.length; seed += 1) {
    if (found[seed] !== -1) continue
    const before = seed % width > 0 ? (found[seed - 1] ?? 0) : seed >= width ? (found[seed - width] ?? 0) : 0
    const piece = [seed]
    found[seed] = count
    for (let i = 0; i < piece.length; i += 1) {
      const at = piece[i] ?? 0
      const x = at % width
      for (const next of [x > 0 ? at - 1 : -1, x < width - 1 ? at + 1 : -1, at - width, at + width]) {
        if (next < 0 || next >= found.length || found[next] !== -1 || nearest[next] !== nearest[at]) continue
        found[next] = count
        piece.push(next)
      }
    }
    if (piece.length < least && count > 0) for (const at of piece) found[at] = before
    else count += 1
  }
  return found
}

/** CIELAB of sRGB under D65, three numbers a pixel. */
function labOf({ data, width, height }: Pixels): Float32Array {
  const lab = new Float32Array(3 * width * height)
  for (let at = 0; at < width * height; at += 1) {
    const [r, g, b] = [LINEAR[data[4 * at] ?? 0] ?? 0, LINEAR[data[4 * at + 1] ?? 0] ?? 0, LINEAR[data[4 * at + 2] ?? 0] ?? 0]
    const x = root((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505)
    const y = root(0.2126 * r + 0.7152 * g + 0.0722 * b)
    const z = root((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089)
    lab[3 * at] = 116 * y - 16
    lab[3 * at + 1] = 500 * (x - y)
    lab[3 * at + 2] = 200 * (y - z)
  }
  return lab
}

const LINEAR = Float64Array.from({ length: 256 }, (_, i) => (i / 255 <= 0.04045 ? i / 255 / 12.92 : ((i / 255 + 0.055) / 1.055) ** 2.4))

function root(t: number): number {
  return t > 216 / 24389 ? Math.cbrt(t) : (24389 / 27 / 116) * t + 16 / 116
}
