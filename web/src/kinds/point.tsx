// A point: a place in pixels of the picture after EXIF orientation.

import type { Gesture, Point as Place } from '../engine/gesture'
import type { CanvasKind, Size } from '../engine/kind'
import { isRecord, problem } from '../engine/problem'
import type { Facts, Json, Problem } from '../engine/types'
import { misnumbered } from './numbers'
import { outsideAt, placed } from './rings'

export type Point = { readonly x: number; readonly y: number }

function check(value: Json, _field: unknown, facts: Facts): Problem[] {
  const shape = misshapen(value)
  if (shape.length > 0) return shape
  const { x, y } = value as Point // both are numbers, just tested
  return [outsideAt(x, 'x', facts.width), outsideAt(y, 'y', facts.height)].filter((p) => p !== null)
}

function misshapen(value: Json): Problem[] {
  if (!isRecord(value)) return [problem('', value, 'a mapping', 'Give x and y.')]
  return misnumbered(value, ['x', 'y'], 'Give the point in pixels.')
}

/** A press sets it, a drag moves it about, letting go leaves it there. */
function* draw(start: Place, size: Size): Gesture<Point> {
  let at = inside(start, size)
  for (;;) {
    const input = yield at
    if (input.type === 'cancel' || input.type === 'back') return null
    if (input.type === 'up' || input.type === 'move') at = inside(input.point, size)
    if (input.type === 'up' || input.type === 'finish') return at
  }
}

function inside(point: Place, size: Size): Point {
  const [x, y] = placed(point, size)
  return { x, y }
}

export const point: CanvasKind<Point> = {
  name: 'point',
  version: 1,
  title: 'Point',
  surface: 'canvas',
  tool: { title: 'Point', key: 'Y', icon: 'point' },
  check,
  isShape: (value) => misshapen(value).length === 0,
  draw,
  clicks: 'one',
  outline: (value) => [{ type: 'dot', point: value }],
  handles: (value) => [{ id: 'point', point: value, cursor: 'move' }],
  moveHandle: (_value, _handle, to, size) => inside(to, size),
  moveBy: ({ x, y }, by, size) => inside({ x: x + by.x, y: y + by.y }, size),
  between: (a, b, share) => ({ x: (1 - share) * a.x + share * b.x, y: (1 - share) * a.y + share * b.y }),
}
