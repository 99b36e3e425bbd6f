// A polyline: a line through points, in pixels of the picture after EXIF orientation.

import type { Gesture, Point } from '../engine/gesture'
import type { CanvasKind, Primitive, Size } from '../engine/kind'
import { isRecord, problem, shown } from '../engine/problem'
import type { Field } from '../engine/schema'
import type { Facts, Json, Problem } from '../engine/types'
import { clicks, drawLine, pointHandles, sketch, withoutPoint, withPoint } from './clicks'
import { cutPoints, endToEnd } from './threads'
import { LEAST_PX, misplaced, movedBy, outsideOf, type Ring, toPoint } from './rings'

export type Polyline = { readonly points: Ring }

const CLICKS = { least: 2, closes: false, made: (points: Ring): Polyline => ({ points }) }

function check(value: Json, _field: unknown, facts: Facts): Problem[] {
  const shape = misshapen(value)
  if (shape.length > 0) return shape
  const { points } = value as Polyline // every point is a pair of numbers, just tested
  if (points.length < 2) return [problem('points', points, 'two points or more', 'Add points, or remove the line.')]
  const outside = outsideOf(points, 'points', facts)
  if (outside !== null) return [outside]
  const [first] = points
  if (first && points.some(([x, y]) => Math.max(Math.abs(x - first[0]), Math.abs(y - first[1])) >= LEAST_PX)) return []
  return [problem('points', points, 'points in more than one place', 'Move a point, or remove the line.')]
}

function misshapen(value: Json): Problem[] {
  if (!isRecord(value)) return [problem('', value, 'a mapping', 'Give points: [[x, y], …].')]
  const extra = Object.keys(value).find((key) => key !== 'points')
  if (extra !== undefined) return [problem(extra, value[extra], 'no such key', `Remove ${shown(extra)}.`)]
  if (value['points'] === undefined) return [problem('points', null, 'a value', 'Give the line as [[x, y], …].')]
  return misplaced(value['points'], 'points').slice(0, 1)
}

function* draw(start: Point, size: Size): Gesture<Polyline> {
  return yield* clicks(start, size, CLICKS)
}

/** With a direction, a dot stands where the line begins. */
function outline({ points }: Polyline, { options }: Field): Primitive[] {
  const [first] = points
  const line: Primitive = { type: 'path', points: points.map(toPoint), closed: false }
  return options['directed'] === true && first ? [line, { type: 'dot', point: toPoint(first) }] : [line]
}

function moveHandle({ points }: Polyline, handle: string, to: Point, size: Size): Polyline {
  return { points: withPoint([points], handle, to, size)[0] ?? points }
}

function removeHandle({ points }: Polyline, handle: string): Polyline | null {
  const [left] = withoutPoint([points], handle, 2)
  return left ? { points: left } : null
}

export const polyline: CanvasKind<Polyline> = {
  name: 'polyline',
  version: 1,
  title: 'Line',
  surface: 'canvas',
  tool: { title: 'Line', key: 'U', icon: 'polyline' },
  check,
  isShape: (value) => misshapen(value).length === 0,
  draw,
  clicks: 'many',
  outline,
  sketch: ({ points }) => sketch(points, false),
  handles: ({ points }) => pointHandles(points, 0, false),
  moveHandle,
  removeHandle,
  moveBy: ({ points }, by, size) => ({ points: movedBy([points], by, size)[0] ?? points }),
  snaps: true,
  slice: { draw: drawLine, parts: ({ points }, line) => cutPoints(points, line).map((part) => ({ points: part })) },
  unite: (values, _size, { options }) => ({ points: endToEnd(values.map(({ points }) => points), options['directed'] === true) }),
}
