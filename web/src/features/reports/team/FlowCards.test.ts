import { expect, test } from 'vitest'
import { daysSaid } from './FlowCards'

test('a forecast says its interval, an open end, and nothing from too few days', () => {
  expect(daysSaid({ value: 5, low: 4.2, high: 12, n: 14 }, 100)).toBe('5.0 days, 4.2–12')
  expect(daysSaid({ value: 5, low: 4.2, high: null, n: 14 }, 100)).toBe('5.0 days, 4.2 or more')
  expect(daysSaid({ value: null, n: 1 }, 100)).toBe('a forecast needs three days of work')
  expect(daysSaid({ value: 0, low: 0, high: 0, n: 9 }, 0)).toBe('nothing left')
})
