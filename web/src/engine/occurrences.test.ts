// The same words elsewhere, in scripts with and without spaces, in both directions, never in the middle of a character.

import { expect, test } from 'vitest'
import { occurrences } from './occurrences'

const WHOLE = { whole: true, exact: false }
const PARTS = { whole: false, exact: false }
const found = (text: string, wanted: string, ways = WHOLE) => occurrences(text, wanted, ways).map(({ start, end }) => [start, text.slice(start, end)])

test('whole words are found whatever their capitals, and parts of words only if asked', () => {
  const text = 'Rest, then rest again; restless.'

  expect(found(text, 'rest')).toEqual([[0, 'Rest'], [11, 'rest']])
  expect(found(text, 'rest', PARTS)).toEqual([[0, 'Rest'], [11, 'rest'], [23, 'rest']])
  expect(found(text, 'rest', { whole: true, exact: true })).toEqual([[11, 'rest']])
})

test('signs in the words mean themselves, and any white space is white space', () => {
  expect(found('a+b (c) a+b\n(c)', 'a+b (c)')).toEqual([[0, 'a+b (c)'], [8, 'a+b\n(c)']])
})

test('Arabic and Hebrew words are found in a line that is read both ways', () => {
  expect(found('قال الطبيب ABC ثم قال الطبيب', 'الطبيب')).toEqual([[4, 'الطبيب'], [22, 'الطبيب']])
  expect(found('שלום Ada, שלום', 'שלום')).toEqual([[0, 'שלום'], [10, 'שלום']])
})

test('Chinese and Japanese words are found without spaces between them', () => {
  expect(found('体重を測る。体重は重い', '体重')).toEqual([[0, '体重'], [6, '体重']])
})

test('a person in an emoji of several people, and a letter under a mark, are no occurrence', () => {
  expect(found('👩 and 👩‍👩‍👧 and 👩🏽‍⚕️', '👩', PARTS)).toEqual([[0, '👩']])
  expect(found('cafe cafe\u0301', 'cafe', PARTS)).toEqual([[0, 'cafe']])
})
