// Going through attributes by keys: order, conditions, going back, what is counted.

import { expect, test } from 'vitest'
import { readSchema } from '../../engine/schema'
import { Activity } from '../../engine/activity'
import type { Session } from '../../engine/session'
import type { Annotation, Task } from '../../engine/types'
import { Work } from '../../engine/work'
import { KINDS } from '../../kinds'
import { commandsOf, takenKeys } from './commands'
import { commandFor } from '../../engine/command'
import { Screen } from './screen'

const yesNo = { kind: 'choice', options: { yes: {}, no: {} } }
const schema = readSchema({
  karat_schema: 1,
  streams: { photo: { kind: 'image' } },
  fields: { things: { kind: 'box', on: 'photo', many: true, labels: { car: { attributes: { occluded: yesNo, why: { kind: 'choice', options: { tree: {}, pole: {} }, when: { occluded: 'yes' } } } }, tree: {} } } },
})

function thing(id: string, label: string): Annotation {
  return { id, field: 'things', kind: 'box', version: 1, label, value: { left: 1, top: 1, right: 9, bottom: 9 } }
}

function walking(...annotations: Annotation[]): { screen: Screen; press: (...keys: string[]) => void; asked: () => string | null } {
  const task: Task = { assignment: null, item: { id: 'i', revision: 1, streams: { photo: { kind: 'image', facts: {} } }, metadata: {} }, response: { id: 'r', revision: 1 }, draft: { seq: 1, annotations } }
  const work = new Work(task, schema, {}, new Activity({ now: () => 0, after: () => () => undefined }), () => 'new', KINDS)
  const session = { work, phase: 'open', lastAnnotations: [], subscribe: () => () => undefined, points: () => [] } as unknown as Session
  const screen = new Screen(session, { kinds: KINDS, schema, projectTitle: 'All', projectId: 'p', onLeave: null, onFinished: null, keys: {}, onKeys: null, make: commandsOf, taken: takenKeys })
  const press = (...keys: string[]): void => keys.forEach((key) => commandFor(screen.commands, key, screen)?.run(screen))
  press('Alt+A')
  return { screen, press, asked: () => (screen.walk.question ? `${screen.walk.question.annotation.id} ${screen.walk.question.attribute.key}` : null) }
}

test('it asks one attribute of one thing at a time, goes on by itself, and ends with a count', () => {
  const { screen, press, asked } = walking(thing('a', 'car'), thing('b', 'tree'), thing('c', 'car'))
  expect(asked()).toBe('a occluded')

  press('2')
  expect([asked(), [...screen.view.state.selection]]).toEqual(['c occluded', ['c']])
  press('2')

  expect([asked(), screen.walk.state, screen.walk.count]).toEqual([null, 'done', { objects: 2, answers: 2 }])
  expect(screen.work?.store.get('a')?.attributes).toEqual({ occluded: 'no' })
  press('Enter')
  expect(screen.walk.state).toBe('off')
})

test('what only some answers ask for is asked after them, and Shift goes back', () => {
  const { press, asked } = walking(thing('a', 'car'), thing('c', 'car'))
  press('1')
  expect(asked()).toBe('a why')
  press('2', 'Shift+Enter')
  expect(asked()).toBe('a why')
  press('Shift+Enter', '2')

  expect(asked()).toBe('c occluded')
})

test('Enter leaves an answer as it is, and Esc ends', () => {
  const { screen, press, asked } = walking(thing('a', 'car'), thing('c', 'car'))
  press('Enter')
  expect([asked(), screen.work?.store.get('a')?.attributes]).toEqual(['c occluded', undefined])
  press('Esc')

  expect(screen.walk.state).toBe('off')
})

test('each answer is a step that undo takes back', () => {
  const { screen, press } = walking(thing('a', 'car'))
  press('2', 'Esc', 'Ctrl+Z')

  expect(screen.work?.store.get('a')?.attributes).toBeUndefined()
})
