import { expect, test } from 'vitest'
import { CodePoints } from '../../../engine/codepoints'
import { Activity } from '../../../engine/activity'
import { readSchema } from '../../../engine/schema'
import { ManualClock } from '../../../engine/testing/clock'
import type { Task } from '../../../engine/types'
import { Work } from '../../../engine/work'
import { KINDS } from '../../../kinds'
import type { FromHost } from './contract'
import { Conversation } from './conversation'

const SCHEMA = readSchema({
  streams: { name: { kind: 'text' }, photo: { kind: 'image' }, secret: { kind: 'text' } },
  fields: { hex: { kind: 'text', max_length: 7 }, tone: { kind: 'choice', options: { warm: {}, cold: {} } } },
  panels: { picker: { module: '0', streams: ['name', 'photo'], fields: ['hex'] } },
})
const LOOK = { theme: 'light', locale: 'en', readonly: false } as const

function opened(final = false): { work: Work; talk: Conversation; said: FromHost[]; keys: string[]; heights: number[] } {
  const texts = { name: 'sky', secret: 'gold' }
  const streams = { name: { kind: 'text', facts: { length: new CodePoints('sky').length } }, photo: { kind: 'image', url: '/p', facts: { width: 2 } }, secret: { kind: 'text', facts: {} } }
  const task: Task = { assignment: null, item: { id: 'i', revision: 1, streams, metadata: {} }, response: { id: 'r', revision: 1 }, draft: null, final }
  const work = new Work(task, SCHEMA, texts, new Activity(new ManualClock()), () => 'new', KINDS)
  const [said, keys, heights]: [FromHost[], string[], number[]] = [[], [], []]
  const talk = new Conversation({ work, kinds: KINDS, panel: SCHEMA.panels![0]!, look: LOOK, post: (one) => said.push(one), onHeight: (n) => heights.push(n), onProblem: () => undefined, onKey: ({ key }) => keys.push(key), blob: async (url) => new Blob([url]) })
  return { work, talk, said, keys, heights }
}

test('a panel is shown what the schema lets it see, and nothing else', async () => {
  const { talk, said } = opened()

  await talk.begin()

  const [show] = said
  expect(show?.type === 'show' && [Object.keys(show.streams), show.streams['name']?.text, show.streams['photo']?.blob?.size, show.answers, Object.keys(show.fields)]).toEqual([['name', 'photo'], 'sky', 2, { hex: null }, ['hex']])
})

test('an answer is taken, told to nobody twice, and taken back', () => {
  const { work, talk, said } = opened()

  talk.hear({ karat: 1, type: 'set', field: 'hex', value: '#a1b2c3' })
  talk.update(LOOK)

  expect([work.answer(SCHEMA.fields[0]!), said]).toEqual(['#a1b2c3', []])

  work.undo()
  talk.update(LOOK)
  expect(said).toEqual([{ karat: 1, type: 'answers', answers: { hex: null } }])
})

test.each([
  ['a value that its kind refuses', 'hex', '#a1b2c3d4', 'at most 7 characters'],
  ['a value of another shape', 'hex', 3, 'text'],
  ['a field that is not its own', 'tone', 'warm', 'one of hex'],
  ['a field that is not there', 'nothing', 'x', 'one of hex'],
])('%s is refused with the reason', (_, field, value, expected) => {
  const { work, talk, said } = opened()

  talk.hear({ karat: 1, type: 'set', field, value })

  expect(work.store.size).toBe(0)
  expect(said).toMatchObject([{ type: 'refused', field, problems: [{ expected }] }])
})

test('what is final stays as it is', () => {
  const { work, talk, said } = opened(true)

  talk.hear({ karat: 1, type: 'set', field: 'hex', value: '#a1b2c3' })

  expect([work.store.size, said.map((one) => one.type)]).toEqual([0, ['refused']])
})

test('heights and keys are handed on', () => {
  const { talk, keys, heights } = opened()

  talk.hear({ karat: 1, type: 'height', height: 90 })
  talk.hear({ karat: 1, type: 'key', key: 'a', code: 'KeyA', ctrlKey: false, altKey: false, shiftKey: false, metaKey: false })

  expect([heights, keys]).toEqual([[90], ['a']])
})
