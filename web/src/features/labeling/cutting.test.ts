// Two shapes of one and one of several, as steps of the work: what is kept, what goes, and what is about them.

import { expect, test } from 'vitest'
import { Activity } from '../../engine/activity'
import { readSchema } from '../../engine/schema'
import type { Annotation, Task } from '../../engine/types'
import { Work } from '../../engine/work'
import { KINDS } from '../../kinds'

const schema = readSchema({ karat_schema: 1, streams: { photo: { kind: 'image' } }, fields: { things: { kind: 'polyline', on: 'photo', many: true, labels: { lane: {} } }, links: { kind: 'relation', from: { things: [] }, to: { things: [] }, labels: { meets: {} } } } })

function line(id: string, x: number): Annotation {
  return { id, field: 'things', kind: 'polyline', version: 1, label: 'lane', value: { points: [[x, 0], [x, 50]] }, attributes: { solid: 'yes' }, z: 2, from: { response: 'r0', annotation: 'a0' } }
}

function work(): Work {
  const link = (id: string, from: string, to: string): Annotation => ({ id, field: 'links', kind: 'relation', version: 1, label: 'meets', value: { from, to } })
  const task: Task = { assignment: null, item: { id: 'i', revision: 1, streams: { photo: { kind: 'image', facts: {} } }, metadata: {} }, response: { id: 'r', revision: 1 }, draft: { seq: 1, annotations: [line('a', 10), line('b', 20), line('c', 30), link('ab', 'a', 'b'), link('bc', 'b', 'c')] } }
  let made = 0
  return new Work(task, schema, {}, new Activity({ now: () => 0, after: () => () => undefined }), () => `new${(made += 1)}`, KINDS)
}

test('a cut leaves the larger part its name and its relations, and gives both the label and the answers', () => {
  const w = work()
  const ids = w.split('b', [{ points: [[20, 0], [20, 40]] }, { points: [[20, 40], [20, 50]] }])

  expect(ids).toEqual(['b', 'new1'])
  expect(w.store.get('new1')).toMatchObject({ label: 'lane', attributes: { solid: 'yes' }, z: 2, from: null, value: { points: [[20, 40], [20, 50]] } })
  expect(w.store.get('ab')?.value).toEqual({ from: 'a', to: 'b' })
  w.undo()
  expect([w.store.get('new1'), w.store.get('b')?.value]).toEqual([null, line('b', 20).value])
})

test('what was about any of several is about the one they became; between them there is nothing left', () => {
  const w = work()
  w.unite(['a', 'b'], { points: [[10, 0], [20, 50]] })

  expect(w.store.list().map((a) => a.id)).toEqual(['a', 'c', 'bc'])
  expect(w.store.get('bc')?.value).toEqual({ from: 'a', to: 'c' })
  w.undo()
  expect([...w.store.list()].map((a) => a.id).sort()).toEqual(['a', 'ab', 'b', 'bc', 'c'])
})

test('what is locked is neither cut nor joined', () => {
  const w = work()
  w.allows = (id) => id !== 'b'
  w.unite(['a', 'b'], { points: [[10, 0], [20, 50]] })

  expect(w.split('b', [{ points: [[20, 0], [20, 40]] }, { points: [[20, 40], [20, 50]] }])).toEqual([])
  expect(w.store.size).toBe(5)
})
