// Setting and moving points, without a screen.

import { expect, test } from 'vitest'
import { at, back, cancel, finish, type GestureInput, move, play, up } from '../engine/gesture'
import { fieldOf } from '../engine/testing/field'
import { point } from './point'

const SIZE = { width: 100, height: 80 }
const drawn = (...inputs: GestureInput[]) => play(point.draw(at(10, 10), SIZE, fieldOf('point')), inputs)

test('a press sets it, a drag moves it about, letting go leaves it there', () => {
  expect(drawn(up(10, 10))).toEqual({ x: 10, y: 10 })
  expect(drawn(move(20, 30), up(21.26, 30))).toEqual({ x: 21.3, y: 30 })
  expect(drawn(finish)).toEqual({ x: 10, y: 10 })
})

test('Esc and Backspace make none', () => {
  expect([drawn(cancel), drawn(move(20, 20), back)]).toEqual([null, null])
})

test('it stays in the picture', () => {
  expect(drawn(up(500, -3))).toEqual({ x: 100, y: 0 })
  expect(point.moveBy({ x: 10, y: 10 }, at(-40, 5), SIZE)).toEqual({ x: 0, y: 15 })
  expect(point.moveHandle({ x: 10, y: 10 }, 'point', at(40, 90), SIZE)).toEqual({ x: 40, y: 80 })
})
