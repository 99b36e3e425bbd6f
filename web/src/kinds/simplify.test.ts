// Outlines with fewer corners stay where they were.

import { expect, test } from 'vitest'
import { polygon } from './polygon'
import type { Ring } from './rings'
import { simplified, toleranceOf } from './simplify'

const SQUARE: Ring = [[0, 0], [50, 0.2], [100, 0], [100, 50], [100, 100], [0, 100], [0.3, 40]]
const act = polygon.acts?.find((a) => a.id === 'simplify')

test('corners within the tolerance of a line go, all others stay where they are', () => {
  expect(simplified(SQUARE, 0.5)).toEqual([[0, 0], [100, 0], [100, 100], [0, 100]])
  expect(simplified(SQUARE, 0.25)).toEqual([[0, 0], [100, 0], [100, 100], [0, 100], [0.3, 40]])
})

test('a circle of 200 corners keeps its area to a hundredth', () => {
  const circle: Ring = Array.from({ length: 200 }, (_, i) => [500 + 300 * Math.cos((Math.PI * i) / 100), 500 + 300 * Math.sin((Math.PI * i) / 100)] as const)
  const made = simplified(circle, toleranceOf([circle]))
  const area = (ring: Ring): number => Math.abs(ring.reduce((sum, [x, y], i) => sum + x * (ring[(i + 1) % ring.length]?.[1] ?? 0) - (ring[(i + 1) % ring.length]?.[0] ?? 0) * y, 0)) / 2

  expect(made.length).toBeLessThan(60)
  expect(Math.abs(area(made) / area(circle) - 1)).toBeLessThan(0.01)
})

test('a triangle, and what would fall together, are left as they are', () => {
  const triangle: Ring = [[0, 0], [10, 0], [0, 10]]
  const sliver: Ring = [[0, 0], [100, 0.2], [100, 0.4], [0, 0.2]]

  expect(simplified(triangle, 50)).toBe(triangle)
  expect(simplified(sliver, 5)).toBe(sliver)
})

test('the act simplifies every ring of a polygon, and says when there is nothing to do', () => {
  const hole: Ring = [[20, 20], [40, 20.1], [60, 20], [60, 60], [20, 60]]

  expect(act?.run({ outer: [SQUARE], holes: [hole] }, {} as never, null, { at: { x: 0, y: 0 }, words: () => [] })).toEqual({ outer: [[[0, 0], [100, 0], [100, 100], [0, 100]]], holes: [[[20, 20], [60, 20], [60, 60], [20, 60]]] })
  expect(act?.run({ outer: [[[0, 0], [100, 0], [100, 100], [0, 100]]] }, {} as never, null, { at: { x: 0, y: 0 }, words: () => [] })).toBeNull()
})
