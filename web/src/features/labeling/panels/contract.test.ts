import { expect, test } from 'vitest'
import { isReady, readPanel } from './contract'

test.each([
  [{ karat: 1, type: 'set', field: 'hex', value: '#ff0000' }],
  [{ karat: 1, type: 'set', field: 'hex', value: null }],
  [{ karat: 1, type: 'remove', field: 'hex' }],
  [{ karat: 1, type: 'problem', text: 'no picture' }],
  [{ karat: 1, type: 'key', key: 'a', code: 'KeyA', ctrlKey: false, altKey: false, shiftKey: false, metaKey: false }],
] as const)('%o is taken as it is', (said) => {
  expect(readPanel(said)).toEqual(said)
})

const circle: unknown[] = []
circle.push(circle)

test.each([
  [null],
  ['set'],
  [{ type: 'set', field: 'hex', value: 1 }],
  [{ karat: 2, type: 'set', field: 'hex', value: 1 }],
  [{ karat: 1, type: 'run', code: 'alert()' }],
  [{ karat: 1, type: 'set', field: 3, value: 1 }],
  [{ karat: 1, type: 'set', field: 'hex' }],
  [{ karat: 1, type: 'set', field: 'hex', value: circle }],
  [{ karat: 1, type: 'set', field: 'hex', value: 10n }],
  [{ karat: 1, type: 'set', field: 'hex', value: 'x'.repeat(1_000_001) }],
  [{ karat: 1, type: 'height', height: Number.NaN }],
  [{ karat: 1, type: 'key', key: 'x'.repeat(40), code: 'KeyX' }],
  [{ karat: 1, type: 'key', key: 'a' }],
])('%o is no message', (said) => {
  expect(readPanel(said)).toBeNull()
})

test('a height is kept within what a screen can show', () => {
  expect(readPanel({ karat: 1, type: 'height', height: 9e9 })).toEqual({ karat: 1, type: 'height', height: 1200 })
  expect(readPanel({ karat: 1, type: 'height', height: -1 })).toEqual({ karat: 1, type: 'height', height: 60 })
})

test('a value is what JSON carries of it', () => {
  expect(readPanel({ karat: 1, type: 'set', field: 'hex', value: new Date(0), more: 1 })).toEqual({ karat: 1, type: 'set', field: 'hex', value: '1970-01-01T00:00:00.000Z' })
})

test('ready is the only word before there is a port', () => {
  expect(isReady({ karat: 1, type: 'ready' })).toBe(true)
  expect(isReady({ karat: 1, type: 'set' })).toBe(false)
})
