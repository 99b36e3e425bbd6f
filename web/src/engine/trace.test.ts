import { expect, test } from 'vitest'
import { briefly, formatted, wordsOf } from './trace'

test('arguments and results that are JSON are set out, others stay as they are', () => {
  expect(formatted({ city: 'Kyoto' })).toBe('{\n  "city": "Kyoto"\n}')
  expect(formatted('[1]')).toBe('[\n  1\n]')
  expect(formatted('[not JSON')).toBe('[not JSON')
  expect(formatted('ls -la')).toBe('ls -la')
})

test('a call is copied with what came back', () => {
  expect(wordsOf({ kind: 'call', tool: 'sh', arguments: 'ls', result: 'a.txt' })).toBe('sh ls\na.txt')
  expect(wordsOf({ kind: 'thought', text: 'Hm.' })).toBe('Hm.')
})

test('a folded step is one line of what it says', () => {
  expect(briefly({ kind: 'call', tool: 'add', arguments: { a: 1 }, result: '2\n' })).toBe('{"a":1} → 2')
  expect(briefly({ kind: 'message', role: 'user', text: 'a '.repeat(100) }).length).toBe(120)
})
