// Keys of kinds: several kinds stand on one screen, so what each brings with it must not meet.

import { expect, test } from 'vitest'
import { KINDS } from './index'

const canvas = [...KINDS.values()].filter((kind) => kind.surface === 'canvas')

test('no two tools, joins or acts on pictures have a key in common', () => {
  const keys = canvas.flatMap((kind) => [kind.tool, ...(kind.joins ?? []), ...(kind.acts ?? [])].map((one) => one.key))

  expect(keys).toEqual([...new Set(keys)])
})

test('what is said while drawing leaves the keys that end a shape or take a point back', () => {
  const said = canvas.flatMap((kind) => (kind.sayings ?? []).flatMap((saying) => saying.keys))

  expect(said.filter((key) => ['Enter', 'Esc', 'Backspace', 'Ctrl+Z', 'Space'].includes(key))).toEqual([])
})

test('an act at a handle and what begins a shape have keys of their own: both may be meant at once', () => {
  const acts = canvas.flatMap((kind) => (kind.acts ?? []).map((act) => act.key))
  const begins = canvas.flatMap((kind) => (kind.sayings ?? []).filter((saying) => saying.begins).flatMap((saying) => saying.keys))

  expect(begins.filter((key) => acts.includes(key))).toEqual([])
})
