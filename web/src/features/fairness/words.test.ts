import { expect, test } from 'vitest'
import type { fairness as api } from '../../api'
import { between, chance, edgesOf, groupFindings, isWaitingFor, points, sharesOf } from './words'

test('a difference is told in points with its sign', () => {
  expect([points(0.123), points(-0.03), points(0.001), between(-0.1, 0.2)]).toEqual(['+12', '−3', '0', '−10 … +20'])
})

test('a p value is never told as nothing', () => {
  expect([chance(0.00001), chance(0.04)]).toEqual(['< 0.001', '0.040'])
})

test('edges grow, or are no edges', () => {
  expect([edgesOf('10 20  30'), edgesOf(''), edgesOf('20 10'), edgesOf('ten')]).toEqual([[10, 20, 30], [], null, null])
})

test('shares are read by slice, names with spaces too', () => {
  expect([sharesOf('day 0.7, late night 0.3'), sharesOf(''), sharesOf('day'), sharesOf('day much')]).toEqual([{ day: 0.7, 'late night': 0.3 }, {}, null, null])
})

test('what a closed gate waits for is a report, a newer one, or those who have not spoken and still can', () => {
  const seat = (id: string, lacks: 'membership' | null = null) => ({ person: { id, name: id, type: 'person' }, lacks })
  const gate = (state: string, voters: string[]) => ({ state, board: { members: [], quorum: 2 }, members: [seat('ann'), seat('bo'), seat('gone', 'membership')], votes: voters.map((id) => ({ by: { id }, undone_at: null })) }) as unknown as api.Gate
  const report = {} as api.Fairness['report']
  const wants = (state: string, voters: string[], known = report) => isWaitingFor({ gate: gate(state, voters), report: known })

  expect(wants('unsigned', ['ann'])).toEqual({ wants: 'votes', names: ['bo'] })
  expect(wants('no_report', [], null).wants).toBe('report')
  expect(wants('outgrown', ['ann', 'bo']).wants).toBe('newer')
  expect(wants('outgrown', [])).toEqual({ wants: 'votes', names: ['ann', 'bo'] })
  expect(wants('open', ['ann', 'bo']).wants).toBe(null)
})

test('what differs between groups is listed with the slice it is about, the largest first', () => {
  const figure = (measure: string, difference: number, differs = true) => ({ measure, value: 0.5, others: 0.4, difference, differs })
  const page = {
    groups: [{ title: 'Language', cells: [{ value: 'Thai', figures: [figure('right', 0.05), figure('agree', -0.2), figure('gold', 0.3, false)] }] }],
    crossed: [{ title: 'Language', key: 'light', cells: [{ value: 'Thai', cell: 'night', kind: 'value', figures: [figure('right', -0.25)] }] }],
  } as unknown as api.Fairness

  expect(groupFindings(page).map((one) => [one.measure, one.slice?.cell, one.difference])).toEqual([['agree', undefined, -0.2], ['right', undefined, 0.05], ['right', 'night', -0.25]])
})
