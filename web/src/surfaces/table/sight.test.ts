import { expect, test } from 'vitest'
import { edgesOf, inSight, scrolledTo, type Sizes } from './sight'

const sizes: Sizes = { row: 30, rows: 10_000, edges: edgesOf(Array.from({ length: 20 }, () => 100), 56) }

test('rows and columns in sight are laid out with a few beyond, and none that is not there', () => {
  expect(inSight(sizes, { top: 0, left: 0, width: 800, height: 600 })).toEqual({ rows: { from: 0, to: 26 }, columns: { from: 0, to: 9 } })
  expect(inSight(sizes, { top: 3_000, left: 500, width: 800, height: 600 })).toEqual({ rows: { from: 94, to: 126 }, columns: { from: 3, to: 14 } })
  expect(inSight(sizes, { top: 299_400, left: 1_256, width: 800, height: 600 })).toEqual({ rows: { from: 9_974, to: 10_000 }, columns: { from: 11, to: 20 } })
  expect(inSight({ ...sizes, rows: 0, edges: [56] }, { top: 0, left: 0, width: 800, height: 600 })).toEqual({ rows: { from: 0, to: 0 }, columns: { from: 0, to: 0 } })
})

test('scrolling by less than a row lays out nothing anew', () => {
  const before = inSight(sizes, { top: 3_001, left: 0, width: 800, height: 590 })

  expect(inSight(sizes, { top: 3_009, left: 10, width: 800, height: 590 }, before)).toBe(before)
  expect(inSight(sizes, { top: 3_061, left: 10, width: 800, height: 590 }, before)).not.toBe(before)
})

test('a row is scrolled to no farther than until it is whole, beside the head that stays', () => {
  expect(scrolledTo(300, [330, 360], 600, 30)).toBe(300)
  expect(scrolledTo(300, [300, 330], 600, 30)).toBe(270)
  expect(scrolledTo(300, [900, 930], 600, 30)).toBe(330)
  expect(scrolledTo(0, [700, 1_500], 600, 56)).toBe(644)
})
