import { expect, test } from 'vitest'
import { filled, nice } from './DayChart'

test('days without responses stand in the chart as zero', () => {
  const days = filled([{ day: '2026-11-20', n: 5 }], 'week', new Date('2026-11-22T12:00:00Z'))

  expect(days.map((d) => d.n)).toEqual([0, 0, 0, 0, 5, 0, 0])
})

test('the axis ends at the next round number', () => {
  expect([0, 7, 20, 41, 380].map(nice)).toEqual([1, 10, 20, 50, 500])
})
