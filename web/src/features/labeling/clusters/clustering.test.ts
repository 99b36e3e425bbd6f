// Clusters by keys: started, added to, merged, left, in the order of the text, each as one step.

import { expect, test } from 'vitest'
import { Activity } from '../../../engine/activity'
import { clustersOf } from '../../../engine/clusters'
import { clashes, commandFor } from '../../../engine/command'
import { readSchema } from '../../../engine/schema'
import type { Session } from '../../../engine/session'
import type { Annotation, Task } from '../../../engine/types'
import { Work } from '../../../engine/work'
import { KINDS } from '../../../kinds'
import { commandsOf, takenKeys } from '../commands'
import { Screen } from '../screen'

const schemaOf = (clusters: boolean) => readSchema({
  karat_schema: 1,
  streams: { text: { kind: 'text' } },
  fields: { mentions: { kind: 'span', on: 'text', many: true, clusters, labels: { name: { attributes: { sure: { kind: 'choice', options: { yes: {}, no: {} } } } } } } },
})

function mention(id: string, start: number, group?: string): Annotation {
  return { id, field: 'mentions', kind: 'span', version: 1, label: 'name', value: [[start, start + 2]], ...(group === undefined ? {} : { group }) }
}

function reading(annotations: readonly Annotation[], clusters = true): { screen: Screen; press: (...keys: string[]) => void; shown: () => string } {
  const schema = schemaOf(clusters)
  const task: Task = { assignment: null, item: { id: 'i', revision: 1, streams: { text: { kind: 'text', facts: { length: 90 } } }, metadata: {} }, response: { id: 'r', revision: 1 }, draft: { seq: 1, annotations } }
  let made = 0
  const work = new Work(task, schema, {}, new Activity({ now: () => 0, after: () => () => undefined }), () => `new${(made += 1)}`, KINDS)
  const session = { work, phase: 'open', lastAnnotations: [], subscribe: () => () => undefined, points: () => [] } as unknown as Session
  const screen = new Screen(session, { kinds: KINDS, schema, projectTitle: 'All', projectId: 'p', onLeave: null, onFinished: null, keys: {}, onKeys: null, make: commandsOf, taken: takenKeys })
  const press = (...keys: string[]): void => keys.forEach((key) => commandFor(screen.commands, key, screen)?.run(screen))
  const shown = (): string => {
    const { all, alone } = clustersOf(work, schema.fields[0] ?? expect.fail('no field'))
    return [...all.map(({ number, mentions }) => `${number}:${mentions.map((a) => a.id).join('')}`), `-:${alone.map((a) => a.id).join('')}`].join(' ')
  }
  return { screen, press, shown }
}

test('a cluster is started, the last one is added to, and each is one step', () => {
  const { screen, press, shown } = reading([mention('c', 40), mention('a', 0), mention('b', 20)])
  screen.view.select('c')
  press('G')
  screen.view.select('a', 'b')
  press('C')
  expect(shown()).toBe('1:abc -:')

  press('Ctrl+Z')
  expect(shown()).toBe('1:c -:ab')
})

test('numbers follow the text, and a digit with Shift names one', () => {
  const { screen, press, shown } = reading([mention('d', 60, 'late'), mention('a', 0, 'early'), mention('b', 20)])
  screen.view.select('b')
  press('Shift+2')
  expect(shown()).toBe('1:a 2:bd -:')

  press('Shift+1')
  expect(shown()).toBe('1:ab 2:d -:')
  press('Shift+3')
  expect(shown()).toBe('1:ab 2:d -:')
})

test('after a new page the last cluster is that of the newest span in one', () => {
  const { screen, press, shown } = reading([mention('a', 0, 'x'), mention('b', 20, 'y'), mention('c', 40)])
  screen.view.select('c')
  press('C')
  expect(shown()).toBe('1:a 2:bc -:')
})

test('two become one with all their mentions, and one undo parts them', () => {
  const { screen, press, shown } = reading([mention('a', 0, 'x'), mention('b', 10, 'y'), mention('c', 20, 'x'), mention('d', 30, 'y'), mention('e', 40)])
  screen.view.select('c', 'b', 'e')
  press('Alt+C')
  expect(shown()).toBe('1:abcde -:')

  press('Ctrl+Z')
  expect(shown()).toBe('1:ac 2:bd -:e')
  // One selected: its cluster and the last one.
  screen.view.select('d')
  press('Alt+C')
  expect(shown()).toBe('1:abcd -:e')
  press('Alt+C')
  expect(shown()).toBe('1:abcd -:e')
})

test('a mention taken out is in no cluster; what is locked stays', () => {
  const { screen, press, shown } = reading([mention('a', 0, 'x'), mention('b', 10, 'x'), mention('c', 20, 'x')])
  const { work } = screen
  if (work === null) expect.fail('no work')
  work.allows = (id) => id !== 'b'
  screen.view.select('a', 'b')
  press('Alt+X')
  expect(shown()).toBe('1:bc -:a')
})

test('a schema that does not ask for clusters has none of their keys, and one that does has no key twice', () => {
  const plain = reading([mention('a', 0)], false)
  plain.screen.view.select('a')
  plain.press('G')
  expect(plain.screen.work?.store.get('a')?.group).toBeUndefined()

  const { screen } = reading([mention('a', 0)])
  screen.view.select('a')
  expect(clashes(screen.commands).filter(({ first, second }) => [first.id, second.id].some((id) => id.startsWith('cluster.')))).toEqual([])
  expect(screen.fieldKeys.size + (screen.subject?.keys.size ?? 0)).toBe(1)
})
