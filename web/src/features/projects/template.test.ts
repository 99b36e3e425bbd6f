// A skeleton template changed in the form.

import { expect, test } from 'vitest'
import { READY } from '../../kinds/skeleton'
import { type Edited, fromReady, movedPoint, paired, renamedPoint, toggledEdge, withoutPoint, withPoints } from './template'

const SMALL: Edited = { points: ['a', 'b', 'c'], edges: [['a', 'b']], pairs: [['a', 'b']], places: { a: [0, 0], b: [1, 0], c: [0.5, 1] }, sigmas: { c: 0.1 } }
const person = READY['person']

test('a renamed point keeps its lines, pair, place and sigma', () => {
  expect(renamedPoint(SMALL, 0, 'top')).toEqual({ points: ['top', 'b', 'c'], edges: [['top', 'b']], pairs: [['top', 'b']], places: { top: [0, 0], b: [1, 0], c: [0.5, 1] }, sigmas: { c: 0.1 } })
  expect(renamedPoint(SMALL, 0, 'c')).toBe(SMALL)
})

test('a point goes with its lines and its pair', () => {
  expect(withoutPoint(SMALL, 1)).toEqual({ points: ['a', 'c'], edges: [], pairs: [], places: { a: [0, 0], c: [0.5, 1] }, sigmas: { c: 0.1 } })
})

test('a line is drawn between two points, and drawn again it goes', () => {
  expect(toggledEdge(SMALL, 2, 0).edges).toEqual([['a', 'b'], ['c', 'a']])
  expect(toggledEdge(SMALL, 1, 0).edges).toEqual([])
  expect(toggledEdge(SMALL, 1, 1)).toBe(SMALL)
})

test('a point is in one pair at most, the earlier one first', () => {
  expect(paired(SMALL, 2, 'a').pairs).toEqual([['a', 'c']])
  expect(paired(SMALL, 0, null).pairs).toEqual([])
})

test('a place stays in the picture', () => {
  expect(movedPoint(SMALL, 0, 0.333333, 2).places['a']).toEqual([0.33, 1])
})

test('a ready-made template that gets another point keeps its shape and its sigmas', () => {
  if (!person) throw new Error('no person among the ready-made')
  const more = withPoints(fromReady(person), ['tail', 'nose', 'tail'])

  expect(more.points).toEqual([...person.points, 'tail'])
  expect(more.places['left_wrist']).toEqual(person.places['left_wrist'])
  expect(more.sigmas).toEqual(person.sigmas)
})
