import { expect, test } from 'vitest'
import { reasonsOf, skipWords, type Skipping } from './skipping'

const skipping: Skipping = {
  reasons: Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`r${i}`, `Reason ${i}`])),
  rules: { label: { requeue: 'none', sends: false }, second: { requeue: 'others', sends: true }, third: { requeue: 'me', sends: false } },
}

test('a reason has a digit as long as there are digits', () => {
  expect(reasonsOf(skipping).map((one) => one.digit)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, null, null])
  expect(reasonsOf(undefined)).toHaveLength(1)
})

test('what happens is said for the stage at hand, else for the one where work begins', () => {
  expect(skipWords(skipping, 'second', 'r1')[0]).toContain('enough people have skipped')
  expect(skipWords(skipping, 'third', 'r1')[0]).toContain('to you again later')
  expect(skipWords(skipping, undefined, 'r1')[0]).toContain('set aside')
  expect(skipWords(skipping, 'gone', 'r1')[0]).toContain('set aside')
  expect(skipWords(skipping, 'label', 'r1')[1]).toContain('Reviewers and managers')
})

test('what was drawn stays with the report of an item that cannot be shown', () => {
  expect(skipWords(skipping, 'label', 'broken').at(-1)).toContain('stays with your reason')
  expect(skipWords(undefined, undefined, 'r1')).toEqual(['What you did on it is let go.'])
})
