// What was done to an answer, annotation by annotation.

import { same } from '../../../engine/same'
import type { Annotation } from '../../../engine/types'

export type ChangeKind = 'added' | 'removed' | 'moved' | 'relabeled' | 'changed'

/** One annotation before and after; null where there was none, or is none. */
export interface AnnotationChange {
  readonly what: ChangeKind
  readonly before: Annotation | null
  readonly after: Annotation | null
}

/** An answer against what was made of it: those under one id are the same thing. */
export function changesOf(before: readonly Annotation[], after: readonly Annotation[]): readonly AnnotationChange[] {
  const now = new Map(after.map((one) => [one.id, one]))
  return changesOfPairs([...before.map((one) => [one, now.get(one.id) ?? null] as const), ...after.filter((one) => !before.some(({ id }) => id === one.id)).map((one) => [null, one] as const)])
}

/** As `changesOf`, where it is known which stands for which. */
export function changesOfPairs(pairs: readonly (readonly [Annotation | null, Annotation | null])[]): readonly AnnotationChange[] {
  return pairs.flatMap(([before, after]) => {
    const what = changeOf(before, after)
    return what === null ? [] : [{ what, before, after }]
  })
}

function changeOf(before: Annotation | null, after: Annotation | null): ChangeKind | null {
  if (before === null) return after === null ? null : 'added'
  if (after === null) return 'removed'
  if (before.label !== after.label) return 'relabeled'
  if (!same(before.value, after.value)) return before.label === null ? 'changed' : 'moved'
  return same(before.attributes ?? {}, after.attributes ?? {}) ? null : 'changed'
}
