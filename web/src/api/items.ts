// Items: found, looked at, changed one by one and many at once.
import { addressOfApi, ask, askWhole, newKey } from './client'
import type { Consensus, Facets, Filter, Id, ItemDetail, ItemPage, ItemRow, Metadata, Operation, Response } from './types'

export type SortKey = 'changed' | 'key' | 'responses' | 'disagreement' | 'created' | `meta:${string}`

export interface Wanted {
  filter: Filter
  sort: SortKey
  descending: boolean
}

const written = (filter: Filter) => (filter.all.length > 0 ? JSON.stringify(filter) : undefined)

export const page = (p: Id, { filter, sort, descending }: Wanted, cursor: string | null, signal?: AbortSignal) =>
  ask<ItemPage>(`/projects/${p}/items`, { query: { filter: written(filter), sort, descending, cursor, limit: 100 }, signal })
export const count = (p: Id, filter: Filter) => ask<{ count: number; exact: boolean }>(`/projects/${p}/items/count`, { query: { filter: written(filter) } })
export const facets = (p: Id) => ask<Facets>(`/projects/${p}/facets`)

/** An item with its responses. A row counts responses under the name by which the whole item lists them, so the list gets its own name here. */
export async function one(i: Id): Promise<ItemDetail> {
  const { value, etag } = await askWhole<Omit<ItemRow, 'responses'> & { responses: Response[] }>(`/items/${i}`)
  return { ...value, responses: value.responses.length, response_list: value.responses, etag }
}

export const change = (i: Id, etag: string | undefined, given: { metadata?: Metadata; tags?: string[]; split_group?: string }) =>
  ask<unknown>(`/items/${i}`, { method: 'PATCH', json: given, etag: etag ?? '*' })
export const remove = (i: Id) => ask<void>(`/items/${i}`, { method: 'DELETE' })
export const consensus = (i: Id) => ask<Consensus[]>(`/items/${i}/consensus`)

export type BulkAction = 'tag' | 'untag' | 'delete' | 'metadata' | 'requeue'
export type Chosen = { filter: Filter } | { ids: Id[] }

export const bulk = (p: Id, action: BulkAction, chosen: Chosen, value?: unknown) =>
  ask<Operation>(`/projects/${p}/items/bulk`, { method: 'POST', json: { action, ...chosen, ...(value === undefined ? {} : { value }) }, once: newKey() })
export const metadataByCsv = (p: Id, csv: Blob) =>
  ask<Operation>(`/projects/${p}/metadata`, { method: 'POST', body: csv, headers: { 'Content-Type': 'text/csv' }, once: newKey() })

/** The address of a stream's content; `thumb` is a small picture of an image. */
export const streamAddress = (i: Id, stream: string, size?: 'thumb') => addressOfApi(`/items/${i}/streams/${encodeURIComponent(stream)}`, { size })

/** The text of a stream. */
export async function streamText(i: Id, stream: string, signal?: AbortSignal): Promise<string> {
  const response = await fetch(streamAddress(i, stream), { credentials: 'same-origin', signal: signal ?? null })
  if (!response.ok) throw new Error(`The text answered ${response.status} ${response.statusText}`)
  return response.text()
}
