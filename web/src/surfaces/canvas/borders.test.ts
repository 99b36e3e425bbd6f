// Following a border from one place on it to another.

import { describe, expect, test } from 'vitest'
import { at } from '../../engine/gesture'
import { type Border, bordersOf, cornersBetween } from './borders'

const SQUARE: Border = { points: [at(0, 0), at(40, 0), at(40, 30), at(0, 30)], closed: true }
const spot = (edge: number, share = 0) => ({ edge, share })

describe('between two corners', () => {
  test('the shorter way is taken, or the other one', () => {
    expect(cornersBetween(SQUARE, spot(0), spot(2))).toEqual([at(40, 0)])
    expect(cornersBetween(SQUARE, spot(0), spot(3))).toEqual([])
    expect(cornersBetween(SQUARE, spot(0), spot(3), true)).toEqual([at(40, 0), at(40, 30)])
    expect(cornersBetween(SQUARE, spot(3), spot(0), true)).toEqual([at(40, 30), at(40, 0)])
  })

  test('past the corner where the ring begins', () => {
    expect(cornersBetween(SQUARE, spot(3, 0.1), spot(0, 0.1))).toEqual([at(0, 0)])
    expect(cornersBetween(SQUARE, spot(0, 0.1), spot(3, 0.1))).toEqual([at(0, 0)])
  })
})

test('places on edges are passed in their order, and on one edge there is no corner between', () => {
  expect(cornersBetween(SQUARE, spot(0, 0.5), spot(1, 0.5))).toEqual([at(40, 0)])
  expect(cornersBetween(SQUARE, spot(1, 0.5), spot(0, 0.5))).toEqual([at(40, 0)])
  expect(cornersBetween(SQUARE, spot(0, 0.2), spot(0, 0.8))).toEqual([])
  expect(cornersBetween(SQUARE, spot(0, 0.2), spot(0, 0.8), true)).toEqual([at(0, 0), at(0, 30), at(40, 30), at(40, 0)])
})

test('an open line has one way only, forwards and back', () => {
  const line: Border = { points: [at(0, 0), at(10, 0), at(20, 0), at(30, 0)], closed: false }

  expect(cornersBetween(line, spot(0), spot(2, 0.5))).toEqual([at(10, 0), at(20, 0)])
  expect(cornersBetween(line, spot(2, 0.5), spot(0), true)).toEqual([at(20, 0), at(10, 0)])
})

test('rings, rectangles and lines are borders; dots and pixels are none', () => {
  const outline = [{ type: 'rect', left: 0, top: 0, right: 2, bottom: 1 }, { type: 'dot', point: at(1, 1) }, { type: 'area', rings: [[at(0, 0)], [at(1, 1)]] }] as const

  expect(bordersOf(outline).map(({ points }) => points.length)).toEqual([4, 1, 1])
})
