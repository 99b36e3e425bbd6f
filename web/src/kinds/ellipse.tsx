// An ellipse, in pixels of the picture after EXIF orientation.

import type { Aim, Gesture, Point } from '../engine/gesture'
import type { CanvasKind, Size } from '../engine/kind'
import { isRecord, problem } from '../engine/problem'
import type { Facts, Json, Problem } from '../engine/types'
import { misnumbered } from './numbers'
import { checkTurned, isTiny, moveTurned, placeOf, shifted, spanning, type Turned, turnedBetween, turnedBy, turnedHandles, within } from './turned'

export type Ellipse = { readonly cx: number; readonly cy: number; readonly rx: number; readonly ry: number; readonly angle: number }

const NAMES = ['cx', 'cy', 'rx', 'ry', 'angle'] as const
/** Lines that are drawn for the round: at a radius of 1,000 pixels they are half a pixel off. */
const SIDES = 96

function check(value: Json, _field: unknown, facts: Facts): Problem[] {
  const shape = misshapen(value)
  if (shape.length > 0) return shape
  const ellipse = value as Ellipse // all five are numbers, just tested
  return checkTurned(NAMES.map((name) => ellipse[name]), NAMES, facts)
}

function misshapen(value: Json): Problem[] {
  if (!isRecord(value)) return [problem('', value, 'a mapping', 'Give cx, cy, rx, ry and angle.')]
  return misnumbered(value, NAMES, 'Give pixels, and the angle in degrees.')
}

/** Press, drag, let go: the ellipse in the rectangle between; with Shift, a circle. */
function* draw(start: Point, size: Size): Gesture<Ellipse> {
  const from = within(start, size)
  let frame = spanning(from, from)
  for (;;) {
    const input = yield inside(frame)
    if (input.type === 'cancel' || input.type === 'back') return null
    if (input.type === 'move' || input.type === 'up') frame = spanning(from, corner(from, within(input.point, size), input))
    if (input.type === 'up' || input.type === 'finish') return isTiny(frame) ? null : inside(frame)
  }
}

function corner(from: Point, to: Point, { shift }: Aim): Point {
  if (!shift) return to
  const side = Math.min(Math.abs(to.x - from.x), Math.abs(to.y - from.y))
  return { x: from.x + side * Math.sign(to.x - from.x), y: from.y + side * Math.sign(to.y - from.y) }
}

/** The rectangle around an ellipse, and back. */
function frameOf({ cx, cy, rx, ry, angle }: Ellipse): Turned {
  return { cx, cy, width: 2 * rx, height: 2 * ry, angle }
}

function inside({ cx, cy, width, height, angle }: Turned): Ellipse {
  return { cx, cy, rx: width / 2, ry: height / 2, angle }
}

function outline(value: Ellipse): Point[] {
  const frame = frameOf(value)
  return Array.from({ length: SIDES }, (_, i) => placeOf(frame, value.rx * Math.cos((2 * Math.PI * i) / SIDES), value.ry * Math.sin((2 * Math.PI * i) / SIDES)))
}

export const ellipse: CanvasKind<Ellipse> = {
  name: 'ellipse',
  version: 1,
  title: 'Ellipse',
  surface: 'canvas',
  tool: { title: 'Ellipse', key: 'Shift+E', icon: 'ellipse' },
  check,
  isShape: (value) => misshapen(value).length === 0,
  draw,
  outline: (value) => [{ type: 'path', points: outline(value), closed: true }],
  handles: (value) => turnedHandles(frameOf(value), false),
  moveHandle: (value, handle, to, _size, aim = {}) => inside(moveTurned(frameOf(value), handle, to, aim)),
  moveBy: (value, by, size) => inside(shifted(frameOf(value), by, size)),
  turn: (value, degrees) => inside(turnedBy(frameOf(value), degrees)),
  between: (a, b, share) => inside(turnedBetween(frameOf(a), frameOf(b), share)),
}
