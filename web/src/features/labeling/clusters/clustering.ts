// Putting spans into clusters: a new one, the last one, one by its number; two made one; a mention taken out. One undo step each.

import { type Cluster, type Clusters, clustersOf, isClustered } from '../../../engine/clusters'
import { type Command, command } from '../../../engine/command'
import type { Field } from '../../../engine/schema'
import type { Annotation } from '../../../engine/types'
import { drawnFields, type Declared } from '../fields'
import { m as labeling } from '../messages'
import type { Screen } from '../screen'
import { m } from './messages'

const NUMBERED = 9
const KEYS = { begin: 'G', last: 'C', merge: 'Alt+C', out: 'Alt+X' } as const

/** The fields of a schema whose spans are put into clusters. */
export function clusteredFields(declared: Declared): readonly Field[] {
  return drawnFields(declared).filter((field) => {
    const kind = declared.kinds.get(field.kind)
    return kind?.surface === 'text' && kind.clusters?.(field) === true
  })
}

/** Chords that answers must not take where there are clusters. */
export function clusterKeys(declared: Declared): readonly string[] {
  return clusteredFields(declared).length === 0 ? [] : [...Object.values(KEYS), ...numbers().map((n) => `Shift+${n}`)]
}

export class Clustering {
  /** The group that was last begun or added to. */
  private touched: string | null = null

  constructor(private readonly screen: Screen) {}

  /** The selected spans of one field with clusters; null where anything else is selected. */
  get meant(): { readonly field: Field; readonly spans: readonly Annotation[]; readonly clusters: Clusters } | null {
    const { work, subject } = this.screen
    if (work === null || work.isFinal || subject === null || !isClustered(work, subject.field)) return null
    return { field: subject.field, spans: subject.annotations, clusters: clustersOf(work, subject.field) }
  }

  begin(): void {
    const { meant } = this
    if (meant) this.touched = this.screen.work?.join(meant.spans.map((a) => a.id)) ?? null
  }

  add({ id }: Cluster): void {
    const { meant } = this
    if (meant) this.touched = this.screen.work?.join(meant.spans.map((a) => a.id), id) ?? null
  }

  /** Where the last key went; else the cluster of the span that was made last. */
  get last(): Cluster | null {
    const { meant } = this
    const { work } = this.screen
    if (meant === null || work === null) return null
    const touched = this.touched === null ? undefined : meant.clusters.byId.get(this.touched)
    if (touched) return touched
    const latest = work.store.list().findLast((a) => a.field === meant.field.key && a.group !== undefined)
    return (latest?.group !== undefined && meant.clusters.byId.get(latest.group)) || null
  }

  /** The clusters that would become one: those of the selected spans, with the last one where these are of one cluster. */
  get merging(): readonly Cluster[] {
    const { meant, last } = this
    if (meant === null) return []
    const own = meant.clusters.all.filter(({ id }) => meant.spans.some((a) => a.group === id))
    return own.length === 1 && last !== null && last !== own[0] ? [...own, last].sort((a, b) => a.number - b.number) : own
  }

  /** Makes clusters one, under the name of the first; selected spans that are in none come along. */
  merge(clusters: readonly Cluster[] = this.merging): void {
    const [first, ...others] = clusters
    if (first === undefined || others.length === 0) return
    const alone = this.meant?.spans.filter((a) => a.group === undefined) ?? []
    this.touched = this.screen.work?.join([...clusters.flatMap(({ mentions }) => mentions), ...alone].map((a) => a.id), first.id) ?? null
  }

  takeOut(spans: readonly Annotation[] = this.meant?.spans ?? []): void {
    this.screen.work?.setGroup(spans.map((a) => a.id), false)
  }
}

export function clusterCommands(screen: Screen): Command<Screen>[] {
  if (clusteredFields(screen).length === 0) return []
  const can = (s: Screen): boolean => s.work !== null && s.dialog === null && s.clusters.meant !== null
  const make = (id: string, title: string, key: string, icon: string, when: (s: Screen) => boolean, run: (s: Screen) => void): Command<Screen> =>
    command<Screen>({ id: `cluster.${id}`, title, group: labeling.groups.selected, keys: [key], icon, when: (s) => can(s) && when(s), run })
  return [
    make('begin', m.begin, KEYS.begin, 'plus', () => true, (s) => s.clusters.begin()),
    make('last', m.last, KEYS.last, 'link', (s) => s.clusters.last !== null, (s) => {
      const { last } = s.clusters
      if (last) s.clusters.add(last)
    }),
    make('merge', m.merge, KEYS.merge, 'merge', (s) => s.clusters.merging.length > 1, (s) => s.clusters.merge()),
    make('out', m.out, KEYS.out, 'out', (s) => s.clusters.meant?.spans.some((a) => a.group !== undefined) === true, (s) => s.clusters.takeOut()),
    ...numbers().map((n) =>
      make(`to.${n}`, m.to(n), `Shift+${n}`, 'link', (s) => s.clusters.meant?.clusters.all[n - 1] !== undefined, (s) => {
        const cluster = s.clusters.meant?.clusters.all[n - 1]
        if (cluster) s.clusters.add(cluster)
      }),
    ),
  ]
}

function numbers(): number[] {
  return Array.from({ length: NUMBERED }, (_, i) => i + 1)
}
