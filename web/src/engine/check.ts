// What still keeps a response from being handed in.

import { CodePoints } from './codepoints'
import type { CanvasKind, KindUi } from './kind'
import { hasPlace, linkOf } from './links'
import { idOf } from './parts'
import { isList } from './problem'
import { askedAmong, attributesOf, type Field } from './schema'
import type { Annotation, Facts, Id, Json, Problem } from './types'
import type { Work } from './work'

export interface OpenPoint {
  readonly field: string
  /** The annotation it is about; null for a field without an answer. */
  readonly annotation: Id | null
  readonly attribute: string | null
  /** The part of its stream it is about, where the field is answered for each. */
  readonly part?: string
  readonly problem: Problem
}

export type Kinds = ReadonlyMap<string, KindUi<unknown>>

/** Every reason why this work cannot be handed in yet, in the order of the schema. */
export function openPoints(work: Work, kinds: Kinds): OpenPoint[] {
  const missing = work.schema.fields.flatMap((field) => {
    if (field.required && field.each !== null) return missingParts(work, field)
    if (!field.required || hasAnswer(work, field.key) || !work.isAskedOn(field, null)) return []
    return [{ field: field.key, annotation: null, attribute: null, problem: { path: field.key, expected: 'an answer', do: field.title } }]
  })
  const found: OpenPoint[] = []
  for (const annotation of work.store.all()) {
    if (!work.isAsked(annotation)) {
      // An answer is just left out; what was drawn goes only by the hand that drew it.
      if (annotation.label !== null) found.push({ field: annotation.field, annotation: annotation.id, attribute: null, problem: { path: annotation.field, expected: 'nothing that is not asked', do: work.field(annotation.field)?.title ?? '' } })
      continue
    }
    for (const point of pointsOf(work, annotation, kinds)) found.push(point)
  }
  return [...missing, ...found, ...work.schema.fields.flatMap((field) => pointsAmong(work, field, kinds))]
}

/** The parts without an answer that a field asks for. */
function missingParts(work: Work, field: Field): OpenPoint[] {
  return work.askedOf(field).flatMap((part) => {
    if (!isEmpty(work.answer(field, part)) || !work.isAskedOn(field, part)) return []
    return [{ field: field.key, annotation: null, attribute: null, part, problem: { path: idOf(field, part), expected: 'an answer', do: field.title } }]
  })
}

function isEmpty(value: Json | undefined): boolean {
  return value === undefined || value === '' || (isList(value) && value.length === 0)
}

/** What is wrong with annotations that are about others, and with what those of a field owe to one another. */
function pointsAmong(work: Work, field: Field, kinds: Kinds): OpenPoint[] {
  const kind = kinds.get(field.kind)
  if (kind?.surface === 'canvas' && kind.checkTogether !== undefined) return pointsTogether(work, field, kind)
  if (kind?.surface !== 'link') return []
  const all = work.store.list()
  const own = all.filter((a) => a.field === field.key && linkOf(a, kinds) !== null)
  const siblings = new Map(all.filter((a) => hasPlace(a, kinds)).map((a) => [a.id, a]))
  return kind.checkAmong(own, field, siblings).map(({ index, problem }) => ({ field: field.key, annotation: own[index]?.id ?? null, attribute: null, problem }))
}

function pointsTogether(work: Work, field: Field, kind: CanvasKind): OpenPoint[] {
  const own = work.store.list().filter((a) => a.field === field.key)
  const streams = Map.groupBy(own, (a) => a.on?.stream ?? field.on)
  return [...streams.values()].flatMap((ones) =>
    (kind.checkTogether?.(ones, field) ?? []).map(({ index, problem }) => ({ field: field.key, annotation: ones[index]?.id ?? null, attribute: null, problem })),
  )
}

function hasAnswer(work: Work, field: string): boolean {
  for (const annotation of work.store.all()) if (annotation.field === field && work.isAsked(annotation)) return true
  return false
}

interface Looked {
  readonly schema: Work['schema']
  readonly task: Work['task']
  readonly kinds: Kinds
  readonly points: readonly OpenPoint[]
}

const looked = new WeakMap<Annotation, Looked>()

/** Remembered: after each change of one annotation all are asked, and only that one is another. */
function pointsOf(work: Work, annotation: Annotation, kinds: Kinds): readonly OpenPoint[] {
  const known = looked.get(annotation)
  if (known?.schema === work.schema && known.task === work.task && known.kinds === kinds) return known.points
  const field = work.field(annotation.field)
  const points = field === null ? [] : findPoints(field, factsOf(work, annotation), annotation, kinds)
  looked.set(annotation, { schema: work.schema, task: work.task, kinds, points })
  return points
}

function findPoints(field: Field, facts: Facts, annotation: Annotation, kinds: Kinds): OpenPoint[] {
  const kind = kinds.get(annotation.kind)
  if (kind === undefined) return []
  const part = field.each === null ? undefined : annotation.on?.part
  const point = (attribute: string | null) => (problem: Problem) => ({ field: field.key, annotation: annotation.id, attribute, problem, ...(part === undefined ? {} : { part }) })
  const answers = annotation.attributes ?? {}
  const asked = askedAmong(attributesOf(field, annotation.label), answers)
  return [
    ...kind.check(annotation.value, field, facts).map(point(null)),
    ...asked.flatMap((attribute) => {
      const value = answers[attribute.key]
      if (value === undefined) return attribute.required ? [point(attribute.key)({ path: attribute.key, expected: 'an answer', do: attribute.title })] : []
      return (kinds.get(attribute.kind)?.check(value, attribute, {}) ?? []).map(point(attribute.key))
    }),
  ]
}

const UNKNOWN: Facts = {}

export function factsOf(work: Work, annotation: Annotation): Facts {
  const stream = annotation.on?.stream ?? work.field(annotation.field)?.on
  const facts = (stream && work.task.item.streams[stream]?.facts) || UNKNOWN
  return annotation.on?.part === undefined ? facts : factsOfPart(work, annotation, facts)
}

/** A text in parts is as long as the part; the same object each time, by which it is known what was looked at. */
function factsOfPart(work: Work, annotation: Annotation, facts: Facts): Facts {
  const key = `${annotation.on?.stream}/${annotation.on?.part}`
  const known = partFacts.get(work) ?? new Map<string, Facts>()
  partFacts.set(work, known)
  const text = known.has(key) ? undefined : work.textOf(annotation)
  if (text !== undefined) known.set(key, { ...facts, length: new CodePoints(text).length })
  return known.get(key) ?? facts
}

const partFacts = new WeakMap<Work, Map<string, Facts>>()

/** What was spoken about: every place that was looked at, and each answer that was given. */
export function coversOf(work: Work, kinds: Kinds): Record<string, null> {
  const asked = work.schema.fields.filter((field) => field.each !== null || work.isAskedOn(field, null))
  const spoken = asked.filter((field) => kinds.get(field.kind)?.surface !== 'form' || hasAnswer(work, field.key))
  return Object.fromEntries(spoken.map((field) => [field.key, null]))
}
