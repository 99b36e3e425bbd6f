// Addresses of other programs that are told of events.
import { answered, once, server } from './client'
import type { Id } from './types'

const of = (workspace: Id) => ({ params: { path: { workspace } } })
const one = (workspace: Id, hook: Id) => ({ params: { path: { workspace, hook } } })

export const list = (w: Id) => answered(server.GET('/api/v1/workspaces/{workspace}/webhooks', of(w)))
export const events = (w: Id) => answered(server.GET('/api/v1/workspaces/{workspace}/webhooks/events', of(w)))
export const add = (w: Id, url: string, names: string[]) => answered(server.POST('/api/v1/workspaces/{workspace}/webhooks', { ...of(w), body: { url, events: names }, headers: once() }))
export const change = (w: Id, hook: Id, body: { active?: boolean; events?: string[] }) => answered(server.PATCH('/api/v1/workspaces/{workspace}/webhooks/{hook}', { ...one(w, hook), body }))
export const remove = (w: Id, hook: Id) => answered(server.DELETE('/api/v1/workspaces/{workspace}/webhooks/{hook}', one(w, hook)))
export const test = (w: Id, hook: Id) => answered(server.POST('/api/v1/workspaces/{workspace}/webhooks/{hook}/test', one(w, hook)))
export const deliveries = (workspace: Id, hook: Id, cursor: string | null) =>
  answered(server.GET('/api/v1/workspaces/{workspace}/webhooks/{hook}/deliveries', { params: { path: { workspace, hook }, query: { limit: 50, cursor: cursor ?? undefined } } }))
export const retry = (workspace: Id, hook: Id, delivery: Id) =>
  answered(server.POST('/api/v1/workspaces/{workspace}/webhooks/{hook}/deliveries/{delivery}/retry', { params: { path: { workspace, hook, delivery } } }))
