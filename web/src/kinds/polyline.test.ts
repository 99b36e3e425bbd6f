// Drawing and changing lines, without a screen.

import { describe, expect, test } from 'vitest'
import { at, back, cancel, down, finish, type GestureInput, move, play, Running } from '../engine/gesture'
import { fieldOf } from '../engine/testing/field'
import { polyline } from './polyline'

const SIZE = { width: 100, height: 80 }
const FIELD = fieldOf('polyline')
const drawn = (...inputs: GestureInput[]) => play(polyline.draw(at(10, 10), SIZE, FIELD), inputs)
const LINE = { points: [[10, 10], [50, 10], [50, 50]] as [number, number][] }

describe('drawing', () => {
  test('a click sets a point, Enter or a double click ends it', () => {
    expect(drawn(down(50, 10), down(50, 50), finish)).toEqual(LINE)
    expect(drawn(down(50, 10), down(50, 50), down(50, 50))).toEqual(LINE)
  })

  test('a click on the first point is a point like any other', () => {
    expect(drawn(down(50, 10), down(50, 50), down(10, 10), finish)?.points).toHaveLength(4)
  })

  test('one point is no line', () => {
    expect(drawn(finish, down(50, 10), finish)).toEqual({ points: [[10, 10], [50, 10]] })
  })

  test('Backspace takes the last point back, Esc all', () => {
    expect(drawn(down(50, 10), down(90, 70), back, down(50, 50), finish)).toEqual(LINE)
    expect(drawn(down(50, 10), cancel)).toBeNull()
  })

  test('the line follows the pointer and stays open', () => {
    const gesture = new Running(polyline.draw(at(10, 10), SIZE, FIELD))
    for (const input of [down(50, 10), down(50, 50), move(10, 10)]) gesture.send(input)
    const [line] = (gesture.preview && polyline.sketch?.(gesture.preview, FIELD)) ?? []
    expect(line).toMatchObject({ closed: false, points: [at(10, 10), at(50, 10), at(50, 50), at(10, 10)] })
  })
})

describe('changing', () => {
  test('a point moves; the line between two makes one, and there is none between the ends', () => {
    expect(polyline.moveHandle(LINE, 'v0.2', at(60, 60), SIZE).points[2]).toEqual([60, 60])
    expect(polyline.moveHandle(LINE, 'e0.1', at(55, 30), SIZE).points).toEqual([[10, 10], [50, 10], [55, 30], [50, 50]])
    expect(polyline.handles(LINE, FIELD).map((h) => h.id)).toEqual(['v0.0', 'v0.1', 'v0.2', 'e0.0', 'e0.1'])
  })

  test('a point goes, as long as two are left', () => {
    expect(polyline.removeHandle?.(LINE, 'v0.1')).toEqual({ points: [[10, 10], [50, 50]] })
    expect(polyline.removeHandle?.({ points: LINE.points.slice(0, 2) }, 'v0.0')).toBeNull()
  })

  test('a line keeps its shape at the edge of the picture', () => {
    expect(polyline.moveBy(LINE, at(-40, 100), SIZE)).toEqual({ points: [[0, 40], [40, 40], [40, 80]] })
  })
})

test('a line with a direction has a dot where it begins', () => {
  expect(polyline.outline(LINE, FIELD)).toHaveLength(1)
  expect(polyline.outline(LINE, fieldOf('polyline', { directed: true }))[1]).toEqual({ type: 'dot', point: at(10, 10) })
})
