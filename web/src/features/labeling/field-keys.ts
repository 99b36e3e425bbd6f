// Which letters answer which question on this screen: what the schema asks for first, then the left hand's rows.

import type { Kinds } from '../../engine/check'
import type { FieldKeys } from '../../engine/kind'
import { askedAmong, type Field, type Schema } from '../../engine/schema'
import type { Annotation } from '../../engine/types'
import { hasCells } from './fields'

const ROWS = ['Q', 'W', 'E', 'R', 'T', 'Y', 'U', 'I', 'O', 'P', 'A', 'S', 'D', 'F', 'J', 'K', 'L', 'C']
const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0']

/** Keys of the fields that are answered once for the item. Without labels to choose, digits come first. */
export function itemKeys(schema: Schema, kinds: Kinds, taken: ReadonlySet<string>): Map<string, FieldKeys> {
  const all = schema.fields.filter((f) => kinds.get(f.kind)?.surface === 'form')
  // Where questions are gone through one by one, digits answer the one that the keyboard is at.
  const fields = all.filter((f) => !hasCells({ schema, kinds }, f))
  const noDigits = fields.length < all.length || schema.fields.some((f) => f.labels.length > 0)
  return assign(fields, kinds, taken, noDigits ? ROWS : [...DIGITS, ...ROWS])
}

/** Keys of the attributes of what is selected, as far as one of it is asked for them; one key for each, which steps through its values. */
export function attributeKeys(attributes: readonly Field[], annotations: readonly Annotation[], kinds: Kinds, taken: ReadonlySet<string>): Map<string, FieldKeys> {
  const asked = askedOfAny(attributes, annotations)
  return assign(asked, kinds, taken, ROWS, true)
}

/** The keys of a field without those that mean something else now, such as an attribute of what is selected. */
export function withoutTaken({ field, options }: FieldKeys, taken: ReadonlySet<string>): FieldKeys {
  return {
    field: field !== null && taken.has(field) ? null : field,
    options: Object.fromEntries(Object.entries(options).filter(([, key]) => !taken.has(key))),
  }
}

/** Those of the attributes that one of these annotations at least is asked for. */
export function askedOfAny(attributes: readonly Field[], annotations: readonly Annotation[]): readonly Field[] {
  const keys = new Set(annotations.flatMap((a) => askedAmong(attributes, a.attributes ?? {}).map((attribute) => attribute.key)))
  return attributes.filter((attribute) => keys.has(attribute.key))
}

function assign(fields: readonly Field[], kinds: Kinds, taken: ReadonlySet<string>, pool: readonly string[], compact = false): Map<string, FieldKeys> {
  const optionsOf = (field: Field) => {
    const kind = kinds.get(field.kind)
    return compact || kind?.surface !== 'form' ? [] : kind.keys(field)
  }
  const chosen = fields.flatMap((f) => optionsOf(f).map((o) => o.key)).filter((key) => key !== null)
  const used = new Set([...taken, ...chosen])
  const free = pool.filter((key) => !used.has(key))
  return new Map(fields.map((field) => {
    const options = optionsOf(field)
    if (options.length === 0) return [field.key, { field: free.shift() ?? null, options: {} }]
    const keys = options.map((o) => [o.value, o.key ?? free.shift() ?? ''] as const)
    return [field.key, { field: null, options: Object.fromEntries(keys.filter(([, key]) => key !== '')) }]
  }))
}
