// Items: found, looked at, changed one by one and many at once.
import { addressOfApi, answered, answeredWhole, once, server } from './client'
import type { BulkAction, Consensus, Filter, Id, ItemDetail, Metadata, Response as Said, View } from './types'

export type { BulkAction } from './types'
export type SortKey = string

export interface Wanted {
  filter: Filter
  sort: SortKey
  descending: boolean
}

const written = (filter: Filter) => (filter.all.length > 0 ? JSON.stringify(filter) : undefined)

export const page = (project: Id, { filter, sort, descending }: Wanted, cursor: string | null, signal?: AbortSignal) =>
  answered(server.GET('/api/v1/projects/{project}/items', { params: { path: { project }, query: { filter: written(filter), sort, descending, cursor: cursor ?? undefined, limit: 100 } }, signal: signal ?? null }))
export const count = (project: Id, filter: Filter) => answered(server.GET('/api/v1/projects/{project}/items/count', { params: { path: { project }, query: { filter: written(filter) } } }))
export const facets = (project: Id) => answered(server.GET('/api/v1/projects/{project}/facets', { params: { path: { project } } }))

/** An item with its responses. A row counts responses under the name by which the whole item lists them, so the list gets its own name here. */
export async function one(item: Id): Promise<ItemDetail> {
  const { value, etag } = await answeredWhole(server.GET('/api/v1/items/{item}', { params: { path: { item } } }))
  // Annotations are told apart by their kind; here they are only shown, whatever kind they are of.
  return { ...value, key: value.key ?? '', state: value.state ?? 'open', response_list: value.responses as unknown as Said[], etag }
}

export const change = (item: Id, etag: string | undefined, body: { metadata?: Metadata; tags?: string[]; split_group?: string }) =>
  answered(server.PATCH('/api/v1/items/{item}', { params: { path: { item } }, headers: { 'If-Match': etag ?? '*' }, body }))
export const consensus = (item: Id) => answered(server.GET('/api/v1/items/{item}/consensus', { params: { path: { item } } })) as unknown as Promise<Consensus[]>

/** A view as it is saved: a name, a filter, an order, columns. */
export type NewView = Pick<View, 'name' | 'sort' | 'descending' | 'columns'> & { filter: Filter }

export const views = (project: Id) => answered(server.GET('/api/v1/projects/{project}/views', { params: { path: { project } } }))
export const makeView = (project: Id, body: NewView) => answered(server.POST('/api/v1/projects/{project}/views', { params: { path: { project } }, body: { ...body, filter: { ...body.filter } }, headers: once() }))
export const changeView = (project: Id, view: Id, { name, filter, sort, descending, columns }: Pick<View, 'name' | 'sort' | 'descending' | 'columns'> & { filter: object }) =>
  answered(server.PUT('/api/v1/projects/{project}/views/{view}', { params: { path: { project, view } }, body: { name, filter: { ...filter }, sort, descending, columns } }))
export const deleteView = (project: Id, view: Id) => answered(server.DELETE('/api/v1/projects/{project}/views/{view}', { params: { path: { project, view } } }))

export type BulkValue = string | number | Record<string, string | number | boolean | null>
export type Chosen = { filter: Filter } | { ids: Id[] }

export const bulk = (project: Id, action: BulkAction, chosen: Chosen, value?: BulkValue) =>
  answered(server.POST('/api/v1/projects/{project}/items/bulk', { params: { path: { project } }, body: { action, ...('ids' in chosen ? { ids: chosen.ids } : { filter: { ...chosen.filter } }), ...(value === undefined ? {} : { value }) }, headers: once() }))

/** Metadata from a CSV file, sent as it is. */
export const metadataByCsv = (project: Id, csv: Blob) =>
  answered(server.POST('/api/v1/projects/{project}/metadata', { params: { path: { project } }, body: csv as never, bodySerializer: () => csv, headers: { ...once(), 'Content-Type': 'text/csv' } }))

/** The address of a stream's content; `thumb` is a small picture of an image. */
export const streamAddress = (i: Id, stream: string, size?: 'thumb' | 'preview') => addressOfApi(`/items/${i}/streams/${encodeURIComponent(stream)}`, { size })

/** The text of a stream. */
export const streamText = (item: Id, name: string, signal?: AbortSignal) =>
  answered(server.GET('/api/v1/items/{item}/streams/{name}', { params: { path: { item, name } }, parseAs: 'text', signal: signal ?? null }))
