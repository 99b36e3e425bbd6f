import { expect, test } from 'vitest'
import { between, chance, edgesOf, points, sharesOf } from './words'

test('a difference is told in points with its sign', () => {
  expect([points(0.123), points(-0.03), points(0.001), between(-0.1, 0.2)]).toEqual(['+12', '−3', '0', '−10 … +20'])
})

test('a p value is never told as nothing', () => {
  expect([chance(0.00001), chance(0.04)]).toEqual(['< 0.001', '0.040'])
})

test('edges grow, or are no edges', () => {
  expect([edgesOf('10 20  30'), edgesOf(''), edgesOf('20 10'), edgesOf('ten')]).toEqual([[10, 20, 30], [], null, null])
})

test('shares are read by slice, names with spaces too', () => {
  expect([sharesOf('day 0.7, late night 0.3'), sharesOf(''), sharesOf('day'), sharesOf('day much')]).toEqual([{ day: 0.7, 'late night': 0.3 }, {}, null, null])
})
