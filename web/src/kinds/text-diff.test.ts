import { expect, test } from 'vitest'
import { changesOf, folded, type Run } from './text-diff'

const side = (runs: readonly Run[], type: Run['type']): string => runs.filter((run) => run.type === 'same' || run.type === type).map((run) => run.text).join('')
const told = (runs: readonly Run[]): string => runs.map(({ type, text }) => (type === 'same' ? text : type === 'in' ? `{+${text}+}` : `[-${text}-]`)).join('')

test.each([
  ['the quick fox', 'the slow fox', 'the [-quick-]{+slow+} fox'],
  ['one two three four', 'one 2 3 four', 'one [-two three-]{+2 3+} four'],
  ['grey', 'gray', '[-grey-]{+gray+}'],
  ['', 'all new', '{+all new+}'],
  ['all gone', '', '[-all gone-]'],
  ['a\nb', 'a\n\nb', 'a\n{+\n+}b'],
  ['Он живёт в Москве', 'Он живёт в Казани', 'Он живёт в [-Москве-]{+Казани+}'],
  ['東京は大きい', '東京は小さい', '東京は[-大き-]{+小さ+}い'],
  ['the end', 'the end.', 'the end{+.+}'],
])('%j became %j', (before, after, expected) => {
  expect(told(changesOf(before, after).runs)).toBe(expected)
})

test.each([
  ['a  b c', 'a b  c d'],
  ['x y z x y z', 'y z x y'],
  ['no 🙂 yes', 'no 🙃🙂 yes!'],
  ['\r\nwindows\r\n', '\nunix\n'],
])('both texts can be read from the changes of %j and %j', (before, after) => {
  const { runs } = changesOf(before, after)

  expect(side(runs, 'out')).toBe(before)
  expect(side(runs, 'in')).toBe(after)
})

test('words that were put in and taken out are counted, signs and spaces are not', () => {
  expect(changesOf('It is, as said, a dog.', 'It was a small dog!')).toMatchObject({ wordsIn: 2, wordsOut: 3 })
})

test('texts that have nothing in common within the time are told as one piece taken out and one put in', () => {
  const before = Array.from({ length: 20_000 }, (_, i) => `a${i}`).join(' ')
  const after = Array.from({ length: 20_000 }, (_, i) => `b${(i * 7919) % 20_000}`).join(' ')

  expect(changesOf(before, after, 0).runs).toEqual([{ type: 'out', text: before }, { type: 'in', text: after }])
})

test('a word changed in a long text costs no comparison of the rest', () => {
  const long = 'lorem ipsum dolor '.repeat(6_000)

  expect(told(changesOf(`${long}old ${long}`, `${long}new ${long}`, 0).runs)).toBe(`${long}[-old-]{+new+} ${long}`)
})

test('what stayed is folded to what stands beside a change', () => {
  const text = 'x'.repeat(1000)

  expect(folded('short', false, false)).toBeNull()
  expect(folded(text, true, false)).toEqual({ head: '', tail: 'x'.repeat(240) })
  expect(folded(text, false, false)?.head).toHaveLength(240)
})

test('a change that is very long is shown by its ends, and no character is cut in two', () => {
  expect(folded('🙂'.repeat(1_000), false, false, 101)).toEqual({ head: '🙂'.repeat(51), tail: '🙂'.repeat(50) })
  expect(folded('x'.repeat(300), false, false, 100)).toBeNull()
})
