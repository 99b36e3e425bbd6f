// Whether an entity is sound, in the words of the server.

import { isRecord, problem } from '../engine/problem'
import type { Field } from '../engine/schema'
import type { Json, Problem } from '../engine/types'

export interface Entity {
  readonly [key: string]: Json
  /** Null where the vocabulary has no such entry. */
  readonly id: string | null
}

const LONGEST_ID = 200
const LONGEST_TITLE = 500
const SHAPE = 'Give the value the shape of an entity.'
const CONTROL = /[\x00-\x1f\x7f]/

export function check(value: Json, { options }: Field): Problem[] {
  if (!isRecord(value)) return [problem('', value, 'a mapping', SHAPE)]
  const wrong = shapeOf(value)
  if (wrong !== null) return [wrong]
  const { id, title = '' } = value as { id: string | null; title?: string } // its shape was just tested
  if (id === null) {
    if (options['nil'] === false) return [problem('id', null, 'the id of an entry', 'Choose an entry; this field has no `not in the list`.')]
    return title === '' ? [] : [problem('title', title, 'nothing', 'Leave the title out where there is no entry.')]
  }
  if (id === '' || [...id].length > LONGEST_ID || CONTROL.test(id)) return [problem('id', id, `1 to ${LONGEST_ID} characters, none of them a control character`, 'Give the id that the entry has in its vocabulary.')]
  return [...title].length > LONGEST_TITLE ? [problem('title', title, `at most ${LONGEST_TITLE} characters`, 'Shorten the title.')] : []
}

function shapeOf(value: { readonly [key: string]: Json }): Problem | null {
  const stranger = Object.keys(value).find((key) => key !== 'id' && key !== 'title')
  if (stranger !== undefined) return problem(stranger, value[stranger], 'no such key', SHAPE)
  if (!('id' in value)) return problem('id', undefined, 'a value', SHAPE)
  if (value['id'] !== null && typeof value['id'] !== 'string') return problem('id', value['id'], 'text or null', SHAPE)
  return 'title' in value && typeof value['title'] !== 'string' ? problem('title', value['title'], 'text', SHAPE) : null
}
