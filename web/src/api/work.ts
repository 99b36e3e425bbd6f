// Items given to people by hand, what they hold, and handing it over; who is here.
import { answered, once, server } from './client'
import type { Filter, Id } from './types'

const of = (project: Id) => ({ params: { path: { project } } })

export interface Giving {
  title: string
  person?: Id
  group?: Id
  skill?: string
  language?: string
  priority: 'high' | 'normal' | 'low'
  deadline?: string
  late: 'release' | 'raise'
  exclusive: boolean
}

export const batches = (p: Id) => answered(server.GET('/api/v1/projects/{project}/batches', of(p)))
export const give = (p: Id, chosen: { filter: Filter } | { ids: Id[] }, giving: Giving) =>
  answered(server.POST('/api/v1/projects/{project}/batches', { ...of(p), body: { ...giving, ...('ids' in chosen ? { items: chosen.ids } : { filter: { ...chosen.filter } }) }, headers: once() }))
export const release = (batch: Id) => answered(server.POST('/api/v1/batches/{batch}/release', { params: { path: { batch } } }))
export const given = (p: Id) => answered(server.GET('/api/v1/projects/{project}/given', of(p)))

export const held = (p: Id) => answered(server.GET('/api/v1/projects/{project}/held', of(p)))
export const takeAway = (p: Id, from: Id, items?: Id[]) => answered(server.POST('/api/v1/projects/{project}/held/release', { ...of(p), body: { from, ...(items ? { items } : {}) } }))
export const handOver = (p: Id, from: Id, to: Id, items?: Id[]) => answered(server.POST('/api/v1/projects/{project}/handovers', { ...of(p), body: { from, to, ...(items ? { items } : {}) }, headers: once() }))
export const colleagues = (p: Id) => answered(server.GET('/api/v1/projects/{project}/colleagues', of(p)))
export const handMine = (p: Id, to: Id, items?: Id[]) => answered(server.POST('/api/v1/projects/{project}/handovers/mine', { ...of(p), body: { to, ...(items ? { items } : {}) }, headers: once() }))

export const here = (p: Id, page: string, item?: Id) => answered(server.POST('/api/v1/projects/{project}/here', { ...of(p), body: { page, ...(item ? { item } : {}) } }))
