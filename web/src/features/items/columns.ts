// The columns of the table: what each shows, how wide it is, and which a person has chosen to see.
import { useState } from 'react'
import type { Facets, SchemaDocument } from '../../api'
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
}

const KEPT = (project: string) => `karat.columns.${project}`

export function everyColumn(schema: SchemaDocument | undefined, facets: Facets | undefined): Column[] {
  const isText = schema !== undefined && Object.values(schema.streams)[0]?.kind === 'text'
  return [
    { key: 'content', title: '', ...(isText ? { min: 200, grow: 3 } : { min: 48 }) },
    { key: 'name', title: m.name, ...(isText ? { min: 96, grow: 0.5 } : { min: 116, grow: 1 }), sort: 'key' },
    { key: 'state', title: m.state, min: 62 },
    { key: 'labels', title: m.labels, min: 110, grow: 1 },
    { key: 'disagreement', title: m.disagreement, min: 96, sort: 'disagreement', number: true },
    { key: 'responses', title: m.responses, min: 76, sort: 'responses', number: true },
    { key: 'authors', title: m.authors, min: 68 },
    { key: 'tags', title: m.tags, min: 64, grow: 0.6 },
    ...(facets?.metadata ?? []).map((f) => ({ key: `meta:${f.key}`, title: f.key, min: 60, grow: 0.4, sort: `meta:${f.key}` })),
    { key: 'changed', title: m.changed, min: 72, sort: 'changed', number: true },
  ]
}

/** Which columns are shown in this project on this device. Metadata columns are off until chosen, but for the first. */
export function useColumns(project: string, every: readonly Column[]): { shown: Column[]; toggle: (key: string) => void } {
  const [off, setOff] = useState<Record<string, boolean>>(() => {
    const kept = localStorage.getItem(KEPT(project))
    return kept ? (JSON.parse(kept) as Record<string, boolean>) : {}
  })
  const firstMeta = every.find((c) => c.key.startsWith('meta:'))?.key
  const quiet = (key: string) => key === 'responses' || (key === 'tags' && (every[0]?.grow ?? 0) > 0) || (key.startsWith('meta:') && key !== firstMeta)
  const isOff = (key: string) => off[key] ?? quiet(key)
  const toggle = (key: string) => {
    const next = { ...off, [key]: !isOff(key) }
    localStorage.setItem(KEPT(project), JSON.stringify(next))
    setOff(next)
  }
  return { shown: every.filter((c) => !isOff(c.key)), toggle }
}

const TICK = 14
const GAP = 16
const SIDES = 40

/** The grid of a row, and the width below which the table scrolls sideways. */
export function gridOf(columns: readonly Column[]): { template: string; minWidth: number } {
  return {
    template: `${TICK}px ${columns.map((c) => (c.grow ? `minmax(${c.min}px, ${c.grow}fr)` : `${c.min}px`)).join(' ')}`,
    minWidth: TICK + SIDES + columns.reduce((sum, c) => sum + c.min + GAP, 0),
  }
}
