// What is about others follows them: when they go, when they are copied, and when both sides changed them.

import { expect, test } from 'vitest'
import { KINDS } from './index'
import { Activity } from '../engine/activity'
import { openPoints } from '../engine/check'
import { readSchema } from '../engine/schema'
import { ManualClock } from '../engine/testing/clock'
import type { Annotation, Task } from '../engine/types'
import { Work } from '../engine/work'

const SCHEMA = readSchema({
  streams: { text: { kind: 'text' } },
  fields: {
    words: { kind: 'span', on: 'text', many: true, labels: { person: {}, firm: {} } },
    links: { kind: 'relation', many: true, labels: { works_for: {} }, from: { words: ['person'] }, to: { words: ['firm'] } },
  },
})
const word = (id: string, start: number, label: string): Annotation => ({ id, field: 'words', kind: 'span', version: 1, label, value: [[start, start + 3]] })
const link = (id: string, from: string, to: string): Annotation => ({ id, field: 'links', kind: 'relation', version: 1, label: 'works_for', value: { from, to } })

function begun(...annotations: Annotation[]): Work {
  let n = 0
  const task = { assignment: null, item: { id: 'i', revision: 1, streams: {}, metadata: {} }, response: { id: 'r', revision: 1 }, draft: { seq: 1, annotations } } satisfies Task
  return new Work(task, SCHEMA, {}, new Activity(new ManualClock()), () => `new-${(n += 1)}`, KINDS)
}

const ids = (work: Work) => work.store.list().map((a) => a.id).sort()

test('a relation goes with its end, and one undo brings both back', () => {
  const work = begun(word('p', 0, 'person'), word('f', 9, 'firm'), link('r', 'p', 'f'))

  work.remove(['f'])
  const left = ids(work)
  work.undo()

  expect(left).toEqual(['p'])
  expect(ids(work)).toEqual(['f', 'p', 'r'])
  expect(work.history.canUndo).toBe(false)
})

test('relations among copies are between the copies; others are not copied', () => {
  const work = begun(word('p', 0, 'person'), word('f', 9, 'firm'), word('q', 20, 'person'), link('r', 'p', 'f'), link('s', 'q', 'f'))
  const copied = ['p', 'f', 'r', 's'].map((id) => work.store.get(id)).filter((a) => a !== null)

  const made = work.addCopies(copied)

  expect(made).toEqual(['new-1', 'new-2', 'new-3'])
  expect(work.store.get('new-3')?.value).toEqual({ from: 'new-1', to: 'new-2' })
})

test('what is about an annotation follows it to another id', () => {
  const work = begun(word('p', 0, 'person'), word('f', 9, 'firm'), link('r', 'p', 'f'))

  const changes = work.following(new Map([['f', 'g']]), ['p', 'r'])

  expect(changes.map((c) => c.after?.value)).toEqual([{ from: 'p', to: 'g' }])
})

test('a relation between ends of the wrong labels, or to one that is gone, keeps an answer from being handed in', () => {
  const work = begun(word('p', 0, 'person'), word('f', 9, 'firm'), link('r', 'f', 'p'), link('s', 'p', 'gone'))

  const points = openPoints(work, KINDS)

  expect(points.map((p) => [p.annotation, p.problem.path])).toEqual([['r', 'from'], ['r', 'to'], ['s', 'to']])
})
