// The columns of the table: what each shows, how wide it is, and which a person has chosen to see.
import { useCallback, useState } from 'react'
import type { Facets, SchemaDocument } from '../../api'
import { m } from './messages'

export interface Column {
  key: string
  title: string
  width: string
  sort?: string
  number?: boolean
}

const KEPT = (project: string) => `karat.columns.${project}`

export function everyColumn(schema: SchemaDocument | undefined, facets: Facets | undefined): Column[] {
  const isText = schema !== undefined && Object.values(schema.streams)[0]?.kind === 'text'
  return [
    { key: 'content', title: '', width: isText ? 'minmax(160px, 2fr)' : '48px' },
    { key: 'name', title: m.name, width: isText ? 'minmax(80px, 140px)' : 'minmax(110px, 1fr)', sort: 'key' },
    { key: 'state', title: m.state, width: '64px' },
    { key: 'labels', title: m.labels, width: 'minmax(110px, 1.2fr)' },
    { key: 'disagreement', title: m.disagreement, width: '96px', sort: 'disagreement', number: true },
    { key: 'responses', title: m.responses, width: '76px', sort: 'responses', number: true },
    { key: 'authors', title: m.authors, width: '84px' },
    { key: 'tags', title: m.tags, width: 'minmax(60px, 110px)' },
    ...(facets?.metadata ?? []).map((f) => ({ key: `meta:${f.key}`, title: f.key, width: 'minmax(56px, 100px)', sort: `meta:${f.key}` })),
    { key: 'changed', title: m.changed, width: '64px', sort: 'changed', number: true },
  ]
}

/** Which columns are shown in this project on this device. Metadata columns are off until chosen, but for the first. */
export function useColumns(project: string, every: readonly Column[]): { shown: Column[]; toggle: (key: string) => void } {
  const [off, setOff] = useState<Record<string, boolean>>(() => {
    const kept = localStorage.getItem(KEPT(project))
    return kept ? (JSON.parse(kept) as Record<string, boolean>) : {}
  })
  const firstMeta = every.find((c) => c.key.startsWith('meta:'))?.key
  const isOff = (key: string) => off[key] ?? (key === 'responses' || (key.startsWith('meta:') && key !== firstMeta))
  const toggle = useCallback(
    (key: string) => {
      setOff((now) => {
        const next = { ...now, [key]: !(now[key] ?? (key === 'responses' || (key.startsWith('meta:') && key !== firstMeta))) }
        localStorage.setItem(KEPT(project), JSON.stringify(next))
        return next
      })
    },
    [firstMeta, project],
  )
  return { shown: every.filter((c) => !isOff(c.key)), toggle }
}
