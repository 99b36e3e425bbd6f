import { expect, test } from 'vitest'
import { keyFrom, lineOf, moveUp, put, read, rename, take, withLabels } from './schemaText'

const TEXT = `karat_schema: 1
streams: {photo: {kind: image}}
fields:
  objects:
    kind: box   # every road user
    labels:
      person: {title: Person, key: "1"}
      car: {}
  weather: {kind: choice, options: {yes: {}, no: {}}}
layout: [photo, [objects, weather]]
`

test('yes and no stay text', () => {
  const { value } = read(TEXT)

  expect(Object.keys(value?.fields['weather']?.options ?? {})).toEqual(['yes', 'no'])
})

test('a change through the form keeps comments and the lines around it', () => {
  const changed = put(TEXT, ['fields', 'objects', 'required'], true)

  expect(changed).toContain('kind: box # every road user')
  expect(changed).toContain('required: true')
  expect(changed).toContain('person: {title: Person, key: "1"}')
})

test('renaming a field renames it in the layout and keeps its place', () => {
  const changed = rename(TEXT, ['fields', 'objects'], 'things')

  expect(Object.keys(read(changed).value?.fields ?? {})).toEqual(['things', 'weather'])
  expect(changed).toContain('layout: [photo, [things, weather]]')
})

test('renaming to a key that is taken changes nothing', () => {
  expect(rename(TEXT, ['fields', 'objects'], 'weather')).toBe(rename(TEXT, ['fields', 'objects'], ''))
})

test('a field that is taken out leaves the layout too', () => {
  const changed = take(TEXT, ['fields', 'weather'])

  expect(changed).toContain('layout: [photo, [objects]]')
})

test('a label moves up among its siblings', () => {
  const changed = moveUp(TEXT, ['fields', 'objects', 'labels', 'car'])

  expect(Object.keys(read(changed).value?.fields['objects']?.labels ?? {})).toEqual(['car', 'person'])
})

test('broken YAML is a problem with its line', () => {
  const { value, problems } = read('streams: {photo: {kind: image}\nfields: 3\n')

  expect(value).toBeNull()
  expect(problems[0]?.line).toBeGreaterThan(0)
})

test('the line of a path is the line of its deepest part that exists', () => {
  expect(lineOf(TEXT, 'fields.objects.labels.car')).toBe(8)
  expect(lineOf(TEXT, 'fields.objects.labels.bus')).toBe(6)
})

test('a title becomes a permanent key that is free', () => {
  expect([keyFrom('Night shift', []), keyFrom('Café', []), keyFrom('Car', ['car']), keyFrom('汽车', ['label'])]).toEqual(['night_shift', 'cafe', 'car_2', 'label_2'])
})

test('labels that were missing are added behind the others, by a key that the schema can have', () => {
  const changed = withLabels(TEXT, [{ field: 'objects', label: 'bus' }, { field: 'objects', label: 'Night bus' }, { field: 'weather', label: 'Yes' }, { field: 'gone', label: 'x' }])

  const { value } = read(changed)
  expect(value?.fields['objects']?.labels).toEqual({ person: { title: 'Person', key: '1' }, car: {}, bus: {}, night_bus: { title: 'Night bus' } })
  expect(Object.keys(value?.fields['weather']?.options ?? {})).toEqual(['yes', 'no', 'yes_2'])
  expect(changed).toContain('# every road user')
})

test('a label that is there already changes nothing', () => {
  expect(withLabels(TEXT, [{ field: 'objects', label: 'car' }])).toBe(TEXT)
})
