// Drawing, holding and turning boxes and ellipses at an angle, without a screen.

import { describe, expect, test } from 'vitest'
import { at, back, cancel, down, finish, type GestureInput, move, play, Running, up } from '../engine/gesture'
import { fieldOf } from '../engine/testing/field'
import { ellipse } from './ellipse'
import { rotatedBox } from './rotated_box'

const SIZE = { width: 100, height: 80 }
const FIELD = fieldOf('rotated_box')
const boxed = (...inputs: GestureInput[]) => play(rotatedBox.draw(at(10, 10), SIZE, FIELD), inputs)
const round = (...inputs: GestureInput[]) => play(ellipse.draw(at(10, 10), SIZE, FIELD), inputs)
const BOX = { cx: 50, cy: 40, width: 40, height: 20, angle: 0 }
const UPRIGHT = { ...BOX, angle: 90 }
const ELLIPSE = { cx: 50, cy: 40, rx: 20, ry: 10, angle: 0 }

describe('drawing a box', () => {
  test('a drag makes a level one', () => {
    expect(boxed(move(30, 20), up(50, 30))).toEqual({ cx: 30, cy: 20, width: 40, height: 20, angle: 0 })
  })

  test('three clicks: along an edge, then across, on either side', () => {
    expect(boxed(up(10, 10), down(10, 50), up(10, 50), down(40, 30))).toEqual({ cx: 25, cy: 30, width: 40, height: 30, angle: 90 })
    expect(boxed(up(10, 10), down(40, 40), up(40, 40), down(40, 20))).toEqual({ cx: 30, cy: 20, width: 42.43, height: 14.14, angle: 45 })
  })

  test('Enter ends it once it has a width; a second click in one place is none', () => {
    expect(boxed(up(10, 10), finish, down(10, 10), down(50, 10), move(50, 30), finish)).toEqual({ cx: 30, cy: 20, width: 40, height: 20, angle: 0 })
  })

  test('Backspace takes the edge back, then all; Esc all', () => {
    expect(boxed(up(10, 10), down(90, 70), back, down(50, 10), down(50, 30))).toEqual({ cx: 30, cy: 20, width: 40, height: 20, angle: 0 })
    expect([boxed(up(10, 10), back), boxed(up(10, 10), down(50, 10), cancel)]).toEqual([null, null])
  })

  test('the edge follows the pointer as a line, then the box', () => {
    const gesture = new Running(rotatedBox.draw(at(10, 10), SIZE, FIELD))
    for (const input of [up(10, 10), move(10, 50)]) gesture.send(input)
    expect(gesture.preview).toEqual({ cx: 10, cy: 30, width: 40, height: 0, angle: 90 })
    for (const input of [down(10, 50), move(30, 50)]) gesture.send(input)
    expect(gesture.preview).toEqual({ cx: 20, cy: 30, width: 40, height: 20, angle: 90 })
  })

  test('a drag of less than two pixels makes none', () => {
    expect(boxed(up(90, 10.5))).toBeNull()
  })
})

describe('drawing an ellipse', () => {
  test('it fills the rectangle of the drag; with Shift it is a circle', () => {
    expect(round(up(50, 30))).toEqual({ cx: 30, cy: 20, rx: 20, ry: 10, angle: 0 })
    expect(round({ type: 'up', point: at(50, 30), shift: true })).toEqual({ cx: 20, cy: 20, rx: 10, ry: 10, angle: 0 })
    expect([round(up(50, 11)), round(cancel)]).toEqual([null, null])
  })
})

describe('holding', () => {
  test('a corner goes where it is dragged and the one across stays, at any angle', () => {
    expect(rotatedBox.moveHandle(BOX, 'bottom right', at(80, 60), SIZE)).toEqual({ cx: 55, cy: 45, width: 50, height: 30, angle: 0 })
    expect(rotatedBox.moveHandle(UPRIGHT, 'bottom right', at(30, 60), SIZE)).toEqual({ cx: 45, cy: 40, width: 40, height: 30, angle: 90 })
  })

  test('a side moves across itself only', () => {
    expect(rotatedBox.moveHandle(UPRIGHT, 'right', at(90, 70), SIZE)).toEqual({ cx: 50, cy: 45, width: 50, height: 20, angle: 90 })
    expect(ellipse.moveHandle(ELLIPSE, 'top', at(0, 20), SIZE)).toEqual({ cx: 50, cy: 35, rx: 20, ry: 15, angle: 0 })
  })

  test('a side that would fall on the other one stays', () => {
    expect(rotatedBox.moveHandle(BOX, 'left', at(70, 40), SIZE)).toEqual(BOX)
  })

  test('the handle that turns stands above, whichever side that is', () => {
    const stems = [0, 60, 90, 150].map((angle) => rotatedBox.handles({ ...BOX, angle }, FIELD).find((h) => h.stem))
    expect(stems.every((h) => (h?.point.y ?? 99) <= 40.001 && (h?.stem?.y ?? 1) < 1e-9)).toBe(true)
    expect(rotatedBox.handles(BOX, FIELD).filter((h) => h.from)).toHaveLength(4)
    expect(ellipse.handles(ELLIPSE, FIELD).filter((h) => h.from)).toHaveLength(0)
  })

  test('it turns to where it is dragged, with Shift in steps of 15 degrees', () => {
    expect(rotatedBox.moveHandle(BOX, 'turn', at(90, 40), SIZE).angle).toBe(90)
    expect(rotatedBox.moveHandle(BOX, 'turn', at(10, 40), SIZE).angle).toBe(90)
    expect(rotatedBox.moveHandle(BOX, 'turn', at(61, 20), SIZE, { shift: true }).angle).toBe(30)
    expect(ellipse.moveHandle(ELLIPSE, 'turn', at(49.99, 0), SIZE).angle).toBe(0)
  })
})

test('a turn by keys comes round after half of the circle', () => {
  expect(rotatedBox.turn?.({ ...BOX, angle: 175 }, 15).angle).toBe(10)
  expect(ellipse.turn?.(ELLIPSE, -1).angle).toBe(179)
})

test('the middle stays in the picture', () => {
  expect(rotatedBox.moveBy(BOX, at(80, -90), SIZE)).toEqual({ ...BOX, cx: 100, cy: 0 })
})
