// Drawing point by point: a click sets a point, Backspace takes it back, Enter or a second click in one place ends it.

import type { Aim, Gesture, Point } from '../engine/gesture'
import type { Handle, Line, Primitive, Size } from '../engine/kind'
import type { Json } from '../engine/types'
import { isSame, type Place, placed, type Ring, toPoint } from './rings'

/** How near a click must be to a point to mean it, where the pointer does not say. */
const REACH_PX = 4

export interface Clicks<V extends Json> {
  /** So many points make a shape; before that it does not end. */
  readonly least: number
  /** Whether a click on the first point ends it. */
  readonly closes: boolean
  made(points: Ring): V
}

export function* clicks<V extends Json>(start: Point, size: Size, { least, closes, made }: Clicks<V>): Gesture<V> {
  const points: Place[] = [placed(start, size)]
  let at = points[0] ?? placed(start, size)
  for (;;) {
    const input = yield made([...points, at])
    if (input.type === 'cancel') return null
    if (input.type === 'finish' && points.length >= least) return made(points)
    if (input.type === 'back') {
      points.pop()
      if (points.length === 0) return null
    }
    if (input.type !== 'move' && input.type !== 'down') continue
    at = aimed(input.point, input, points, size)
    const [first, last] = [points[0], points.at(-1)]
    const isEnd = points.length >= least && ((closes && isNear(at, first, input)) || (input.type === 'down' && isNear(at, last, input)))
    if (isEnd && input.type === 'down') return made(points)
    if (isEnd && first) at = first
    else if (input.type === 'down' && last && !isSame(at, last)) points.push(at)
  }
}

/** A line across a picture, by which shapes are cut. */
export function drawLine(start: Point, size: Size): Gesture<Line> {
  return clicks<Line>(start, size, { least: 2, closes: false, made: (points) => points })
}

/** With Shift, on the nearest of eight directions from the last point. */
function aimed(point: Point, { shift }: Aim, points: readonly Place[], size: Size): Place {
  const last = points.at(-1)
  if (!shift || last === undefined) return placed(point, size)
  const [dx, dy] = [point.x - last[0], point.y - last[1]]
  const angle = (Math.round(Math.atan2(dy, dx) / (Math.PI / 4)) * Math.PI) / 4
  const length = dx * Math.cos(angle) + dy * Math.sin(angle)
  return placed({ x: last[0] + length * Math.cos(angle), y: last[1] + length * Math.sin(angle) }, size)
}

function isNear(at: Place, point: Place | undefined, { reach = REACH_PX }: Aim): boolean {
  return point !== undefined && Math.hypot(at[0] - point[0], at[1] - point[1]) <= reach
}

/** The points that are set and the line to the pointer; the whole area once the pointer is where it closes. */
export function sketch(points: Ring, closes: boolean): Primitive[] {
  const [first, last] = [points[0], points.at(-1)]
  const isClosing = closes && points.length > 3 && first !== undefined && last !== undefined && isSame(first, last)
  const dots = points.slice(0, -1).map((p): Primitive => ({ type: 'dot', point: toPoint(p) }))
  return [{ type: 'path', points: points.map(toPoint), closed: isClosing }, ...dots]
}

/** Handles of a row of points: `v` the corners, `e` the lines between them, on which a corner can be made. */
export function pointHandles(points: Ring, row: number, closed: boolean): Handle[] {
  const corners = points.map((p, i): Handle => ({ id: `v${row}.${i}`, point: toPoint(p), cursor: 'move' }))
  const lines = points.flatMap((p, i): Handle[] => {
    const next = points[i + 1] ?? (closed ? points[0] : undefined)
    if (next === undefined || isSame(p, next)) return []
    return [{ id: `e${row}.${i}`, point: { x: (p[0] + next[0]) / 2, y: (p[1] + next[1]) / 2 }, cursor: 'copy', from: toPoint(p), to: toPoint(next), adds: true }]
  })
  return [...corners, ...lines]
}

/** The rows with the corner of a handle moved, or made where its line is held. */
export function withPoint(rows: readonly Ring[], handle: string, to: Point, size: Size): Ring[] {
  const { row, index, isCorner } = read(handle)
  return rows.map((points, r) => (r === row ? points.toSpliced(isCorner ? index : index + 1, isCorner ? 1 : 0, placed(to, size)) : points))
}

/** The rows without the corner of a handle; a row with fewer points than `least` goes as a whole. */
export function withoutPoint(rows: readonly Ring[], handle: string, least: number): (Ring | null)[] {
  const { row, index, isCorner } = read(handle)
  if (!isCorner) return [...rows]
  return rows.map((points, r) => {
    if (r !== row) return points
    const left = points.toSpliced(index, 1)
    return left.length < least ? null : left
  })
}

function read(handle: string): { row: number; index: number; isCorner: boolean } {
  const [row = 0, index = 0] = handle.slice(1).split('.').map(Number)
  return { row, index, isCorner: handle.startsWith('v') }
}
