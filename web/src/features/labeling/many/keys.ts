// Which keys answer which question for many items: digits first, then the left hand's rows; an option each where options are listed.

import type { Kinds } from '../../../engine/check'
import type { Field, Schema } from '../../../engine/schema'

const POOL = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0', 'Q', 'E', 'R', 'T', 'Y', 'U', 'I', 'O', 'P', 'A', 'S', 'D', 'F', 'J', 'K', 'L', 'C']

export interface Asked {
  readonly field: Field
  /** The options that can be given by name, with their keys; none where the answer is written or searched. */
  readonly options: readonly { readonly value: string; readonly title: string; readonly key: string | null }[]
}

/** The fields that can be answered for many items at once, in the order of the schema. */
export function askedOf(schema: Schema, kinds: Kinds): readonly Asked[] {
  // What is asked for each part of an item needs the item before one's eyes.
  const fields = schema.fields.filter((f) => kinds.get(f.kind)?.surface === 'form' && (f.each ?? null) === null)
  const listed = fields.map((field) => {
    const kind = kinds.get(field.kind)
    return { field, options: kind?.surface === 'form' ? kind.values(field) : [] }
  })
  const chosen = new Set(listed.flatMap(({ options }) => options.flatMap((o) => o.key ?? [])))
  const free = POOL.filter((key) => !chosen.has(key))
  return listed.map(({ field, options }) => ({ field, options: options.map((o) => ({ value: o.value, title: o.title, key: o.key ?? free.shift() ?? null })) }))
}
