// Annotations and answers in a few words.

import type { Kinds } from '../../../engine/check'
import { labelOf, type Schema } from '../../../engine/schema'
import type { Annotation, Id } from '../../../engine/types'
import { whole } from './layers'
import type { Changed, Verdict } from './shapes'

export const TONES: Readonly<Record<Verdict, 'ok' | 'gold' | 'bad'>> = { accepted: 'ok', fixed: 'gold', rejected: 'bad' }

/** "car", or what was answered to a question; a dash where nothing was. */
export function wordsOf(annotation: Annotation | null | undefined, schema: Schema, kinds: Kinds): string {
  const field = schema.fields.find((one) => one.key === annotation?.field)
  if (!annotation || !field) return '–'
  if (annotation.label !== null) return labelOf(field, annotation.label)?.title ?? annotation.label
  const kind = kinds.get(field.kind)
  return kind?.surface === 'form' ? kind.summary(annotation.value, field) : field.title
}

export function titleOf(key: string, schema: Schema): string {
  return schema.fields.find((one) => one.key === key)?.title ?? key
}

/** Which annotation of an answer stands for which of the fix, null where it has none; answers to a question stand for each other. */
export function annotationPairs({ judged, fixed, differences }: Changed): readonly (readonly [Annotation | null, Annotation | null])[] {
  const [mine, theirs] = [byId(judged), byId(fixed)]
  const known = new Map(differences.flatMap(({ pairs }) => pairs.map(({ a, b }) => [a, b] as const)))
  for (const { id, field } of judged) if (!known.has(id) && id === field && theirs.has(id)) known.set(id, id)
  const met = new Set(known.values())
  const kept = [...mine.values()].map((one) => [one, theirs.get(known.get(one.id) ?? '') ?? null] as const)
  return [...kept, ...[...theirs.values()].filter(({ id }) => !met.has(id)).map((one) => [null, one] as const)]
}

const byId = (all: readonly Annotation[]): ReadonlyMap<Id, Annotation> => new Map(all.map((one) => [one.id, whole(one)]))
