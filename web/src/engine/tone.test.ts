// Brightness, contrast, gamma, channels and inversion, in numbers.

import { expect, test } from 'vitest'
import { applyTone, curveOf, isPlain, PLAIN, readTone } from './tone'

function shown(pixel: readonly number[], change: Partial<typeof PLAIN>): number[] {
  const pixels = new Uint8ClampedArray(pixel)
  applyTone(pixels, { ...PLAIN, ...change })
  return [...pixels]
}

test('as the picture is, every step stays what it is', () => {
  expect([...curveOf(PLAIN)]).toEqual(Array.from({ length: 256 }, (_, i) => i))
  expect(isPlain(PLAIN)).toBe(true)
})

test('brightness moves all channels, stops at the ends, and leaves alpha', () => {
  expect(shown([100, 200, 0, 128], { brightness: 20 })).toEqual([151, 251, 51, 128])
  expect(shown([100, 250, 0, 128], { brightness: 100 })).toEqual([255, 255, 255, 128])
})

test('contrast turns about the middle: none left is one grey, all of it is black and white', () => {
  expect(shown([0, 127, 255, 255], { contrast: -100 })).toEqual([128, 128, 128, 255])
  expect(shown([100, 127, 160, 255], { contrast: 100 })).toEqual([0, 0, 255, 255])
  expect(shown([64, 128, 191, 255], { contrast: 50 })).toEqual([0, 128, 254, 255])
})

test('gamma above one brings dark parts out: a sixteenth at 2 is a quarter', () => {
  expect(shown([16, 0, 255, 255], { gamma: 2 })).toEqual([64, 0, 255, 255])
})

test('one channel alone is shown as grey, inversion last', () => {
  expect(shown([10, 20, 30, 255], { channel: 'green' })).toEqual([20, 20, 20, 255])
  expect(shown([10, 20, 30, 255], { channel: 'blue', invert: true })).toEqual([225, 225, 225, 255])
  expect(isPlain({ ...PLAIN, channel: 'red' })).toBe(false)
})

test('what was kept is read back, and what makes no sense is left as the picture is', () => {
  const tone = { ...PLAIN, gamma: 1.5, channel: 'red' as const, invert: true }

  expect(readTone(JSON.stringify(tone))).toEqual(tone)
  expect(readTone('{"brightness": 900, "contrast": "much", "channel": "x"}')).toEqual(PLAIN)
  expect(readTone('no JSON')).toEqual(PLAIN)
  expect(readTone(null)).toEqual(PLAIN)
})
