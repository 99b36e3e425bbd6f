import { expect, test } from 'vitest'
import { aired, between, passageOf, within } from './regions'

const size = { width: 400, height: 300 }

test('a region has air around it and stays in the picture', () => {
  expect(aired([100, 100, 200, 50], size)).toEqual([60, 60, 280, 130])
  expect(aired([0, 0, 10, 10], size)).toEqual([0, 0, 34, 34])
  expect(within([390, 290, 100, 100], size)).toEqual([390, 290, 10, 10])
  expect(within([900, 900, 5, 5], size)).toEqual([399, 299, 1, 1])
})

test('a region is the same from whichever corner it is drawn', () => {
  expect(between({ x: 9, y: 2 }, { x: 3, y: 8 })).toEqual([3, 2, 6, 6])
})

test('marked words stand between some words around them; letters beyond the basic plane count once', () => {
  expect(passageOf('a 🚗 car', [[2, 3]])).toEqual({ before: 'a ', marked: '🚗', after: ' car' })
  const long = passageOf('x'.repeat(500), [[200, 210]])
  expect([long.before.length, long.marked.length, long.after.length]).toEqual([81, 10, 81])
  expect(passageOf('short', null)).toEqual({ before: 'short', marked: '', after: '' })
})
