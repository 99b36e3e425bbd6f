import { expect, test } from 'vitest'
import { History } from './history'
import { AnnotationStore } from './store'
import type { Annotation } from './types'

const note = (id: string, value: number): Annotation => ({ id, field: 'objects', kind: 'box', version: 1, label: 'car', value })

function desk() {
  const store = new AnnotationStore()
  const history = new History(store)
  const set = (id: string, value: number) => store.apply([store.put(note(id, value))], 'mine')
  return { store, history, set, values: () => Object.fromEntries(store.list().map((a) => [a.id, a.value])) }
}

test('what lies between two marks is undone as one step', () => {
  const { history, set, values } = desk()
  set('a', 1)
  set('a', 2)
  set('b', 1)
  history.mark()
  set('a', 3)
  history.mark()

  history.undo()
  expect(values()).toEqual({ a: 2, b: 1 })
  history.undo()
  expect(values()).toEqual({})
})

test('redo brings back what undo took, and a new change forgets it', () => {
  const { history, set, values } = desk()
  set('a', 1)
  history.mark()
  history.undo()
  history.redo()
  expect(values()).toEqual({ a: 1 })

  history.undo()
  set('b', 1)
  history.mark()
  expect(history.canRedo).toBe(false)
})

test('a change that came from elsewhere is never undone', () => {
  const { store, history, set, values } = desk()
  set('a', 1)
  history.mark()
  store.apply([store.put(note('a', 7)), store.put(note('z', 9))], 'remote')

  history.undo()

  expect(values()).toEqual({ a: 7, z: 9 })
})

test('a deleted annotation comes back with the number it had', () => {
  const { store, history, set } = desk()
  set('a', 1)
  set('b', 1)
  history.mark()
  store.apply([store.drop('a')], 'mine')
  history.mark()

  history.undo()

  expect(store.numberOf('a')).toBe(1)
})

test('a step that ends where it began is no step', () => {
  const { store, history, set } = desk()
  set('a', 1)
  store.apply([store.drop('a')], 'mine')
  history.mark()

  expect(history.canUndo).toBe(false)
})
