// A rotated box: a rectangle at an angle, in pixels of the picture after EXIF orientation.

import type { Aim, Gesture, Point } from '../engine/gesture'
import type { CanvasKind, Size } from '../engine/kind'
import { isRecord, problem } from '../engine/problem'
import type { Facts, Json, Problem } from '../engine/types'
import { misnumbered } from './numbers'
import { checkTurned, cornersOf, isTiny, moveTurned, onEdge, shifted, spanning, TINY_PX, type Turned, turnedBetween, turnedBy, turnedHandles, within } from './turned'

export type RotatedBox = { readonly cx: number; readonly cy: number; readonly width: number; readonly height: number; readonly angle: number }

const NAMES = ['cx', 'cy', 'width', 'height', 'angle'] as const
/** How far a press may move and still be a click, where the pointer does not say. */
const REACH_PX = 4

function check(value: Json, _field: unknown, facts: Facts): Problem[] {
  const shape = misshapen(value)
  if (shape.length > 0) return shape
  const box = value as RotatedBox // all five are numbers, just tested
  return checkTurned(NAMES.map((name) => box[name]), NAMES, facts)
}

function misshapen(value: Json): Problem[] {
  if (!isRecord(value)) return [problem('', value, 'a mapping', 'Give cx, cy, width, height and angle.')]
  return misnumbered(value, NAMES, 'Give pixels, and the angle in degrees.')
}

/** Press and drag for a level box that is turned by its handle; or three clicks: along one edge, then across. */
function* draw(start: Point, size: Size): Gesture<RotatedBox> {
  const from = within(start, size)
  let [to, edge, held]: [Point, Point | null, boolean] = [from, null, true]
  for (;;) {
    const box: Turned = edge ? onEdge(from, edge, to) : held ? spanning(from, to) : onEdge(from, to, to)
    const input = yield box
    if (input.type === 'cancel') return null
    if (input.type === 'back') {
      if (edge === null) return null
      edge = null
    } else if (input.type === 'finish') {
      if (edge !== null && !isTiny(box)) return box
    } else if (input.type === 'move' || input.type === 'up' || input.type === 'down') {
      to = within(input.point, size)
      if (input.type === 'up' && held) {
        held = false
        const level = spanning(from, to)
        if (isFar(from, to, input)) return isTiny(level) ? null : level
      } else if (input.type === 'down') {
        const made = edge && onEdge(from, edge, to)
        if (made && !isTiny(made)) return made
        if (edge === null && Math.hypot(to.x - from.x, to.y - from.y) >= TINY_PX) edge = to
      }
    }
  }
}

function isFar(a: Point, b: Point, { reach = REACH_PX }: Aim): boolean {
  return Math.hypot(a.x - b.x, a.y - b.y) > reach
}

export const rotatedBox: CanvasKind<RotatedBox> = {
  name: 'rotated_box',
  version: 1,
  title: 'Rotated box',
  surface: 'canvas',
  tool: { title: 'Rotated box', key: 'Shift+B', icon: 'turnedbox' },
  check,
  isShape: (value) => misshapen(value).length === 0,
  draw,
  clicks: 'many',
  outline: (value) => [{ type: 'path', points: cornersOf(value), closed: true }],
  handles: (value) => turnedHandles(value, true),
  moveHandle: (value, handle, to, _size, aim = {}) => ({ ...moveTurned(value, handle, to, aim) }),
  moveBy: (value, by, size) => ({ ...shifted(value, by, size) }),
  turn: (value, degrees) => ({ ...turnedBy(value, degrees) }),
  between: (a, b, share) => ({ ...turnedBetween(a, b, share) }),
}
