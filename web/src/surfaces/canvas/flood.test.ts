// Filling finds what is joined to a point and alike, and nothing beyond.

import { expect, test } from 'vitest'
import { scaledTo } from './filling'
import { columnRuns, flood, type Flooded, type Pixels } from './flood'

/** Grey pixels from rows of digits, 20 apart. */
function picture(...rows: readonly string[]): Pixels {
  const data = new Uint8ClampedArray(rows.join('').split('').flatMap((digit) => [20 * Number(digit), 20 * Number(digit), 20 * Number(digit), 255]))
  return { data, width: rows[0]?.length ?? 0, height: rows.length }
}

function shown(found: Flooded | null): readonly (string | number)[] {
  if (found === null) return []
  return [found.left, found.top, ...Array.from({ length: found.height }, (_, y) => [...found.on.subarray(y * found.width, (y + 1) * found.width)].map((on) => (on ? '#' : '.')).join(''))]
}

const SPIRAL = picture('000000', '055550', '050050', '055050', '000050', '555550')

test('what is joined and alike is filled, round corners too', () => {
  expect(shown(flood(SPIRAL, { x: 1.5, y: 1.2 }, 0))).toEqual([0, 1, '.####', '.#..#', '.##.#', '....#', '#####'])
})

test('what differs by no more than the tolerance is filled', () => {
  const slope = picture('0123', '9129')

  expect(shown(flood(slope, { x: 0, y: 0 }, 39))).toEqual([0, 0, '##', '.#'])
  expect(shown(flood(slope, { x: 0, y: 0 }, 40))).toEqual([0, 0, '###', '.##'])
})

test('a picture of one colour is filled to its edges, and nothing is filled outside', () => {
  expect(shown(flood(picture('111', '111'), { x: 2, y: 1 }, 0))).toEqual([0, 0, '###', '###'])
  expect(flood(SPIRAL, { x: -0.1, y: 2 }, 10)).toBeNull()
  expect(flood(SPIRAL, { x: 2, y: 6 }, 10)).toBeNull()
})

test('runs go down the columns', () => {
  expect(columnRuns({ left: 0, top: 0, width: 2, height: 3, on: new Uint8Array([0, 1, 1, 1, 1, 0]) })).toEqual([1, 4, 1])
})

test('what was found in a smaller copy is told in the picture’s own pixels', () => {
  const found = flood(picture('010', '010'), { x: 1, y: 0 }, 0)

  expect(shown(found && scaledTo(found, { width: 3, height: 2 }, { width: 6, height: 4 }))).toEqual([2, 0, '##', '##', '##', '##'])
})
