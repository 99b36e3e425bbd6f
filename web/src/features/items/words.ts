// Answers that name parts of an item, in words: `B > A = C`.

import type { Field } from '../../engine/schema'
import type { Json } from '../../engine/types'
import { KINDS } from '../../kinds'

/** Kinds that name parts need nothing of their field to say a value. */
const ANY: Field = { key: '', kind: '', title: '', definition: '', on: null, many: false, required: false, labels: [], attributes: [], when: {}, initial: null, each: null, of: [], options: {} }

/** The value by the letters of the parts; null for kinds that name none. */
export function partsInWords(kind: string, value: unknown, parts: readonly string[]): string | null {
  const ui = KINDS.get(kind)
  // The server stores values as JSON.
  return ui?.surface === 'form' && ui.markOf !== undefined ? ui.summary(value as Json, ANY, parts) : null
}

/** What a value says question by question, such as `Correct 4, Clear 5`; null for kinds that answer one. */
export function questionsInWords(kind: string, value: unknown, options: unknown): string | null {
  const ui = KINDS.get(kind)
  if (ui?.surface !== 'form' || ui.inWords === undefined) return null
  return ui.inWords(value as Json, { ...ANY, kind, options: (options ?? {}) as Field['options'] })
}
