import { expect, test } from 'vitest'
import { ago, bytes, duration, fraction, initials, percent } from './format'

test('durations are written in the two largest units', () => {
  const written = [850, 4200, 21_400, 95_000, 120_000, 5_400_000].map(duration)

  expect(written).toEqual(['850 ms', '4.2 s', '21 s', '1 min 35 s', '2 min', '1 h 30 min'])
})

test('a share below one percent keeps a digit', () => {
  const written = [0, 0.004, 0.59, 1].map(percent)

  expect(written).toEqual(['0 %', '0.4 %', '59 %', '100 %'])
})

test('a fraction never reads as minus zero', () => {
  expect(fraction(-0.001)).toBe('0.00')
})

test('sizes are written in decimal units', () => {
  expect([0, 999, 1200, 3_800_000_000].map(bytes)).toEqual(['0 B', '999 B', '1.2 kB', '3.8 GB'])
})

test('the past is minutes, hours, then days', () => {
  const now = Date.parse('2026-11-22T12:00:00Z')

  const written = ['2026-11-22T11:59:50Z', '2026-11-22T11:48:00Z', '2026-11-21T10:00:00Z', '2026-11-13T12:00:00Z'].map((at) => ago(at, now))

  expect(written).toEqual(['now', '12 min', '26 h', '9 d'])
})

test('initials are the first letters of the first and the last word', () => {
  expect(['Ana Kowalski', 'lena@northwind.example', 'Gus', '王伟'].map(initials)).toEqual(['AK', 'LE', 'GU', '王伟'])
})
