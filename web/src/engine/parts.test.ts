// Fields that are answered once for each part of a stream: which parts are asked, ids, and what is still open.

import { describe, expect, test } from 'vitest'
import { KINDS } from '../kinds'
import { Activity } from './activity'
import { openPoints } from './check'
import { idOf, nameOf, partsAsked } from './parts'
import { readSchema } from './schema'
import type { Annotation, Facts, Task } from './types'
import { Work } from './work'

const schema = readSchema({
  karat_schema: 1,
  streams: { chat: { kind: 'dialogue' }, answers: { kind: 'candidates' } },
  fields: {
    ok: { kind: 'choice', options: { yes: {}, no: {} }, on: 'chat', each: 'turn', of: ['assistant'], required: true },
    why: { kind: 'text', on: 'chat', each: 'turn', of: ['assistant'], when: { ok: 'no' }, required: true },
    good: { kind: 'rating', on: 'answers', each: 'answer' },
  },
})
const [ok, why, good] = schema.fields as [typeof schema.fields[0], typeof schema.fields[0], typeof schema.fields[0]]
const chat: Facts = { turns: 4, each: { turn: { count: 4, roles: ['user', 'assistant'], role: '0101' } } }
const answers: Facts = { parts: ['b', 'a'], each: { answer: { keys: ['b', 'a'] } } }

function work(before: readonly Annotation[] = []): Work {
  const task: Task = {
    assignment: null,
    item: { id: 'i', revision: 1, streams: { chat: { kind: 'dialogue', facts: chat }, answers: { kind: 'candidates', facts: answers } }, metadata: {} },
    response: { id: 'r', revision: 1 },
    draft: null,
    before,
  }
  return new Work(task, schema, {}, new Activity({ now: () => 0 } as never), () => 'new', KINDS)
}

const open = (w: Work) => openPoints(w, KINDS).map((p) => `${p.field} ${p.part}`)

describe('parts', () => {
  test('a field is asked of the parts that have its role, or of all, in the order in which they are shown', () => {
    expect(partsAsked(ok, chat)).toEqual(['1', '3'])
    expect(partsAsked(good, answers)).toEqual(['b', 'a'])
    expect(partsAsked(good, undefined)).toEqual([])
    expect([nameOf(chat.each?.['turn'] ?? {}, '1'), nameOf(answers.each?.['answer'] ?? {}, 'a')]).toEqual(['2', 'B'])
  })

  test('an answer to a part has the field and the part in its id and its place', () => {
    const w = work()

    w.setAnswer(good, 4, 'a')

    expect(idOf(good, 'a')).toBe('good/a')
    expect(w.store.list()).toMatchObject([{ id: 'good/a', field: 'good', on: { stream: 'answers', part: 'a' }, value: 4 }])
    expect([w.answer(good, 'a'), w.answer(good, 'b')]).toEqual([4, undefined])
  })

  test('a required field is open on each part, and a condition is held against the same part', () => {
    const w = work()
    expect(open(w)).toEqual(['ok 1', 'ok 3'])

    w.setAnswer(ok, 'no', '1')
    w.setAnswer(ok, 'yes', '3')

    expect(open(w)).toEqual(['why 1'])
  })

  test('what is asked no more is neither handed in nor held against the answer', () => {
    const w = work()
    w.setAnswer(ok, 'no', '1')
    w.setAnswer(why, 'Wrong.', '1')
    w.setAnswer(ok, 'yes', '1')
    w.setAnswer(ok, 'yes', '3')

    expect(open(w)).toEqual([])
    expect(w.annotations().map((a) => a.id)).toEqual(['ok/1', 'ok/3'])
    expect(w.answer(why, '1')).toBe('Wrong.')
  })

  test('answers to parts are not copied to another item', () => {
    const w = work()

    expect(w.addCopies([{ id: 'ok/1', field: 'ok', kind: 'choice', version: 1, label: null, value: 'yes', on: { stream: 'chat', part: '1' } }])).toEqual([])
  })
})
