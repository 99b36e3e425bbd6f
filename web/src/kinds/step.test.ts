// What a key says of the step that the keyboard is at.

import { expect, test } from 'vitest'
import { readSchema } from '../engine/schema'
import { step } from './step'

const [field, must] = readSchema({
  karat_schema: 1,
  streams: { trace: { kind: 'trace' } },
  fields: { wrong: { kind: 'step', on: 'trace' }, must: { kind: 'step', on: 'trace', required: true, none: false } },
}).fields as [never, never]

test('the step at the keyboard is taken, and taken back by the same key', () => {
  const taken = step.press(field, undefined, 'here', [], '3')

  expect(taken).toEqual({ part: '3' })
  expect(step.press(field, taken, 'here', [], '3')).toBeUndefined()
  expect(step.press(field, taken, 'here', [], '5')).toEqual({ part: '5' })
  expect(step.press(must, { part: '3' }, 'here', [], '3')).toEqual({ part: '3' })
})

test('none of them is an answer; the keyboard begins at the first step', () => {
  expect(step.press(field, { part: '3' }, 'none', [], '3')).toEqual({})
  expect(step.press(field, undefined, 'here', [], null)).toEqual({ part: '0' })
  expect(step.keys(must).map((option) => option.value)).toEqual(['here'])
})

test('a step is called by its number from 1 on, and marked on the surface', () => {
  expect(step.summary({ part: '3' }, field)).toBe('Step 4')
  expect(step.markOf?.({ part: '3' }, '3')?.text).toBe('Step 4')
  expect(step.markOf?.({ part: '3' }, '4')).toBeNull()
})

test('in a tree the keyboard begins at the first message, and messages are counted as they are listed', () => {
  const keys = ['b7', 'a1', 'c3']

  expect(step.press(field, undefined, 'here', keys, null)).toEqual({ part: 'b7' })
  expect(step.summary({ part: 'c3' }, field, keys)).toBe('Step 3')
})
