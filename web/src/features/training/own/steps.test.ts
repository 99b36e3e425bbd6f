import { expect, test } from 'vitest'
import type { Course } from '../../../api/training'
import { leastOf } from '../Meaning'
import { decisionsFor } from '../Standings'
import { nextOf, passedBetween, stepsOf } from './steps'

const PARTS: Course['parts'] = [{ part: 'practice', items: 5, least: 5 }, { part: 'test', items: 15, least: 6 }]
const at = (state: Course['state'], more: Partial<Course> = {}): Course => ({ has_course: true, state, guideline: '', done: 0, of: null, waits: false, parts: PARTS, until: null, tries_left: 2, why: '', reason: '', ...more })

test('the steps are the parts that the course has, and the work', () => {
  expect(stepsOf(at('test')).map(({ part, state }) => [part, state])).toEqual([['practice', 'done'], ['test', 'now'], ['working', 'next']])
  expect(nextOf(at('practice'))).toMatchObject({ part: 'test', items: 15, least: 6 })
})

test('whoever failed stands before the test that is to be passed', () => {
  expect(stepsOf(at('failed', { why: 'test' })).find((step) => step.state === 'now')?.part).toBe('test')
})

test('only a part that is behind was passed: a failure and a way back say nothing', () => {
  expect(passedBetween(at('practice'), at('test'))).toBe('practice')
  expect(passedBetween(at('test'), at('failed'))).toBeNull()
  expect(passedBetween(at('working'), at('practice', { why: 'guideline' }))).toBeNull()
})

test('the least that passes is what the server counts: 9 of 9 right tell 90 % from 75 % by no means, 13 do', () => {
  expect(leastOf({ good: 0.9, bad: 0.75, alpha: 0.05, beta: 0.1 })).toBe(13)
})

test('a paused person can be let in again, one who works cannot be waved through', () => {
  expect(decisionsFor({ state: 'paused' })).toContain('reinstate')
  expect(decisionsFor({ state: 'working' })).not.toContain('waive')
})
