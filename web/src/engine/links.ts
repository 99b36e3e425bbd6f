// Annotations that are about others: which they are, and what becomes of them when others go or get new ids.

import type { KindUi, LinkKind } from './kind'
import type { Annotation, Id, Json } from './types'

type Kinds = ReadonlyMap<string, KindUi<unknown>>

/** One line between two annotations. */
export interface Line {
  readonly id: Id
  readonly from: Id
  readonly to: Id
  /** Which of the annotation's lines, from 0. */
  readonly nth: number
  /** Whether ends are known by their numbers. */
  readonly numbered: boolean
}

/** The kind of an annotation that is about others and can be read; null for all others. */
export function linkOf(annotation: Annotation, kinds: Kinds): LinkKind | null {
  const kind = kinds.get(annotation.kind)
  return kind?.surface === 'link' && kind.isLink(annotation.value) ? kind : null
}

export function idsOf(annotation: Annotation, kinds: Kinds): readonly Id[] {
  return linkOf(annotation, kinds)?.ids(annotation.value) ?? []
}

/** The lines that are drawn for an annotation, from end to end. */
export function linesOf(annotation: Annotation, kinds: Kinds): Line[] {
  const kind = linkOf(annotation, kinds)
  const ids = kind?.ids(annotation.value) ?? []
  return ids.slice(1).flatMap((to, i) => {
    const from = ids[i]
    return from === undefined ? [] : [{ id: annotation.id, from, to, nth: i, numbered: kind?.put !== undefined }]
  })
}

/** Whether an annotation has a place of its own and can be an end. */
export function hasPlace(annotation: Annotation, kinds: Kinds): boolean {
  const surface = kinds.get(annotation.kind)?.surface
  return surface === 'canvas' || surface === 'text'
}

/**
 * An annotation with the ids it is about by their new names; null where it means nothing any more. Those that are about
 * none stay as they are.
 */
export function rebound(annotation: Annotation, kinds: Kinds, names: (id: Id) => Id | null): Annotation | null {
  const kind = linkOf(annotation, kinds)
  if (kind === null) return annotation
  const value: Json | null = kind.rebind(annotation.value, names)
  return value === null ? null : { ...annotation, value }
}
