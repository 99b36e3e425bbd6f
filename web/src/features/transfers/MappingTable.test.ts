import { expect, test } from 'vitest'
import { roleOf, withRole } from './MappingTable'

const COLUMNS = ['text', 'label', 'site']

test('without a list of metadata every other column is metadata', () => {
  const mapping = { streams: { text: 'text' }, fields: { topic: 'label' }, metadata: null }

  expect(COLUMNS.map((c) => roleOf(mapping, c))).toEqual(['stream text', 'field topic', 'metadata'])
})

test('leaving a column out writes down the metadata that stay', () => {
  const mapping = withRole({ streams: { text: 'text' }, fields: {}, metadata: null }, COLUMNS, 'site', '')

  expect(mapping.metadata).toEqual({ label: 'label' })
  expect(roleOf(mapping, 'site')).toBe('')
})

test('a stream given to another column leaves the first one', () => {
  const mapping = withRole({ streams: { text: 'text' }, fields: {}, metadata: {} }, COLUMNS, 'label', 'stream text')

  expect(mapping.streams).toEqual({ text: 'label' })
})
