// Superpixels of small pictures whose edges are known.

import { expect, test } from 'vitest'
import type { Pixels } from './flood'
import { superpixels } from './slic'

function picture(width: number, height: number, grey: (x: number, y: number) => number): Pixels {
  const data = new Uint8ClampedArray(4 * width * height)
  for (let at = 0; at < width * height; at += 1) data.set([grey(at % width, Math.floor(at / width)), grey(at % width, Math.floor(at / width)), 40, 255], 4 * at)
  return { data, width, height }
}

test('a picture of one colour falls into about so many squares as there is room for', () => {
  const labels = superpixels(picture(60, 40, () => 90), 10)

  expect(new Set(labels).size).toBe(24)
})

test('no superpixel lies on both sides of an edge, though the edge is off the grid', () => {
  const labels = superpixels(picture(60, 40, (x) => (x < 23 ? 20 : 220)), 10)
  const [left, right] = [new Set<number>(), new Set<number>()]
  labels.forEach((label, at) => (at % 60 < 23 ? left : right).add(label))

  expect([...left].filter((label) => right.has(label))).toEqual([])
})

test('each is in one piece, and none is a speck', () => {
  const [width, height] = [50, 50]
  const labels = superpixels(picture(width, height, (x, y) => ((x * 7 + y * 13) % 5) * 50), 10)
  const sizes = Map.groupBy(labels.keys(), (at) => labels[at] ?? 0)
  for (const all of sizes.values()) expect(reached(all, width).size).toBe(all.length)

  expect(Math.min(...[...sizes.values()].map((all) => all.length))).toBeGreaterThanOrEqual(25)
})

function reached(all: readonly number[], width: number): Set<number> {
  const members = new Set(all)
  const seen = new Set(all.slice(0, 1))
  for (const at of seen) for (const next of [at % width > 0 ? at - 1 : -1, (at + 1) % width > 0 ? at + 1 : -1, at - width, at + width]) if (members.has(next)) seen.add(next)
  return seen
}

test('the same picture gives the same superpixels', () => {
  const one = picture(30, 30, (x, y) => (x * y) % 256)

  expect(superpixels(one, 8)).toEqual(superpixels(one, 8))
})
