// A project's workflow, and the groups that its stages may name.
import { answered, once, server } from './client'
import type { Id, Policy } from './types'

const of = (project: Id) => ({ params: { path: { project } } })

export const now = (p: Id) => answered(server.GET('/api/v1/projects/{project}/workflow', of(p)))
export const versions = (p: Id) => answered(server.GET('/api/v1/projects/{project}/policies', of(p)))
export const check = (p: Id, policy: Policy, plan: boolean, signal?: AbortSignal) =>
  answered(server.POST('/api/v1/projects/{project}/policies/check', { ...of(p), body: { policy: policy as Record<string, unknown>, plan }, signal: signal ?? null }))

export const groups = (workspace: Id) => answered(server.GET('/api/v1/workspaces/{workspace}/groups', { params: { path: { workspace } } }))
export const makeGroup = (workspace: Id, body: { name: string; members: Id[] }) =>
  answered(server.POST('/api/v1/workspaces/{workspace}/groups', { params: { path: { workspace } }, body, headers: once() }))
export const changeGroup = (workspace: Id, group: Id, body: { name?: string; members?: Id[] }) =>
  answered(server.PATCH('/api/v1/workspaces/{workspace}/groups/{group}', { params: { path: { workspace, group } }, body }))
export const removeGroup = (workspace: Id, group: Id) => answered(server.DELETE('/api/v1/workspaces/{workspace}/groups/{group}', { params: { path: { workspace, group } } }))
export const describe = (workspace: Id, member: Id, body: { skills: string[]; languages: string[] }) =>
  answered(server.PUT('/api/v1/workspaces/{workspace}/members/{member}/traits', { params: { path: { workspace, member } }, body }))
