// Lines between spans keep out of the words: above them on one line, along the margin between lines.

import { expect, test } from 'vitest'
import { arcsOf, deepest, levelsFor, moreHeight } from './arcs'

const at = (x: number, top: number) => ({ x, top })

test('on one line, the arc runs above the words from the middle of one to the middle of the other', () => {
  const [arc] = arcsOf([{ from: at(100, 50), to: at(300, 50) }])

  expect(arc?.label).toEqual({ x: 200, y: 41 })
  expect(arc?.end.x).toBe(300)
})

test('arcs over one another have different heights, the shorter one the lower', () => {
  const [long, short] = arcsOf([{ from: at(0, 50), to: at(400, 50) }, { from: at(100, 50), to: at(200, 50) }])

  expect(short?.label.y).toBe(41)
  expect(long?.label.y).toBe(33)
})

test('between lines, the line goes by the margin left of all words', () => {
  const [arc] = arcsOf([{ from: at(200, 50), to: at(300, 160) }])

  expect(arc?.path).toContain('Q-12 41 -12 45V147')
  expect(arc?.end).toEqual({ x: 300, y: 159 })
})

test('a sentence with many arcs gets a level for each, as far apart as their names are high', () => {
  const nested = [1, 2, 3, 4, 5].map((n) => ({ from: at(100 - 10 * n, 200), to: at(100 + 10 * n, 200) }))
  const levels = levelsFor(deepest(nested.map(({ from, to }) => [from.x, to.x])))

  const heights = arcsOf(nested, levels).map((arc) => arc.label.y)

  expect(heights).toEqual([191, 178, 165, 152, 139])
  expect(moreHeight(levels)).toBe(7 * 13 - 16)
})

test('few arcs lie as near as before, and stretches that only touch are not over one another', () => {
  expect(moreHeight(levelsFor(deepest([[0, 5], [5, 9], [9, 12]])))).toBe(0)
  expect(deepest([[0, 5], [5, 9], [12, 9]])).toBe(1)
  expect(deepest([])).toBe(0)
})

test('a line by the margin keeps above the arcs of both of its lines', () => {
  const [first, second, long] = arcsOf([{ from: at(20, 50), to: at(90, 50) }, { from: at(20, 160), to: at(90, 160) }, { from: at(100, 50), to: at(100, 160) }], levelsFor(4))

  expect([first?.label.y, second?.label.y]).toEqual([41, 151])
  expect(long?.path).toContain('28')
  expect(long?.path).toContain('138')
})
