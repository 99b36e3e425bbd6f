import { expect, test } from 'vitest'
import type { Point } from '../../engine/gesture'
import { straightened } from './paths'
import { distanceToEdge } from './scene'

const ring = (count: number, radius: number): Point[] =>
  Array.from({ length: count }, (_, i) => ({ x: radius * Math.cos((2 * Math.PI * i) / count), y: radius * Math.sin((2 * Math.PI * i) / count) }))

/** How far the farthest of the points lies beside a line. */
const astray = (points: readonly Point[], line: readonly Point[]): number =>
  Math.max(...points.map((p) => Math.min(...line.slice(1).map((b, i) => distanceToEdge(p, line[i] ?? b, b)))))

test('a straight line of many points keeps its two ends', () => {
  const line = Array.from({ length: 50 }, (_, i) => ({ x: i, y: 2 * i }))

  expect(straightened(line, 0.5)).toEqual([line[0], line[49]])
})

test('a circle of fifty points is drawn with a third of them, and none lies farther away than said', () => {
  const circle = ring(50, 10)

  const left = straightened(circle, 0.5)

  expect(left.length).toBeLessThan(18)
  expect(astray(circle, left)).toBeLessThanOrEqual(0.5)
})

test('corners that stand out stay, also where a line runs back along itself', () => {
  const spike = [{ x: 0, y: 0 }, { x: 5, y: 0 }, { x: 10, y: 0 }, { x: 5, y: 0 }, { x: 0, y: 0 }, { x: 0, y: 8 }]

  const left = straightened(spike, 0.5)

  expect(left).toContainEqual({ x: 10, y: 0 })
  expect(left.at(-1)).toEqual({ x: 0, y: 8 })
  expect(astray(spike, left)).toBeLessThanOrEqual(0.5)
})

test('a shape smaller than what can be seen is its two ends', () => {
  expect(straightened(ring(50, 0.1), 0.5).length).toBe(2)
})
