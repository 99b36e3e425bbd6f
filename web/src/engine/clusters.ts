// Clusters: the spans of a field that speak of one thing, such as all mentions of a person. Spans of one group are one.

import type { Field } from './schema'
import type { Annotation } from './types'
import type { Work } from './work'

export interface Cluster {
  /** The group of its mentions. */
  readonly id: string
  /** Counted in the order of the text, by where each is first mentioned; 1 for the first. */
  readonly number: number
  /** In the order of the text. */
  readonly mentions: readonly Annotation[]
}

export interface Clusters {
  readonly all: readonly Cluster[]
  readonly byId: ReadonlyMap<string, Cluster>
  /** Spans in no cluster, in the order of the text. */
  readonly alone: readonly Annotation[]
}

const known = new WeakMap<Work, Map<string, { readonly version: number; readonly clusters: Clusters }>>()

export function isClustered(work: Work, field: Field): boolean {
  const kind = work.kinds.get(field.kind)
  return kind?.surface === 'text' && kind.clusters?.(field) === true
}

/** The clusters of a field; found once for each state of the work. */
export function clustersOf(work: Work, field: Field): Clusters {
  const { version } = work.store
  const own = known.get(work) ?? new Map<string, { readonly version: number; readonly clusters: Clusters }>()
  const made = own.get(field.key)
  if (made?.version === version) return made.clusters
  const clusters = found(work, field)
  known.set(work, own.set(field.key, { version, clusters }))
  return clusters
}

function found(work: Work, field: Field): Clusters {
  const inOrder = work.store.list()
    .filter((a) => a.field === field.key)
    .map((annotation) => ({ annotation, at: placeOf(work, field, annotation) }))
    .sort((a, b) => a.at.part - b.at.part || by(a.at.start, b.at.start) || by(a.at.end, b.at.end))
    .map(({ annotation }) => annotation)
  const groups = Map.groupBy(inOrder, (a) => a.group)
  const alone = groups.get(undefined) ?? []
  groups.delete(undefined)
  const all = [...groups].map(([id, mentions], i): Cluster => ({ id: id ?? '', number: i + 1, mentions }))
  return { all, byId: new Map(all.map((cluster) => [cluster.id, cluster])), alone }
}

/** Where a span begins and ends: its part in the order of the stream, then code points. What cannot be read stands last. */
function placeOf(work: Work, field: Field, annotation: Annotation): { readonly part: number; readonly start: number; readonly end: number } {
  const kind = work.kinds.get(field.kind)
  const part = annotation.on?.part === undefined ? 0 : (work.partsOf(field)?.indexOf(annotation.on.part) ?? 0)
  const isRead = kind?.surface === 'text' && kind.check(annotation.value, field, {}).length === 0
  const ranges = isRead ? kind.ranges(annotation.value) : []
  return { part, start: ranges[0]?.[0] ?? Infinity, end: ranges.at(-1)?.[1] ?? Infinity }
}

/** Like a difference, but of infinities too. */
function by(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1
}
