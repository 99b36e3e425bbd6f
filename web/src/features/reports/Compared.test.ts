// Why a table of sources cannot be, and how p is said.
import { expect, it } from 'vitest'
import { pValue, reason } from './Compared'
import { m } from './messages'

it('says why there is no table', () => {
  expect(reason({ n_answers: 0, known: 0 })).toBe(m.noVotes)
  expect(reason({ n_answers: 9, known: 1 })).toBe(m.noSources)
  expect(reason({ n_answers: 9, known: 2400 })).toMatch(/^2[\s,.]?400 sources/)
})

it('gives no p below a thousandth, and none without answers', () => {
  expect([pValue(0.00004), pValue(0.0456), pValue(null)]).toEqual(['< 0.001', '0.05', '–'])
})
