// What is put behind what, and what becomes of an order when what stands in it goes.

import { expect, test } from 'vitest'
import { Activity } from '../../engine/activity'
import { openPoints } from '../../engine/check'
import { linesOf } from '../../engine/links'
import { readSchema } from '../../engine/schema'
import { ManualClock } from '../../engine/testing/clock'
import type { Annotation, Task } from '../../engine/types'
import { View } from '../../engine/view'
import { Work } from '../../engine/work'
import { Links } from './linking'
import type { Screen } from './screen'
import { KINDS } from '../../kinds'
import { order } from '../../kinds/order'

const SCHEMA = readSchema({
  streams: { page: { kind: 'image' } },
  fields: {
    regions: { kind: 'box', on: 'page', many: true, labels: { text: {}, picture: {} } },
    read: { kind: 'order', many: true, labels: { article: {} }, among: { regions: ['text'] } },
    about: { kind: 'relation', many: true, labels: { shows: {} }, from: { regions: [] } },
  },
})
const region = (id: string, label = 'text'): Annotation => ({ id, field: 'regions', kind: 'box', version: 1, label, value: { left: 0, top: 0, right: 9, bottom: 9 } })
const read = (id: string, ...value: string[]): Annotation => ({ id, field: 'read', kind: 'order', version: 1, label: 'article', value })

/** As much of a screen as links are made on. */
function begun(...orders: Annotation[]): { readonly work: Work; readonly links: Links; readonly view: View; readonly choose: (...ids: string[]) => void; readonly orders: () => unknown[] } {
  let n = 0
  const annotations = [...'abcde'].map((id) => region(id))
  const task = { assignment: null, item: { id: 'i', revision: 1, streams: {}, metadata: {} }, response: { id: 'r', revision: 1 }, draft: { seq: 1, annotations: [...annotations, region('p', 'picture'), ...orders] } } satisfies Task
  const work = new Work(task, SCHEMA, {}, new Activity(new ManualClock()), () => `new-${(n += 1)}`, KINDS)
  const view = new View()
  const screen = { work, view, kinds: KINDS, schema: SCHEMA, surface: null, surfaces: new Map(), get selected() { return [...view.state.selection].map((id) => work.store.get(id)).filter((a) => a !== null) }, nameOf: (a: Annotation) => a.id }
  const links = new Links(screen as unknown as Screen)
  return { work, links, view, choose: (...ids) => ids.forEach((id) => view.choose(id)), orders: () => work.store.list().filter((a) => a.kind === 'order').map((a) => a.value) }
}
const READ = { field: 'read', label: 'article' }

test.each([
  [['a', 'b'], 'b', 'c', ['a', 'b', 'c']],
  [['a', 'b', 'c'], 'a', 'd', ['a', 'd', 'b', 'c']],
  [['a', 'b', 'c'], 'a', 'c', ['a', 'c', 'b']],
  [['a', 'b', 'c'], 'c', 'a', ['b', 'c', 'a']],
  [['a', 'b'], 'd', 'a', ['d', 'a', 'b']],
])('in %j, right behind %s comes %s', (value, from, to, expected) => {
  expect(order.put?.(value, from, to)).toEqual(expected)
})

test('one after the other is numbered, each as one step, and taken back one by one', () => {
  const { links, view, choose, orders, work } = begun()
  links.begin(READ)
  choose('a', 'c', 'b', 'd')

  expect(orders()).toEqual([['a', 'c', 'b', 'd']])
  expect(view.state.linking?.from).toBe('d')
  links.numbering.back()
  choose('e')
  expect(orders()).toEqual([['a', 'c', 'b', 'e']])
  for (let i = 0; i < 3; i += 1) work.undo()
  expect(orders()).toEqual([])
})

test('numbering goes on behind the last one, or behind what is selected, and takes what stood elsewhere', () => {
  const { links, view, choose, orders } = begun(read('r', 'a', 'b'), read('s', 'c', 'd', 'e'))
  links.begin(READ)
  choose('b')
  expect(orders()).toEqual([['c', 'd', 'e', 'b']])

  view.set({ linking: null, selection: new Set(['c']) })
  links.begin(READ)
  choose('a')
  expect(orders()).toEqual([['c', 'a', 'd', 'e', 'b']])
})

test('what may not stand in the order is refused, and a link of two comes before it where none is named', () => {
  const { links, view, choose, orders, work } = begun()
  links.begin(READ)
  choose('a', 'p')
  expect([orders(), view.state.linking?.refused]).toEqual([[], 'No relation of this project goes from a to p.'])

  view.set({ linking: null })
  links.begin()
  choose('a', 'b')
  expect(work.store.list().filter((a) => a.kind === 'relation').map((a) => a.value)).toEqual([{ from: 'a', to: 'b' }])
})

test('an order loses what is removed, goes with the last but one, and one undo brings it back', () => {
  const { work, orders } = begun(read('r', 'a', 'b', 'c'))
  work.remove(['b'])
  expect(orders()).toEqual([['a', 'c']])
  work.remove(['a'])
  expect(orders()).toEqual([])
  work.undo()
  expect(orders()).toEqual([['a', 'c']])
})

test('what stands in two orders keeps an answer from being handed in; lines of an order are numbered', () => {
  const { work } = begun(read('r', 'a', 'b'), read('s', 'c', 'b', 'd'))

  expect(openPoints(work, KINDS).map((p) => [p.annotation, p.problem.path])).toEqual([['s', '[1]']])
  expect(linesOf(read('s', 'c', 'b', 'd'), KINDS)).toEqual([
    { id: 's', from: 'c', to: 'b', nth: 0, numbered: true },
    { id: 's', from: 'b', to: 'd', nth: 1, numbered: true },
  ])
})
