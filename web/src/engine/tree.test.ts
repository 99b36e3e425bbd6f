// One path through a conversation that branches, and the siblings of what is on it.

import { expect, test } from 'vitest'
import { type Message, Tree } from './tree'

const message = (key: string, parent?: string): Message => ({ key, role: parent === undefined ? 'user' : 'assistant', content: key, ...(parent === undefined ? {} : { parent }) })
const tree = Tree.read(JSON.stringify([message('q'), message('a', 'q'), message('b', 'q'), message('c', 'q'), message('a1', 'a'), message('a2', 'a'), message('b1', 'b')]))
const NONE = new Map<string, string>()
const keys = (found: readonly Message[]): string => found.map(({ key }) => key).join(' ')

test('the path follows the replies chosen, else the first, to its end', () => {
  expect(keys(tree.path(NONE))).toBe('q a a1')
  expect(keys(tree.path(new Map([['q', 'b']])))).toBe('q b b1')
  expect(keys(tree.path(new Map([['q', 'gone']])))).toBe('q a a1')
  expect(Tree.read('').path(NONE)).toEqual([])
})

test('a message anywhere is brought onto the path, and what was chosen on other branches stays', () => {
  const chosen = tree.towards('a2', NONE)
  const away = tree.towards('b1', chosen)

  expect(keys(tree.path(chosen))).toBe('q a a2')
  expect(keys(tree.path(away))).toBe('q b b1')
  expect(keys(tree.path(tree.towards('a', away)))).toBe('q a a2')
})

test('siblings are the replies to one message, in the order in which they are shown', () => {
  expect(tree.siblings('b')).toEqual({ place: 1, count: 3, before: 'a', after: 'c' })
  expect(tree.siblings('q')).toEqual({ place: 0, count: 1, before: null, after: null })
  expect([tree.placeOf('b'), tree.placeOf('none')]).toEqual([2, -1])
  expect(tree.nested().map(({ message: { key }, depth }) => `${key}${depth}`)).toEqual(['q0', 'a1', 'a12', 'a22', 'b1', 'b12', 'c1'])
})
