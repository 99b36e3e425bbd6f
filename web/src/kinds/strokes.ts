// Which pixels a stroke covers: the way of a round brush, or what lies in a ring.

import type { Point } from '../engine/gesture'
import type { Size } from '../engine/kind'
import { fromColumns } from './runs'

/** A brush of less would miss every middle of a pixel between four of them. */
const LEAST_RADIUS = Math.SQRT1_2

/** The pixels whose middle lies within a radius of a way. */
export function alongWay(way: readonly Point[], radius: number, size: Size): number[] {
  const r = Math.max(radius, LEAST_RADIUS)
  const columns = new Map<number, number[]>()
  way.forEach((b, i) => cover(columns, way[i - 1] ?? b, b, r, size))
  return fromColumns(columns)
}

/** A capsule: all that is near a line between two points. It is convex, so each column has one run of it. */
function cover(columns: Map<number, number[]>, a: Point, b: Point, r: number, { width, height }: Size): void {
  const first = Math.max(0, Math.ceil(Math.min(a.x, b.x) - r - 0.5))
  const last = Math.min(width - 1, Math.floor(Math.max(a.x, b.x) + r - 0.5))
  const length = Math.hypot(b.x - a.x, b.y - a.y)
  const [dx, dy] = length > 0 ? [((b.y - a.y) / length) * r, ((a.x - b.x) / length) * r] : [0, 0]
  for (let x = first; x <= last; x += 1) {
    const middle = x + 0.5
    const [roundA, roundB] = [arch(a.x, r, middle), arch(b.x, r, middle)]
    const [near, far] = [crossing(a.x - dx, a.y - dy, b.x - dx, b.y - dy, middle), crossing(a.x + dx, a.y + dy, b.x + dx, b.y + dy, middle)]
    const low = least(a.y - roundA, b.y - roundB, near, far)
    const high = -least(-a.y - roundA, -b.y - roundB, -near, -far)
    put(columns, x, Math.ceil(low - 0.5), Math.floor(high - 0.5) + 1, height)
  }
}

/** How far a circle reaches up and down from its middle, at an x; NaN beside it. */
function arch(x: number, r: number, at: number): number {
  return Math.sqrt(r * r - (at - x) ** 2)
}

/** The height at which a line between two points passes an x; NaN where it does not. */
function crossing(fromX: number, fromY: number, toX: number, toY: number, at: number): number {
  const share = (at - fromX) / (toX - fromX)
  return share >= 0 && share <= 1 ? fromY + share * (toY - fromY) : NaN
}

/** The least of those that are numbers. */
function least(a: number, b: number, c: number, d: number): number {
  let found = Infinity
  if (a < found) found = a
  if (b < found) found = b
  if (c < found) found = c
  if (d < found) found = d
  return found
}

/** The pixels whose middle lies in a ring, by the even-odd rule; a middle on a line lies to the right of it, or below. */
export function inRing(ring: readonly Point[], { width, height }: Size): number[] {
  const crossings = new Map<number, number[]>()
  ring.forEach((p, i) => {
    const q = ring[(i + 1) % ring.length] ?? p
    const [a, b] = p.x <= q.x ? [p, q] : [q, p]
    const last = Math.min(width, Math.ceil(b.x - 0.5))
    for (let x = Math.max(0, Math.ceil(a.x - 0.5)); x < last; x += 1) {
      const y = a.y + ((x + 0.5 - a.x) * (b.y - a.y)) / (b.x - a.x)
      const known = crossings.get(x)
      if (known) known.push(y)
      else crossings.set(x, [y])
    }
  })
  const columns = new Map<number, number[]>()
  for (const [x, ys] of crossings) {
    ys.sort((m, n) => m - n)
    for (let i = 0; i + 1 < ys.length; i += 2) put(columns, x, Math.ceil((ys[i] ?? 0) - 0.5), Math.ceil((ys[i + 1] ?? 0) - 0.5), height)
  }
  return fromColumns(columns)
}

/** A run that meets the last one of its column is one with it: the turns of a brush lie on one another. */
function put(columns: Map<number, number[]>, x: number, from: number, to: number, height: number): void {
  const [low, high] = [Math.max(0, from), Math.min(height, to)]
  if (!(low < high)) return
  const known = columns.get(x)
  if (known === undefined) {
    columns.set(x, [low, high])
    return
  }
  const at = known.length - 2
  const [start, end] = [known[at] ?? 0, known[at + 1] ?? 0]
  if (low > end || high < start) known.push(low, high)
  else {
    known[at] = Math.min(low, start)
    known[at + 1] = Math.max(high, end)
  }
}
