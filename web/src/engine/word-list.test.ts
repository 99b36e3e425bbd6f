// A list of words in a text: whole words, the longest first, capitals by the list's rule, scripts without spaces too.

import { expect, test } from 'vitest'
import { WordList } from './word-list'

const found = (text: string, entries: readonly (readonly [string, string])[], exact = false) => new WordList(entries, exact).find(text).map(({ start, end, label }) => `${text.slice(start, end)}/${label}`)

test('only whole words, and the longest that begin at a place', () => {
  const list = [['potassium', 'drug'], ['low potassium', 'finding'], ['low potassium intake', 'habit'], ['salt', 'drug']] as const
  expect(found('Low potassium, saltless salt and low  potassium\tintake.', list)).toEqual(['Low potassium/finding', 'salt/drug', 'low  potassium\tintake/habit'])
})

test('capitals count where the list says so, and of words twice the first label holds', () => {
  const list = [['US', 'place'], ['us', 'people']] as const
  expect(found('us and US', list)).toEqual(['us/place', 'US/place'])
  expect(found('us and US', list, true)).toEqual(['us/people', 'US/place'])
})

test('marks written in two ways are one, and what grows when it is made small keeps its place', () => {
  expect(found('Zu\u0308rich, \u0130zmir', [['z\u00fcrich', 'a'], ['\u0130zmir', 'b']])).toEqual(['Zu\u0308rich/a', '\u0130zmir/b'])
})

test('words of a script without spaces are found', () => {
  expect(found('\u6211\u4f4f\u5728\u6771\u4eac\u3002', [['\u6771\u4eac', 'place']])).toEqual(['\u6771\u4eac/place'])
})

test('nothing is found where the beginning of a longer one goes on otherwise', () => {
  expect(found('new york state of mind', [['new york city', 'a'], ['york', 'b']])).toEqual(['york/b'])
})
