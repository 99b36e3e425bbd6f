// Closed rings of points: whether they are sound, what lies in them, and how they change point by point.

import type { Point } from '../engine/gesture'
import type { Size } from '../engine/kind'
import { isList, problem } from '../engine/problem'
import type { Facts, Json, Problem } from '../engine/types'
import { LARGEST_PX } from './runs'

export type Place = readonly [x: number, y: number]
export type Ring = readonly Place[]

const TOLERANCE_PX = 1
/** Finer differences are noise. */
export const LEAST_PX = 0.01

/** The first thing by which a value is no list of points; none for `[[x, y], …]`. */
export function misplaced(value: Json | undefined, path: string): Problem[] {
  if (!isList(value)) return [problem(path, value, 'a list', 'Give points as [[x, y], …].')]
  for (const [index, point] of value.entries()) {
    const here = `${path}[${index}]`
    if (!isList(point)) return [problem(here, point, 'a list', 'Give each point as [x, y].')]
    if (point.length !== 2) return [problem(here, point, 'a list of length 2', 'Give each point as [x, y].')]
    const axis = point.findIndex((at) => typeof at !== 'number')
    if (axis >= 0) return [problem(`${here}[${axis}]`, point[axis], 'a number', 'Give the point in pixels.')]
  }
  return []
}

/** The first point that lies outside the picture, give or take a pixel. */
export function outsideOf(points: Ring, path: string, facts: Facts): Problem | null {
  for (const [index, point] of points.entries()) {
    for (const [axis, size] of [facts.width, facts.height].entries()) {
      const outside = outsideAt(point[axis] ?? 0, `${path}[${index}][${axis}]`, size)
      if (outside !== null) return outside
    }
  }
  return null
}

/** What is wrong with one coordinate on an axis of this size. */
export function outsideAt(at: number, path: string, size: number | undefined): Problem | null {
  if (!Number.isFinite(at)) return problem(path, at, 'a finite number', 'Give the point in pixels.')
  if (isWithin(at, size)) return null
  return problem(path, at, rangeOf(size), 'Keep the points inside the image; pixels count after EXIF orientation.')
}

/** Whether a coordinate lies on an axis of this size, give or take a pixel. */
export function isWithin(at: number, size: number = LARGEST_PX): boolean {
  return at >= -TOLERANCE_PX && at <= size + TOLERANCE_PX
}

/** Where coordinates lie on an axis of this size, in words. */
export function rangeOf(size: number = LARGEST_PX): string {
  return `0 to ${size}`
}

/** Inside the picture, to a tenth of a pixel: finer is noise of the pointer. */
export function placed(point: Point, { width, height }: Size): Place {
  return [within(point.x, width), within(point.y, height)]
}

/** Moves points by as much as all of them can move and stay in the picture. */
export function movedBy<R extends readonly Ring[]>(rings: R, by: Point, { width, height }: Size): Ring[] {
  const all = rings.flat()
  const [xs, ys] = [all.map(([x]) => x), all.map(([, y]) => y)]
  const x = Math.min(Math.max(by.x, -least(xs)), width - most(xs))
  const y = Math.min(Math.max(by.y, -least(ys)), height - most(ys))
  return rings.map((ring) => ring.map(([a, b]) => [tenth(a + x), tenth(b + y)] as const))
}

export const toPoint = ([x, y]: Place): Point => ({ x, y })

/** Whether all points of a ring lie within a hundredth of a pixel of the line from the first to the farthest. */
export function isFlat(ring: Ring): boolean {
  const [first = [0, 0]] = ring
  const steps = ring.map(([x, y]) => [x - first[0], y - first[1]] as const)
  const [right, down] = steps.reduce((m, step) => (reach(step) > reach(m) ? step : m), [0, 0] as const)
  const far = reach([right, down])
  return far < LEAST_PX || steps.every(([dx, dy]) => Math.abs(right * dy - down * dx) < LEAST_PX * far)
}

function reach([x, y]: Place): number {
  return Math.max(Math.abs(x), Math.abs(y))
}

/** Whether a ring neither crosses nor touches itself, and has area. */
export function isSimple(given: Ring): boolean {
  const ring = given.filter((p, i) => !isSame(p, given[(i + 1) % given.length] ?? p))
  if (ring.length < 3) return false
  const edges = edgesOf(ring).map(([a, b], i) => ({ a, b, i, left: Math.min(a[0], b[0]), right: Math.max(a[0], b[0]) }))
  const sorted = edges.toSorted((m, n) => m.left - n.left)
  return sorted.every((edge, k) => {
    for (let next = k + 1; next < sorted.length; next += 1) {
      const other = sorted[next]
      if (other === undefined || other.left > edge.right) return true
      if (meet(edge, other, ring.length)) return false
    }
    return true
  })
}

interface Edge {
  readonly a: Place
  readonly b: Place
  readonly i: number
}

/** Whether two edges of one ring have a point in common besides the corner between neighbours. */
function meet(m: Edge, n: Edge, count: number): boolean {
  const [first, second] = (m.i + 1) % count === n.i ? [m, n] : [n, m]
  const areNeighbours = (first.i + 1) % count === second.i
  if (!areNeighbours) return touch(m.a, m.b, n.a, n.b)
  // Neighbours meet in their corner; more is a spike that goes back over its own line.
  return turn(first.a, first.b, second.b) === 0 && dot(first.a, first.b, second.b) < 0
}

function touch(a: Place, b: Place, c: Place, d: Place): boolean {
  const [abc, abd, cda, cdb] = [turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)]
  if (abc * abd < 0 && cda * cdb < 0) return true
  return (abc === 0 && isOn(c, a, b)) || (abd === 0 && isOn(d, a, b)) || (cda === 0 && isOn(a, c, d)) || (cdb === 0 && isOn(b, c, d))
}

interface Bounds {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

const bounds = new WeakMap<Ring, Bounds>()

/** The smallest box around a ring. Remembered: each ring is compared with all others. */
function boundsOf(ring: Ring): Bounds {
  const known = bounds.get(ring)
  if (known) return known
  const [xs, ys] = [ring.map(([x]) => x), ring.map(([, y]) => y)]
  const made = { left: least(xs), top: least(ys), right: most(xs), bottom: most(ys) }
  bounds.set(ring, made)
  return made
}

/** Whether two simple rings have area in common; touching is none. */
export function overlap(a: Ring, b: Ring): boolean {
  const [m, n] = [boundsOf(a), boundsOf(b)]
  if (m.right <= n.left || n.right <= m.left || m.bottom <= n.top || n.bottom <= m.top) return false
  if (crossing(a, b)) return true
  return hasInside(a, b) || hasInside(b, a)
}

/** Whether no point of the hole lies outside of the ring; they may touch. */
export function covers(ring: Ring, hole: Ring): boolean {
  const [m, n] = [boundsOf(ring), boundsOf(hole)]
  if (n.left < m.left || n.right > m.right || n.top < m.top || n.bottom > m.bottom) return false
  return !crossing(ring, hole) && [...hole, ...middles(hole)].every((p) => whereIs(p, ring) >= 0)
}

function crossing(a: Ring, b: Ring): boolean {
  return edgesOf(a).some(([p, q]) => edgesOf(b).some(([r, s]) => turn(p, q, r) * turn(p, q, s) < 0 && turn(r, s, p) * turn(r, s, q) < 0))
}

function hasInside(ring: Ring, other: Ring): boolean {
  return [...other, ...middles(other), innerPoint(other)].some((p) => whereIs(p, ring) > 0)
}

function middles(ring: Ring): Place[] {
  return edgesOf(ring).map(([a, b]) => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2] as const)
}

/** A point inside a simple ring: between the first two lines that a level between two corners meets. */
function innerPoint(ring: Ring): Place {
  const levels = [...new Set(ring.map(([, y]) => y))].sort((m, n) => m - n)
  const level = ((levels[0] ?? 0) + (levels[1] ?? 0)) / 2
  const met = edgesOf(ring).flatMap(([a, b]) => (a[1] > level !== b[1] > level ? [a[0] + ((level - a[1]) / (b[1] - a[1])) * (b[0] - a[0])] : []))
  const [x1, x2] = met.sort((m, n) => m - n)
  return [((x1 ?? 0) + (x2 ?? 0)) / 2, level]
}

/** 1 inside, 0 on the line, -1 outside. */
function whereIs(point: Place, ring: Ring): -1 | 0 | 1 {
  const edges = edgesOf(ring)
  if (edges.some(([a, b]) => turn(a, b, point) === 0 && isOn(point, a, b))) return 0
  const [x, y] = point
  const crossed = edges.filter(([a, b]) => a[1] > y !== b[1] > y && x < ((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1]) + a[0])
  return crossed.length % 2 === 1 ? 1 : -1
}

/** The area in a ring, positive in both directions of turn. */
export function areaOf(ring: Ring): number {
  return Math.abs(edgesOf(ring).reduce((sum, [a, b]) => sum + a[0] * b[1] - b[0] * a[1], 0)) / 2
}

export function edgesOf(ring: Ring): (readonly [Place, Place])[] {
  return ring.map((p, i) => [p, ring[(i + 1) % ring.length] ?? p] as const)
}

export function isSame(a: Place, b: Place): boolean {
  return a[0] === b[0] && a[1] === b[1]
}

function turn(a: Place, b: Place, c: Place): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
}

function dot(a: Place, b: Place, c: Place): number {
  return (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1])
}

function isOn(p: Place, a: Place, b: Place): boolean {
  return p[0] >= Math.min(a[0], b[0]) && p[0] <= Math.max(a[0], b[0]) && p[1] >= Math.min(a[1], b[1]) && p[1] <= Math.max(a[1], b[1])
}

function within(at: number, size: number): number {
  return tenth(Math.min(Math.max(at, 0), size))
}

function tenth(at: number): number {
  return Math.round(at * 10) / 10
}

function least(all: readonly number[]): number {
  return all.reduce((m, n) => Math.min(m, n), Infinity)
}

function most(all: readonly number[]): number {
  return all.reduce((m, n) => Math.max(m, n), -Infinity)
}
