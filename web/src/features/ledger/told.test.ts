import { expect, test } from 'vitest'
import { sourcesOf, type Told } from './told'

const line: Told = { id: 'a', formula: 1, currency: 'EUR', digits: 2, amount: 1, made: [], answers: 0, activeMs: 0, paidMs: 0, reviewMs: 0, flags: 0 }

test('only what a line comes from can be opened', () => {
  expect(sourcesOf(line)).toEqual([])
  expect(sourcesOf({ ...line, answers: 3, activeMs: 9 })).toEqual([{ of: 'answers', n: 3 }])
  expect(sourcesOf({ ...line, answers: -1 })).toEqual([{ of: 'answers', n: null }])
  expect(sourcesOf({ ...line, activeMs: 5, reviewMs: 5, flags: 2 }).map((one) => one.of)).toEqual(['reviews', 'flags'])
  expect(sourcesOf({ ...line, made: [{ of: 'corrections', amount: 5, how: '' }] }).map((one) => one.of)).toEqual(['corrections'])
})
