// Keys as a file: what was written is read again, and what is no key is left out and counted.

import { expect, test } from 'vitest'
import { fileOf, holding, keysOf } from './key-map'

test('chosen keys are written and read again', () => {
  const keys = { 'labeling.submit': ['Space', 'Ctrl+Enter'], 'view.plus': ['+', 'Ctrl++'], 'paint.eraser': [] }

  expect(keysOf(fileOf(keys))).toEqual({ keys, wrong: 0 })
})

test('lines that are no keys are left out and counted', () => {
  const file = { karat_keys: 1, keys: { good: ['Shift+A'], lower: ['a'], swapped: ['Shift+Ctrl+A'], number: 3, 'no id': ['B'], tab: ['Tab'], held: ['Ctrl'] } }

  expect(keysOf(JSON.stringify(file))).toEqual({ keys: { good: ['Shift+A'] }, wrong: 6 })
})

test.each(['', 'x', '[]', '{"keys": {}}', '{"karat_keys": 2, "keys": {}}', '{"karat_keys": 1, "keys": []}'])('%j is no file of keys', (text) => {
  expect(keysOf(text)).toBeNull()
})

test('keys of this project go before those of all', () => {
  expect(holding({ everywhere: { 'labeling.submit': ['Space'], 'view.keys': ['?'] }, here: { 'labeling.submit': ['Enter'] } })).toEqual({ 'labeling.submit': ['Enter'], 'view.keys': ['?'] })
  expect(holding({})).toEqual({})
})
