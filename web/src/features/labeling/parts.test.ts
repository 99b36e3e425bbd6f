// Fields that are answered once for each part of a stream: which parts are asked, ids, and what is still open.

import { describe, expect, test } from 'vitest'
import { clashes, commandFor } from '../../engine/command'
import type { Session } from '../../engine/session'
import { KINDS } from '../../kinds'
import { commandsOf, takenKeys } from './commands'
import { Screen } from './screen'
import { Activity } from '../../engine/activity'
import { openPoints } from '../../engine/check'
import { idOf, nameOf, partsAsked } from '../../engine/parts'
import { readSchema } from '../../engine/schema'
import type { Annotation, Facts, Task } from '../../engine/types'
import { Work } from '../../engine/work'

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
    expect(nameOf({ keys: ['q', 'x'], roles: ['user'], role: '00' }, 'x')).toBe('2')
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

describe('the keyboard', () => {
  function screen(): { readonly screen: Screen; readonly work: Work } {
    const open = work()
    const listeners: (() => void)[] = []
    const session = { work: null as Work | null, phase: 'open', lastAnnotations: [], points: () => openPoints(open, KINDS), submit: () => openPoints(open, KINDS), subscribe: (told: () => void) => listeners.push(told) }
    const made = new Screen(session as unknown as Session, { kinds: KINDS, schema, projectTitle: '', projectId: 'p', onLeave: null, onFinished: null, keys: {}, onKeys: null, make: commandsOf, taken: takenKeys })
    session.work = open
    for (const told of listeners) told()
    return { screen: made, work: open }
  }
  const at = ({ cells }: Screen) => cells.now && `${cells.now.field.key} ${cells.now.part}`
  const press = (s: Screen, chord: string) => commandFor(s.commands, chord, s)?.run(s)

  test('begins at the first question, a digit answers it, and the next follows; what is asked since stands next', () => {
    const { screen: s, work: w } = screen()
    expect(at(s)).toBe('ok 1')

    press(s, '2')

    expect([w.answer(ok, '1'), at(s)]).toEqual(['no', 'why 1'])
    press(s, 'Tab')
    press(s, '1')
    press(s, '5')
    expect([w.answer(ok, '3'), w.answer(good, 'b'), at(s)]).toEqual(['yes', 5, 'good a'])
  })

  test('an answer that is changed stays where it is, and is taken back by Del', () => {
    const { screen: s, work: w } = screen()
    press(s, '2')
    press(s, 'Shift+Tab')
    press(s, '1')
    expect([w.answer(ok, '1'), at(s)]).toEqual(['yes', 'ok 1'])

    press(s, 'Del')

    expect(w.answer(ok, '1')).toBeUndefined()
  })

  test('full stop and comma keep the column, and a digit without a meaning does nothing', () => {
    const { screen: s, work: w } = screen()
    press(s, '.')
    expect(at(s)).toBe('ok 3')
    press(s, '9')
    press(s, ',')

    expect([at(s), w.store.size]).toEqual(['ok 1', 0])
  })

  test('handing in goes to the first part that still lacks an answer', () => {
    const { screen: s } = screen()
    press(s, '1')
    s.cells.go(null)

    s.submit()

    expect(at(s)).toBe('ok 3')
  })

  test('no key of a question calls another command at the same time', () => {
    const { screen: s } = screen()

    expect(clashes(s.commands).map(({ chord }) => chord)).toEqual([])
  })
})
