// The border of a shape nearby, followed from one place on it to another while a shape is drawn.

import type { Point } from '../../engine/gesture'
import type { Primitive } from '../../engine/kind'
import type { Annotation, Id } from '../../engine/types'
import { nearestOnEdge, type Scene } from './scene'

/** A line of corners, closed or not. */
export interface Border {
  readonly points: readonly Point[]
  readonly closed: boolean
}

/** A place on a border: on the edge from this corner to the next, at this share of it. */
export interface Spot {
  readonly id: Id
  /** Which border of the shape. */
  readonly border: number
  readonly edge: number
  readonly share: number
}

/** Farther from a border is not on it; snapped points are exactly there, but for rounding. */
const ON_PX = 1e-3

/** The borders of an outline. Pixels have none that a hand would follow. */
export function bordersOf(outline: readonly Primitive[]): Border[] {
  return outline.flatMap((p): Border[] => {
    if (p.type === 'area') return p.rings.map((points) => ({ points, closed: true }))
    if (p.type === 'path') return [{ points: p.points, closed: p.closed }]
    if (p.type !== 'rect') return []
    return [{ points: [{ x: p.left, y: p.top }, { x: p.right, y: p.top }, { x: p.right, y: p.bottom }, { x: p.left, y: p.bottom }], closed: true }]
  })
}

/** Where a point lies on borders of shapes; nowhere, or on several that touch there. */
export function spotsAt(point: Point, scene: Scene, isLeftOut: (annotation: Annotation) => boolean): Spot[] {
  const around = { minX: point.x - ON_PX, minY: point.y - ON_PX, maxX: point.x + ON_PX, maxY: point.y + ON_PX }
  return scene.within(around).filter((a) => !isLeftOut(a)).flatMap((a) =>
    bordersOf(scene.outline(a)).flatMap((border, n) => {
      const spot = spotOn(border, point)
      return spot === null ? [] : [{ id: a.id, border: n, ...spot }]
    }),
  )
}

function spotOn({ points, closed }: Border, point: Point): { edge: number; share: number } | null {
  for (const [edge, a] of points.entries()) {
    const b = points[edge + 1] ?? (closed ? points[0] : undefined)
    if (b === undefined) return null
    const near = nearestOnEdge(point, a, b)
    if (Math.hypot(near.x - point.x, near.y - point.y) > ON_PX) continue
    const length = Math.hypot(b.x - a.x, b.y - a.y)
    const share = length === 0 ? 0 : Math.hypot(near.x - a.x, near.y - a.y) / length
    return { edge, share }
  }
  return null
}

/** The corners between two places on a border, by the shorter way, or the other one; an open border has but one. */
export function cornersBetween(border: Border, from: Omit<Spot, 'id' | 'border'>, to: Omit<Spot, 'id' | 'border'>, isOther = false): Point[] {
  const ahead = walk(border, from, to)
  if (!border.closed) return ahead ?? walk(border, to, from)?.toReversed() ?? []
  const ways = [ahead ?? [], (walk(border, to, from) ?? []).toReversed()]
  const ends = [placeOf(border, from), placeOf(border, to)] as const
  const [shorter = [], longer = []] = ways.toSorted((a, b) => lengthOf(a, ends) - lengthOf(b, ends))
  return isOther ? longer : shorter
}

/** Corners passed in the order of the border; null where an open one would have to go on past its end. */
function walk({ points, closed }: Border, from: Omit<Spot, 'id' | 'border'>, to: Omit<Spot, 'id' | 'border'>): Point[] | null {
  const isBehind = to.edge + to.share < from.edge + from.share
  if (isBehind && !closed) return null
  const last = isBehind ? to.edge + points.length : to.edge
  const passed: Point[] = []
  for (let n = from.edge + 1; n <= last; n += 1) {
    const corner = points[n % points.length]
    // A place at a corner is that corner.
    const isEnd = n === last && to.share === 0
    const isStart = n === from.edge + 1 && from.share === 1
    if (corner && !isEnd && !isStart) passed.push(corner)
  }
  return passed
}

function placeOf({ points }: Border, { edge, share }: Omit<Spot, 'id' | 'border'>): Point {
  const [a, b] = [points[edge], points[(edge + 1) % points.length]]
  if (!a || !b) return { x: 0, y: 0 }
  return { x: a.x + share * (b.x - a.x), y: a.y + share * (b.y - a.y) }
}

function lengthOf(passed: readonly Point[], [from, to]: readonly [Point, Point]): number {
  const all = [from, ...passed, to]
  return all.slice(1).reduce((sum, p, i) => sum + Math.hypot(p.x - (all[i]?.x ?? p.x), p.y - (all[i]?.y ?? p.y)), 0)
}
