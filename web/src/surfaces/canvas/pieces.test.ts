// Pieces of a part of a picture, in the picture's own pixels.

import { expect, test } from 'vitest'
import { type Cut, labelAt, partOf } from './pieces'

/** The lower right of a picture of 10 × 8, at half its size: left half piece 0, right half piece 1. */
const CUT: Cut = { left: 2, top: 4, share: 0.5, width: 4, height: 2, labels: new Int32Array([0, 0, 1, 1, 0, 0, 1, 1]) }

test('the piece at a point is the one of the part that was looked at', () => {
  expect([labelAt(CUT, { x: 2.5, y: 4.5 }), labelAt(CUT, { x: 6, y: 7.9 }), labelAt(CUT, { x: 1.9, y: 5 }), labelAt(CUT, { x: 5, y: 8.1 })]).toEqual([0, 1, null, null])
})

test('a piece covers all pixels of the picture that it stands for', () => {
  const part = partOf(CUT, new Set([1]), { width: 10, height: 8 })

  expect(part && [part.left, part.top, part.width, part.height, [...part.on].every((on) => on === 1)]).toEqual([6, 4, 4, 4, true])
})

test('several pieces are one part, and none is nothing', () => {
  expect(partOf(CUT, new Set([0, 1]), { width: 10, height: 8 })?.width).toBe(8)
  expect(partOf(CUT, new Set([7]), { width: 10, height: 8 })).toBeNull()
})
