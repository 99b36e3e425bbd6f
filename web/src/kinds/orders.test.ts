// What keys and hands make of an order, and what pressing an answer of a pair means on a screen.

import { expect, test } from 'vitest'
import { readSchema } from '../engine/schema'
import { movedTo, placedNext, stepped, tiedLast, valueOf } from './orders'
import { ranking } from './ranking'

const SCHEMA = readSchema({
  streams: { answers: { kind: 'candidates' } },
  fields: {
    pair: { kind: 'ranking', on: 'answers', pairwise: true, none_good: true, strengths: 2 },
    list: { kind: 'ranking', on: 'answers', none_good: true },
  },
})
const [pair, list] = SCHEMA.fields
if (!pair || !list) throw new Error('the schema has two fields')

test('the first answer of a pair is the first on this screen, whatever its key', () => {
  expect(ranking.press(pair, undefined, '1+2', ['y', 'x'])).toEqual({ order: [['y'], ['x']], strength: 2 })
  expect(ranking.press(pair, undefined, '2+1', ['y', 'x'])).toEqual({ order: [['x'], ['y']] })
})

test('a tie is written the same on every screen', () => {
  expect(ranking.press(pair, undefined, '=', ['y', 'x'])).toEqual(ranking.press(pair, undefined, '=', ['x', 'y']))
})

test('both bad has no order, and the same key again takes it back', () => {
  const bad = ranking.press(pair, undefined, '0', ['x', 'y'])

  expect(bad).toEqual({ order: [], none_good: true })
  expect(ranking.press(pair, bad, '0', ['x', 'y'])).toBeUndefined()
})

test('keys place one after the other, and the last one left has its place by itself', () => {
  const once = ranking.press(list, undefined, '3', ['a', 'b', 'c'])

  expect(once).toEqual({ order: [['c']] })
  expect(ranking.press(list, once, '1', ['a', 'b', 'c'])).toEqual({ order: [['c'], ['a'], ['b']] })
})

test('placing what has a place takes it out', () => {
  expect(placedNext([['a'], ['b']], 'a')).toEqual([['b']])
})

test('tying joins the last two places, and parts them again', () => {
  expect(tiedLast([['a'], ['b'], ['c']])).toEqual([['a'], ['b', 'c']])
  expect(tiedLast([['a'], ['b', 'c']])).toEqual([['a'], ['b'], ['c']])
})

test('a step up leaves a tie first, then passes the neighbour', () => {
  expect(stepped([['a'], ['b', 'c']], 'c', -1)).toEqual([['a'], ['c'], ['b']])
  expect(stepped([['a'], ['c'], ['b']], 'c', -1)).toEqual([['c'], ['a'], ['b']])
  expect(stepped([['c'], ['a']], 'c', 1)).toEqual([['a'], ['c']])
})

test('what is dragged comes before a place, or into it', () => {
  expect(movedTo([['a'], ['b'], ['c']], 'c', 0, false)).toEqual([['c'], ['a'], ['b']])
  expect(movedTo([['a'], ['b'], ['c']], 'a', 1, true)).toEqual([['b', 'a'], ['c']])
})

test('ties travel in the order of code points, as the server sorts them', () => {
  expect(valueOf({ order: [['\u{1F600}', '\uFF5E', 'b', 'B']], none_good: false, strength: 1 })).toEqual({ order: [['B', 'b', '\uFF5E', '\u{1F600}']] })
})

test('an answer is told by the letters of the screen', () => {
  expect(ranking.summary({ order: [['y'], ['x', 'z']] }, list, ['x', 'y', 'z'])).toBe('B > A = C')
})
