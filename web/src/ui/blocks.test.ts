import { expect, test } from 'vitest'
import { hasLineOver, piecesOf } from './blocks'

const ends = (text: string, longest: number): string[] => piecesOf(text, longest).map(({ start, end }) => text.slice(start, end))

test('pieces hold whole lines together, and cut long ones at spaces', () => {
  expect(ends('one\ntwo\nthree four', 8)).toEqual(['one\ntwo', 'three four'])
  const line = 'word '.repeat(800)
  expect(ends(`a\n${line}\nb`, 1_000)).toEqual(['a', ...Array<string>(4).fill('word '.repeat(200)), 'b'])
})

test('pieces of a long line are read in the direction of the line, each with whole characters', () => {
  const pieces = piecesOf('א'.repeat(2_000) + 'x'.repeat(2_000) + '👩‍👩‍👧'.repeat(300), 1_000)
  expect(new Set(pieces.map((piece) => piece.direction))).toEqual(new Set(['rtl']))
  expect(pieces.length).toBeGreaterThan(4)
})

test.each([
  ['short\nlines', 5, false],
  ['short\nlonger\nx', 5, true],
  ['at the very end', 14, true],
  ['', 0, false],
])('%j has a line over %i: %j', (text, most, expected) => {
  expect(hasLineOver(text, most)).toBe(expected)
})
