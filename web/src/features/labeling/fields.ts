// Which fields of a schema stand where on the screen: drawn, between annotations, in the panel, or under their stream.

import type { Kinds } from '../../engine/check'
import type { Field, Label, Schema } from '../../engine/schema'
import type { Work } from '../../engine/work'

/** A schema, and the kinds that its fields name. */
export interface Declared {
  readonly schema: Schema
  readonly kinds: Kinds
}

/** A label with the field it belongs to. */
export interface FieldLabel {
  readonly field: Field
  readonly label: Label
}

/** Fields that are drawn on a picture or marked in a text. */
export function drawnFields({ schema, kinds }: Declared): readonly Field[] {
  return schema.fields.filter((f) => f.labels.length > 0 && ['canvas', 'text'].includes(kinds.get(f.kind)?.surface ?? ''))
}

/** Fields of what is between annotations, such as relations. */
export function linkFields({ schema, kinds }: Declared): readonly Field[] {
  return schema.fields.filter((f) => kinds.get(f.kind)?.surface === 'link')
}

/** Fields whose annotations the panel lists. */
export function listedFields(declared: Declared): readonly Field[] {
  return [...drawnFields(declared), ...linkFields(declared)]
}

/** Fields that are asked about the whole item or one of its streams. */
export function formFields({ schema, kinds }: Declared): readonly Field[] {
  return schema.fields.filter((f) => kinds.get(f.kind)?.surface === 'form')
}

/** Fields that are asked of each part of a stream, right beside it. */
export function fieldsOfParts(declared: Declared): readonly Field[] {
  return formFields(declared).filter((f) => f.each !== null)
}

/** Whether a field's questions are gone through one by one by keys: on each part, or one after another within its value. */
export function hasCells({ kinds }: Declared, field: Field): boolean {
  const kind = kinds.get(field.kind)
  return kind?.surface === 'form' && (field.each !== null || (kind.questions?.(field).length ?? 0) > 0)
}

/** Fields that are asked right under their stream; the panel has the others. */
export function fieldsUnder(declared: Declared): readonly Field[] {
  return formFields(declared).filter((f) => f.each === null && isUnder(declared.kinds, f))
}

export function panelFields(declared: Declared): readonly Field[] {
  return formFields(declared).filter((f) => f.each === null && !isUnder(declared.kinds, f))
}

/** Without the fields whose conditions do not hold; what is asked of each part is asked there. */
export function askedNow(work: Work | null, fields: readonly Field[]): readonly Field[] {
  return fields.filter((field) => work === null || field.each !== null || work.isAskedOn(field, null))
}

/** Whether anything of a field is there. */
export function hasObjects(work: Work, field: Field): boolean {
  return work.store.list().some((annotation) => annotation.field === field.key)
}

/** Every label of the screen in order. */
export function listedLabels(declared: Declared): readonly FieldLabel[] {
  return listedFields(declared).flatMap((field) => field.labels.map((label) => ({ field, label })))
}

function isUnder(kinds: Kinds, field: Field): boolean {
  const kind = kinds.get(field.kind)
  return kind?.surface === 'form' && field.on !== null && kind.isUnder?.(field) === true
}
