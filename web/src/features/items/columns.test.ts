import { expect, test } from 'vitest'
import { everyColumn, gridOf, moved, shownOf, toggled, usual, withWidth } from './columns'

const SCHEMA = { streams: { image: { kind: 'image' } }, fields: {} }
const FACETS = { metadata: [{ key: 'weather', texts: [], more: false, low: null, high: null }, { key: 'site', texts: [], more: false, low: null, high: null }], fields: [], authors: [], tags: [], states: [], sorts: [] }
const every = everyColumn(SCHEMA, FACETS)
const keys = (laid: readonly { key: string }[]) => laid.map((c) => c.key)
const shown = shownOf(every, [{ key: 'content' }, { key: 'name' }, { key: 'state' }, { key: 'changed' }])

test('of the metadata only the first is shown until somebody chooses', () => {
  expect(keys(usual(every)).filter((key) => key.startsWith('meta:'))).toEqual(['meta:weather'])
})

test('what a project no longer has is left out, and the content stands first', () => {
  const laid = [{ key: 'meta:gone' }, { key: 'state', width: 80 }, { key: 'content' }]

  expect(shownOf(every, laid).map((c) => [c.key, c.width])).toEqual([['content', null], ['state', 80]])
})

test('a column moves before another, to the end, and never before the content', () => {
  expect(keys(moved(shown, 'changed', 'state'))).toEqual(['content', 'name', 'changed', 'state'])
  expect(keys(moved(shown, 'name', null))).toEqual(['content', 'state', 'changed', 'name'])
  expect(keys(moved(shown, 'state', 'content'))).toEqual(['content', 'state', 'name', 'changed'])
  expect(keys(moved(shown, 'content', 'changed'))).toEqual(keys(shown))
})

test('a hidden column comes back at the end', () => {
  expect(keys(toggled(shown, 'name'))).toEqual(['content', 'state', 'changed'])
  expect(keys(toggled(shown, 'tags'))).toEqual(['content', 'name', 'state', 'changed', 'tags'])
})

test('a drawn width holds within bounds and makes the table scroll sideways', () => {
  const wide = shownOf(every, withWidth(shown, 'name', 900.4))

  expect(wide.map((c) => c.width)).toEqual([null, 900, null, null])
  expect(withWidth(shown, 'name', 1)[1]).toEqual({ key: 'name', width: 40 })
  expect(gridOf(wide).template).toContain(' 900px ')
  expect(gridOf(wide).minWidth - gridOf(shown).minWidth).toBe(900 - 116)
})
