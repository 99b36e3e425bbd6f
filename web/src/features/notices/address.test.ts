import { expect, test } from 'vitest'
import type { Notice } from '../../api'
import { addressOf } from './NoticesPage'

const notice = (name: string, item: string | null): Notice => ({ id: 'n', name, workspace: 'w', project: 'p', title: 'T', thing: { type: 'thread', id: 't', item }, at: '', read_at: null }) as Notice

test('an expert is led to the queue, an annotator to their item', () => {
  expect(addressOf(notice('question', 'i'), true)).toBe('/p/p/questions')
  expect(addressOf(notice('answer', 'i'), false)).toBe('/p/p/label/i')
  expect(addressOf(notice('mention', 'i'), false)).toBe('/p/p/label/i')
})

test('a manager is led to the people about whom a rule has acted, and the person to their own work', () => {
  expect(addressOf(notice('rule-acted', null), true)).toBe('/p/p/people')
  expect(addressOf(notice('acted', null), false)).toBe('/work')
})

test('who is on a board, and whoever waits for it, is led to the report', () => {
  expect(['board-asked', 'board-blocked', 'board-opened', 'board-short'].map((name) => addressOf(notice(name, null), true))).toEqual(Array(4).fill('/p/p/fairness'))
})

test('what changed in the guideline is read there, and a job among the jobs', () => {
  expect(addressOf(notice('guideline', null), false)).toBe('/p/p/guideline')
  expect(addressOf(notice('job-done', null), true)).toBe('/w/w/jobs')
})
