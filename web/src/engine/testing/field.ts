// A field of a schema, for tests of a kind.

import { readSchema, type Field } from '../schema'

/** The field of a schema with nothing but this one, with one label and the options given. */
export function fieldOf(kind: string, options: Readonly<Record<string, unknown>> = {}): Field {
  const document = { karat_schema: 1, streams: { photo: { kind: 'image' } }, fields: { things: { kind, on: 'photo', many: true, labels: { thing: {} }, ...options } } }
  const [field] = readSchema(document).fields
  if (!field) throw new Error('a schema without a field')
  return field
}
