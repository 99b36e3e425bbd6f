// Which command a key means, and which two may not share one.

import { expect, test } from 'vitest'
import { clashes, type Command, command, commandFor, type Mode } from './command'

const made = (id: string, mode: Mode | undefined, when: boolean): Command<null> => command<null>({ id, title: id, group: '', keys: ['Backspace'], ...(mode ? { mode } : {}), when: () => when, run: () => undefined })

test('while a shape is drawn, or a corner is held, a key means that first', () => {
  const remove = made('remove', undefined, true)

  expect(commandFor([remove, made('back', 'drawing', true)], 'Backspace', null)?.id).toBe('back')
  expect(commandFor([remove, made('corner', 'corner', true)], 'Backspace', null)?.id).toBe('corner')
  expect(commandFor([remove, made('back', 'drawing', false)], 'Backspace', null)?.id).toBe('remove')
})

test('what is selected comes before answers about the item, which keep the keys that are left', () => {
  const answer = made('answer', 'idle', true)

  expect(commandFor([answer, made('attribute', 'selected', true)], 'Backspace', null)?.id).toBe('attribute')
  expect(commandFor([answer, made('attribute', 'selected', false)], 'Backspace', null)?.id).toBe('answer')
})

test('such a key is no clash with others, but with another of its own', () => {
  const shared = (...modes: (Mode | undefined)[]) => clashes(modes.map((mode, i) => made(String(i), mode, true))).length

  expect(shared(undefined, 'drawing', 'corner')).toBe(0)
  expect(shared('drawing', 'drawing')).toBe(1)
  expect(shared('selected', 'idle')).toBe(0)
  expect(shared(undefined, 'selected')).toBe(1)
})
