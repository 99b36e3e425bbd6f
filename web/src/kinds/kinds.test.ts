// Every kind says the same as the server about what is right and wrong, by the examples in spec/kinds.

import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readSchema } from '../engine/schema'
import type { Facts, Json } from '../engine/types'
import { KINDS } from './index'

interface Example {
  readonly name: string
  readonly field?: string
  readonly facts?: Facts
  readonly value: Json
  readonly problems?: readonly { readonly path: string; readonly expected: string }[]
}

interface Spec {
  readonly kind: string
  readonly version: number
  readonly streams: unknown
  readonly fields: Record<string, unknown>
  readonly facts: Facts
  readonly valid: readonly Example[]
  readonly invalid: readonly Example[]
  readonly among?: readonly {
    readonly name: string
    readonly field?: string
    readonly siblings: Readonly<Record<string, readonly [string, string]>>
    readonly annotations: readonly { readonly label: string; readonly value: Json }[]
    readonly problems: readonly { readonly index: number; readonly path: string; readonly expected: string }[]
  }[]
  readonly together?: readonly {
    readonly name: string
    readonly field?: string
    readonly annotations: readonly { readonly label: string; readonly value: Json }[]
    readonly problems: readonly { readonly index: number; readonly path: string; readonly expected: string }[]
  }[]
  readonly between?: readonly { readonly a: Json; readonly b: Json; readonly share: number; readonly value: Json }[]
}

const folder = new URL('../../../spec/kinds/', import.meta.url)
const specs = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Spec)

test('there is a kind here for every kind of the server, in the order of their names', () => {
  expect([...KINDS.keys()]).toEqual(specs.map((spec) => spec.kind).sort())
})

describe.each(specs)('$kind', (spec) => {
  const kind = KINDS.get(spec.kind)
  const schema = readSchema({ karat_schema: 1, streams: spec.streams, fields: spec.fields })
  const checked = (example: Example) => {
    const field = schema.fields.find((f) => f.key === (example.field ?? schema.fields[0]?.key))
    if (!kind || !field) throw new Error(`no field for ${example.name}`)
    return kind.check(example.value, field, example.facts ?? spec.facts ?? {}).map(({ path, expected }) => ({ path, expected }))
  }

  test('has the version of the server', () => {
    expect(kind?.version).toBe(spec.version)
  })

  test.each(spec.valid)('accepts: $name', (example) => {
    expect(checked(example)).toEqual([])
  })

  test.each(spec.invalid)('refuses: $name', (example) => {
    expect(checked(example)).toEqual(example.problems)
  })

  test.each(spec.among ?? [])('among others: $name', ({ field: name, siblings, annotations, problems }) => {
    const field = schema.fields.find((f) => f.key === (name ?? schema.fields[0]?.key))
    if (kind?.surface !== 'link' || !field) throw new Error('only links are about others')
    const made = annotations.map((a, i) => ({ id: String(i), field: field.key, kind: kind.name, version: 1, ...a }))
    const there = new Map(Object.entries(siblings).map(([id, [of, label]]) => [id, { id, field: of, kind: 'box', version: 1, label, value: null }]))
    expect(kind.checkAmong(made, field, there).map(({ index, problem: { path, expected } }) => ({ index, path, expected }))).toEqual(problems)
  })

  test.each(spec.together ?? [])('together: $name', ({ field: name, annotations, problems }) => {
    const field = schema.fields.find((f) => f.key === (name ?? schema.fields[0]?.key))
    if (kind?.surface !== 'canvas' || !kind.checkTogether || !field) throw new Error('only what can owe something is asked')
    const made = annotations.map((a, i) => ({ id: String(i), field: field.key, kind: kind.name, version: 1, ...a }))
    expect(kind.checkTogether(made, field).map(({ index, problem: { path, expected } }) => ({ index, path, expected }))).toEqual(problems)
  })

  test.each(spec.between ?? [])('lies between its two values at $share', ({ a, b, share, value }) => {
    expect(kind?.surface === 'canvas' && kind.between?.(a, b, share)).toEqual(value)
  })
})
