// Conditions: what is asked of an item by the answers it has, and what becomes of answers that are asked no more.

import { describe, expect, test } from 'vitest'
import { KINDS } from '../../kinds'
import { Activity } from '../../engine/activity'
import { coversOf, openPoints } from '../../engine/check'
import { askedAmong, readSchema } from '../../engine/schema'
import type { Task } from '../../engine/types'
import { Work } from '../../engine/work'

const yesNo = { yes: {}, no: {} }
const schema = readSchema({
  karat_schema: 1,
  streams: { page: { kind: 'text' } },
  fields: {
    topics: { kind: 'choice', options: { money: {}, health: {} }, multiple: true },
    harm: { kind: 'choice', options: yesNo, when: { topics: 'health' }, required: true },
    why: { kind: 'text', when: { harm: 'yes' }, required: true },
    words: { kind: 'span', on: 'page', labels: { bad: {} }, when: { harm: 'yes' } },
  },
})
const [topics, harm, why, words] = schema.fields as [typeof schema.fields[0], typeof schema.fields[0], typeof schema.fields[0], typeof schema.fields[0]]

function work(): Work {
  const task: Task = {
    assignment: null,
    item: { id: 'i', revision: 1, streams: { page: { kind: 'text', facts: { length: 9 } } }, metadata: {} },
    response: { id: 'r', revision: 1 },
    draft: null,
  }
  return new Work(task, schema, { page: 'Some text' }, new Activity({ now: () => 0 } as never), () => 'new', KINDS)
}

const open = (w: Work) => openPoints(w, KINDS).map((p) => p.field)

describe('conditions among the questions of an item', () => {
  test('what is not asked is not missing', () => {
    const w = work()
    expect(open(w)).toEqual([])

    w.setAnswer(topics, ['money', 'health'])
    expect(open(w)).toEqual(['harm'])

    w.setAnswer(harm, 'yes')
    expect(open(w)).toEqual(['why'])
  })

  test('an answer asked no more is kept here and not handed in, and neither is what hangs on it', () => {
    const w = work()
    w.setAnswer(topics, ['health'])
    w.setAnswer(harm, 'yes')
    w.setAnswer(why, 'Pills.')
    w.setAnswer(topics, ['money'])

    expect(open(w)).toEqual([])
    expect(w.annotations().map((a) => a.id)).toEqual(['topics'])
    expect(Object.keys(coversOf(w, KINDS))).toEqual(['topics'])

    w.setAnswer(topics, ['health'])
    expect(w.annotations().map((a) => a.id).toSorted()).toEqual(['harm', 'topics', 'why'])
  })

  test('what was drawn is not dropped: it is an open point until it is deleted or asked again', () => {
    const w = work()
    w.setAnswer(topics, ['health'])
    w.setAnswer(harm, 'yes')
    w.setAnswer(why, 'Pills.')
    const id = w.add(words, 'bad', [[0, 4]])
    w.setAnswer(harm, 'no')

    expect(openPoints(w, KINDS)).toMatchObject([{ field: 'words', annotation: id }])
    expect(w.annotations().some((a) => a.id === id)).toBe(true)

    w.setAnswer(harm, 'yes')
    expect(open(w)).toEqual([])
  })

  test('attributes: one among several options counts, and an attribute that is not asked asks for no other', () => {
    const [, , third] = askedAmong([topics, harm, why], { topics: ['money', 'health'], harm: 'yes' })
    expect(third?.key).toBe('why')
    expect(askedAmong([topics, harm, why], { topics: ['money'], harm: 'yes' })).toEqual([topics])
  })
})
