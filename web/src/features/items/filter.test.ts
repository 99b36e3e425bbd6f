import { expect, test } from 'vitest'
import { describe as inWords, readFilter, searchOf, typed, withSearch } from './filter'

test('a typed number is a number and a number with a leading zero stays text', () => {
  expect(['12', '1.5', '007', 'true', ' rain'].map(typed)).toEqual([12, 1.5, '007', true, ' rain'])
})

test('the quick search replaces the one before it and leaves other conditions', () => {
  const filter = withSearch(withSearch({ all: [{ tag: 'night' }] }, 'card'), 'fee')

  expect(filter).toEqual({ all: [{ tag: 'night' }, { text: { contains: 'fee' } }] })
  expect(searchOf(filter)).toBe('fee')
})

test('what is not a filter in the address is no filter', () => {
  expect([null, 'x', { all: 3 }, { all: [{ a: 1, b: 2 }] }].map(readFilter)).toEqual([{ all: [] }, { all: [] }, { all: [] }, { all: [] }])
})

test('a condition reads as words', () => {
  const said = inWords({ responses: { op: 'ge', value: 2 } }, undefined, undefined)

  expect(`${said.name} ${said.value}`).toBe('responses at least 2')
})
