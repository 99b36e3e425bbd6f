// The columns of the table: what each shows, in which order, how wide, and which are seen.
import { useCallback, useMemo, useState } from 'react'
import type { Facets, SchemaDocument, View } from '../../api'
import { m } from './messages'

export interface Column {
  key: string
  title: string
  /** In pixels. */
  min: number
  /** How much of the room left over it takes. */
  grow?: number
  sort?: string
  number?: boolean
  /** As somebody drew it, in pixels; else the table chooses. */
  width?: number | null
}

/** A column by its key where it stands, with its width if it was drawn. */
export type Laid = View['columns'][number]

export const NARROWEST = 40
export const WIDEST = 2000
const KEPT = (project: string) => `karat.table.${project}`

export function everyColumn(schema: SchemaDocument | undefined, facets: Facets | undefined): Column[] {
  const first = schema && Object.values(schema.streams)[0]?.kind
  const isText = first !== undefined && first !== 'image'
  return [
    { key: 'content', title: m.content, ...(isText ? { min: 200, grow: 3 } : { min: 48 }) },
    { key: 'name', title: m.name, ...(isText ? { min: 96, grow: 0.5 } : { min: 116, grow: 1 }), sort: 'key' },
    { key: 'state', title: m.state, min: 62 },
    { key: 'labels', title: m.labels, min: 110, grow: 1 },
    { key: 'disagreement', title: m.disagreement, min: 96, sort: 'disagreement', number: true },
    { key: 'uncertainty', title: m.uncertainty, min: 92, sort: 'uncertainty', number: true },
    { key: 'responses', title: m.responses, min: 76, sort: 'responses', number: true },
    { key: 'authors', title: m.authors, min: 68 },
    { key: 'tags', title: m.tags, min: 64, grow: 0.6 },
    ...(facets?.metadata ?? []).map((f) => ({ key: `meta:${f.key}`, title: f.key, min: 60, grow: 0.4, sort: `meta:${f.key}` })),
    { key: 'changed', title: m.changed, min: 72, sort: 'changed', number: true },
  ]
}

/** What is shown where nobody chose: of the metadata only the first. */
export function usual(every: readonly Column[]): Laid[] {
  const firstMeta = every.find((c) => c.key.startsWith('meta:'))?.key
  const quiet = (key: string) => key === 'uncertainty' || key === 'responses' || key === 'tags' || (key.startsWith('meta:') && key !== firstMeta)
  return every.filter((c) => !quiet(c.key)).map((c) => ({ key: c.key }))
}

/** The columns as laid; what this project does not have is left out, and the content stands first. */
export function shownOf(every: readonly Column[], laid: readonly Laid[]): Column[] {
  const known = new Map(every.map((c) => [c.key, c]))
  const first = laid.find((one) => one.key === 'content') ?? { key: 'content' }
  return [first, ...laid.filter((one) => one.key !== 'content')].flatMap((one) => {
    const column = known.get(one.key)
    return column ? [{ ...column, width: one.width ?? null }] : []
  })
}

export interface Layout {
  laid: readonly Laid[]
  shown: Column[]
  /** Whether somebody changed the columns here, away from the view or from what is usual. */
  own: boolean
  put: (laid: readonly Laid[]) => void
  /** Back to the columns of a view, or to the usual ones. */
  forget: (view?: string) => void
}

/** The columns in this project on this device, for each view by itself. */
export function useLayout(project: string, every: readonly Column[], view: View | undefined): Layout {
  const [kept, setKept] = useState<Record<string, Laid[]>>(() => read(project))
  const at = view?.id ?? ''
  const change = useCallback(
    (key: string, laid: readonly Laid[] | null) =>
      setKept((now) => {
        const others = Object.entries(now).filter(([one]) => one !== key)
        const next = Object.fromEntries(laid ? [...others, [key, [...laid]]] : others)
        localStorage.setItem(KEPT(project), JSON.stringify(next))
        return next
      }),
    [project],
  )
  const start = useMemo(() => (view && view.columns.length > 0 ? view.columns : usual(every)), [every, view])
  const laid = kept[at] ?? start
  const shown = useMemo(() => shownOf(every, laid), [every, laid])
  const put = useCallback((next: readonly Laid[]) => change(at, next), [at, change])
  const forget = useCallback((of?: string) => change(of ?? at, null), [at, change])
  return { laid, shown, own: kept[at] !== undefined && written(laid) !== written(start), put, forget }
}

function read(project: string): Record<string, Laid[]> {
  const kept = localStorage.getItem(KEPT(project))
  return kept ? (JSON.parse(kept) as Record<string, Laid[]>) : {}
}

const written = (laid: readonly Laid[]) => JSON.stringify(laid.map((one) => [one.key, one.width ?? null]))

/** The same columns with one of them wider or narrower; null lets the table choose again. */
export function withWidth(shown: readonly Column[], key: string, width: number | null): Laid[] {
  const held = width === null ? null : Math.round(Math.max(NARROWEST, Math.min(WIDEST, width)))
  return shown.map((c) => ({ key: c.key, width: c.key === key ? held : (c.width ?? null) }))
}

/** The same columns with one of them before another; without another it goes to the end. The content stays first. */
export function moved(shown: readonly Column[], key: string, before: string | null): Laid[] {
  const laid = shown.map((c) => ({ key: c.key, width: c.width ?? null }))
  const one = laid.find((c) => c.key === key)
  if (!one || key === 'content' || key === before) return laid
  const rest = laid.filter((c) => c.key !== key)
  const found = rest.findIndex((c) => c.key === before)
  const at = before === null || found < 0 ? rest.length : Math.max(1, found)
  return [...rest.slice(0, at), one, ...rest.slice(at)]
}

/** The same columns with one shown or hidden; what is shown again comes last. */
export function toggled(shown: readonly Column[], key: string): Laid[] {
  const laid = shown.map((c) => ({ key: c.key, width: c.width ?? null }))
  return laid.some((c) => c.key === key) ? laid.filter((c) => c.key !== key) : [...laid, { key, width: null }]
}

const TICK = 14
const GAP = 16
const SIDES = 40

/** The grid of a row, the width below which the table scrolls sideways, and how many columns then stay in place. */
export function gridOf(columns: readonly Column[]): { template: string; minWidth: number; pinned: number } {
  const widths = columns.map((c) => (c.width ? `${c.width}px` : c.grow ? `minmax(${c.min}px, ${c.grow}fr)` : `${c.min}px`))
  return {
    template: [`${TICK}px`, ...widths].join(' '),
    minWidth: TICK + SIDES + columns.reduce((sum, c) => sum + (c.width ?? c.min) + GAP, 0),
    // A small picture says little without its name; a text speaks for itself.
    pinned: columns[0]?.grow ? 1 : Math.min(2, columns.length),
  }
}
