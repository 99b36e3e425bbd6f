import { expect, test } from 'vitest'
import type { PairCell, Week } from '../../../api/boards'
import { filled } from '../DayChart'
import { ordered } from '../Matrix'
import { endSaid, lastOf } from './Ahead'
import { pointsOf, scaleOf } from './Trend'

const measure = (value: number | null, n: number) => ({ value, low: value === null ? null : value - 0.03, high: value === null ? null : value + 0.03, n, enough: n >= 30 })
const week = (day: string, value: number | null, n: number) => ({ week: day, agreement: measure(value, n) }) as unknown as Week

test('a line has no point where a week has too little, and its scale holds every interval', () => {
  const points = pointsOf([week('2026-11-02', 0.8, 40), week('2026-11-09', 0.2, 3), week('2026-11-16', 0.92, 60)], 'agreement')

  expect(points.map((p) => [p.at, p.value])).toEqual([[0, 0.8], [2, 0.92]])
  expect(scaleOf(points)).toEqual([0.7, 1])
})

test('the end says its day with the interval, an open end, and nothing from too few days', () => {
  const now = Date.parse('2026-11-22T12:00:00Z')
  expect(endSaid({ value: 5, low: 4.2, high: 12, n: 14 }, 100, now).interval).toContain('–')
  expect(endSaid({ value: 5, low: 4.2, high: null, n: 14 }, 100, now).interval).toContain('or later')
  expect(endSaid({ value: null, n: 1 }, 100, now)).toEqual({ day: '–', interval: 'needs three days of work' })
  expect(endSaid({ value: 0, n: 9 }, 0, now).day).toBe('nothing left')
})

test('a project is done with the work that ends last, and an end that nobody knows is later than any', () => {
  const of = (name: string, left: number, value: number | null) => ({ of: name, left, days: { value, low: null, high: null, n: 9, enough: true } }) as never
  expect(lastOf([of('answers', 10, 4), of('judged', 3, 9)])?.of).toBe('judged')
  expect(lastOf([of('answers', 10, null), of('judged', 3, 9)])?.of).toBe('answers')
  expect(lastOf([of('answers', 0, 0)])).toBeUndefined()
})

test('authors stand as they came, by name, or those who agree least with the others first', () => {
  const authors = ['c', 'a', 'b'].map((id) => ({ id, name: id.toUpperCase(), type: 'person' as const }))
  const cell = (a: string, b: string, value: number) => ({ a, b, value, n: 40 }) as PairCell
  const cells = [cell('a', 'b', 0.9), cell('a', 'c', 0.5), cell('b', 'c', 0.4)]

  expect(ordered(authors, cells, 'near').map((x) => x.id).join('')).toBe('cab')
  expect(ordered(authors, cells, 'name').map((x) => x.id).join('')).toBe('abc')
  expect(ordered(authors, cells, 'least').map((x) => x.id).join('')).toBe('cba')
})

test('a day keeps how many items it opens', () => {
  const days = filled([{ day: '2026-11-21', n: 5, items: 3 }], 'week', new Date('2026-11-22T12:00:00Z'))

  expect(days.slice(-2)).toEqual([{ day: '2026-11-21', n: 5, items: 3 }, { day: '2026-11-22', n: 0 }])
})
