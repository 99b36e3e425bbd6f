// Drawing and changing cuboids, without a screen.

import { describe, expect, test } from 'vitest'
import { at, back, cancel, down, finish, type GestureInput, move, play, up } from '../engine/gesture'
import { fieldOf } from '../engine/testing/field'
import { type Cuboid, cuboid } from './cuboid'
import { hullOf } from './hulls'

const SIZE = { width: 100, height: 80 }
const FIELD = fieldOf('cuboid')
const drawn = (...inputs: GestureInput[]) => play(cuboid.draw(at(10, 20), SIZE, FIELD), inputs)
const CAR: Cuboid = { front: [[10, 20], [50, 20], [50, 60], [10, 60]], back: [[20, 10], [60, 10], [60, 50], [20, 50]] }

describe('drawing', () => {
  test('a drag is the front, and a click says how deep it goes', () => {
    expect(drawn(move(50, 60), up(50, 60), move(60, 50), down(60, 50))).toEqual(CAR)
    expect(drawn(move(50, 60), up(50, 60), move(60, 50), finish)).toEqual(CAR)
  })

  test('a click alone makes none, nor does Esc; Backspace goes back to the front', () => {
    expect(drawn(up(10, 20))).toBeNull()
    expect(drawn(move(50, 60), up(50, 60), cancel)).toBeNull()
    expect(drawn(move(90, 70), up(90, 70), back, move(50, 60), up(50, 60), down(60, 50))).toEqual(CAR)
  })

  test('the back stays in the picture with its size', () => {
    expect(drawn(move(50, 60), up(50, 60), move(100, 0), down(100, 0))?.back).toEqual([[60, 0], [100, 0], [100, 40], [60, 40]])
  })
})

describe('a handle', () => {
  test('moves a corner, or a whole face by its middle', () => {
    expect(cuboid.moveHandle(CAR, 'front corner 0', at(8, 22), SIZE).front[0]).toEqual([8, 22])
    expect(cuboid.moveHandle(CAR, 'back face', at(45, 35), SIZE).back).toEqual([[25, 15], [65, 15], [65, 55], [25, 55]])
  })

  test('moves an edge across itself, with both its corners', () => {
    expect(cuboid.moveHandle(CAR, 'front edge 1', at(55, 33), SIZE).front).toEqual([[10, 20], [55, 20], [55, 60], [10, 60]])
  })

  test('makes no front without an area', () => {
    expect(cuboid.moveHandle(CAR, 'front edge 1', at(10, 33), SIZE)).toBe(CAR)
  })
})

test('it moves as a whole and stays in the picture', () => {
  expect(cuboid.moveBy(CAR, { x: 90, y: -40 }, SIZE)).toEqual({ front: [[50, 10], [90, 10], [90, 50], [50, 50]], back: [[60, 0], [100, 0], [100, 40], [60, 40]] })
})

test('its silhouette is the hull of its corners', () => {
  expect(hullOf([...CAR.front, ...CAR.back])).toHaveLength(6)
})
