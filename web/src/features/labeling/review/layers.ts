// The answers to an item as layers that are shown one at a time or together, and what they say differently.

import type { Annotation, Id } from '../../../engine/types'
import type { FieldDifference, Judged, ReviewTask, ToReview, Verdict } from './shapes'

export const CONSENSUS = 'consensus'

/** An answer, or what the answers together come to. */
export interface Layer {
  readonly key: string
  /** The author's name, or a letter where the stage is blind. */
  readonly name: string
  /** Null for the consensus. */
  readonly answer: ToReview | null
  readonly annotations: readonly Annotation[]
}

/** One difference between the first answer and the others: on which field, and which annotation of each layer it is. */
export interface Difference {
  readonly field: string
  /** What a layer says there, by its key; null where it says nothing. */
  readonly ids: ReadonlyMap<string, Id | null>
  /** From 0 to 1; 1 where it is missing from one. */
  readonly distance: number
}

export function layersOf(task: ReviewTask, consensusName: string): readonly Layer[] {
  const answers = task.answers.map((answer, i): Layer => ({ key: answer.response, name: answer.author?.name ?? letterOf(i), answer, annotations: answer.annotations.map(whole) }))
  if (task.consensus === null || task.answers.length < 2) return answers
  const merged = Object.values(task.consensus).flatMap((field) => field.annotations).map(whole)
  return [...answers, { key: CONSENSUS, name: consensusName, answer: null, annotations: merged }]
}

/** What has no label travels without the key. */
export const whole = (annotation: Annotation): Annotation => ({ ...annotation, label: annotation.label ?? null })

export const letterOf = (i: number): string => String.fromCharCode(65 + i)

/**
 * The differences between the first answer and each other one, one for each annotation of the first, and one for each that
 * only another has.
 */
export function differencesOf(layers: readonly Layer[], found: ReadonlyMap<string, readonly FieldDifference[]>): readonly Difference[] {
  const [first, ...others] = layers.filter((layer) => found.has(layer.key) || layer === layers[0])
  if (first === undefined) return []
  const about = new Map<string, { field: string; ids: Map<string, Id | null>; distance: number }>()
  const only: Difference[] = []
  for (const other of others) {
    for (const { field, pairs, only_a, only_b, distance } of found.get(other.key) ?? []) {
      const enter = (id: Id, theirs: Id | null, by: number): void => {
        const known = about.get(id) ?? { field, ids: new Map([[first.key, id]]), distance: 0 }
        known.ids.set(other.key, theirs)
        about.set(id, { ...known, distance: Math.max(known.distance, by) })
      }
      for (const pair of pairs) enter(pair.a, pair.b, differs(first, other, pair) ? Math.max(pair.distance, 1e-9) : 0)
      for (const id of only_a) enter(id, null, 1)
      for (const id of only_b) only.push({ field, ids: new Map([...others.map((one) => [one.key, one === other ? id : null] as const), [first.key, null]]), distance: 1 })
      // A field that takes one answer names no annotations: the answers themselves are apart.
      if (pairs.length + only_a.length + only_b.length === 0 && distance > 0) enter(own(first, field) ?? field, own(other, field), distance)
    }
  }
  return [...[...about.values()].filter((one) => one.distance > 0), ...only].toSorted((a, b) => b.distance - a.distance)
}

/** Two annotations that stand for the same thing and lie at the same place may still have another label or answer. */
function differs(a: Layer, b: Layer, pair: { readonly a: Id; readonly b: Id; readonly distance: number }): boolean {
  const [mine, theirs] = [a.annotations.find((one) => one.id === pair.a), b.annotations.find((one) => one.id === pair.b)]
  return pair.distance > 0.001 || mine?.label !== theirs?.label || JSON.stringify(mine?.attributes ?? {}) !== JSON.stringify(theirs?.attributes ?? {})
}

function own(layer: Layer, field: string): Id | null {
  return layer.annotations.find((annotation) => annotation.field === field)?.id ?? null
}

/** The answers on which a verdict is asked and not given yet. */
export function openOf(layers: readonly Layer[], verdicts: ReadonlyMap<string, Verdict>): readonly Layer[] {
  return layers.filter(({ answer, key }) => answer !== null && !answer.accepted && !verdicts.has(key))
}

/** The verdicts as they are handed in: on every answer that was judged, with what was noted of it. */
export function verdictsOf(layers: readonly Layer[], given: ReadonlyMap<string, Pick<Judged, 'verdict' | 'defects' | 'note'>>): readonly Judged[] {
  return layers.flatMap(({ answer, key }) => {
    const one = given.get(key)
    return answer === null || one === undefined ? [] : [{ response: answer.response, revision: answer.revision, ...one }]
  })
}

/** An annotation of another layer, shown beside those of the open one under an id of its own. */
export function beside(annotation: Annotation, layer: number): Annotation {
  return { ...annotation, id: `${layer}:${annotation.id}`, extra: { layer } }
}
