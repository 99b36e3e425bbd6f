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
  const side = length > 0 ? { x: ((b.y - a.y) / length) * r, y: ((a.x - b.x) / length) * r } : { x: 0, y: 0 }
  const edges = [-1, 1].map((s) => [at(a, side, s), at(b, side, s)] as const)
  for (let x = first; x <= last; x += 1) {
    let [low, high] = [Infinity, -Infinity]
    const meet = (y: number): void => {
      low = Math.min(low, y)
      high = Math.max(high, y)
    }
    for (const end of [a, b]) {
      const across = r * r - (x + 0.5 - end.x) ** 2
      if (across < 0) continue
      meet(end.y - Math.sqrt(across))
      meet(end.y + Math.sqrt(across))
    }
    for (const [p, q] of edges) {
      const share = (x + 0.5 - p.x) / (q.x - p.x)
      if (share >= 0 && share <= 1) meet(p.y + share * (q.y - p.y))
    }
    put(columns, x, Math.ceil(low - 0.5), Math.floor(high - 0.5) + 1, height)
  }
}

function at(point: Point, side: Point, sign: number): Point {
  return { x: point.x + sign * side.x, y: point.y + sign * side.y }
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

function put(columns: Map<number, number[]>, x: number, from: number, to: number, height: number): void {
  const [low, high] = [Math.max(0, from), Math.min(height, to)]
  if (!(low < high)) return
  const known = columns.get(x)
  if (known) known.push(low, high)
  else columns.set(x, [low, high])
}
