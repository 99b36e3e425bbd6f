// Projects, their schema, and what is reported of them.
import { answered, answeredWhole, once, server } from './client'
import type { Id, Policy, Project, ProjectState, SchemaCheck, Template } from './types'

const of = (project: Id) => ({ params: { path: { project } } })

export const list = (workspace: Id, state: ProjectState) =>
  answered(server.GET('/api/v1/workspaces/{workspace}/projects', { params: { path: { workspace }, query: { state } } })).then((page) => page.items)
export const make = (workspace: Id, body: { title: string; description?: string; schema_yaml: string; overlap?: number }) =>
  answered(server.POST('/api/v1/workspaces/{workspace}/projects', { params: { path: { workspace } }, body, headers: once() }))

// The specification knows documents only as objects; the server has checked them, so their parts are named here.
export const templates = () => answered(server.GET('/api/v1/templates')) as unknown as Promise<Template[]>
export const checkSchema = (yaml: string, signal?: AbortSignal) =>
  answered(server.POST('/api/v1/schemas/check', { body: { yaml }, signal: signal ?? null })) as unknown as Promise<SchemaCheck>
export const proposeSchema = (workspace: Id, upload: Id) =>
  answered(server.POST('/api/v1/workspaces/{workspace}/schemas/propose', { params: { path: { workspace } }, body: { upload } }))

/** A project with the version that a change of it must name. */
export async function one(id: Id): Promise<Project> {
  const { value, etag } = await answeredWhole(server.GET('/api/v1/projects/{project}', of(id)))
  return { ...(value as unknown as Project), etag: etag ?? value.etag }
}

const matching = (id: Id, etag: string) => ({ ...of(id), headers: { 'If-Match': etag } })

export const change = (p: Id, etag: string, body: { title?: string; description?: string; overlap?: number; begin?: string; policy?: Policy }) =>
  answered(server.PATCH('/api/v1/projects/{project}', { ...matching(p, etag), body }))
export const changeSchema = (p: Id, etag: string, yaml: string) => answered(server.PUT('/api/v1/projects/{project}/schema', { ...matching(p, etag), body: { yaml } }))
export const archive = (p: Id) => answered(server.POST('/api/v1/projects/{project}/archive', of(p)))
export const restore = (p: Id) => answered(server.POST('/api/v1/projects/{project}/restore', of(p)))
export const clone = (p: Id, body: { title: string; with_items: boolean }) => answered(server.POST('/api/v1/projects/{project}/clone', { ...of(p), body, headers: once() }))
export const toBin = (p: Id) => answered(server.DELETE('/api/v1/projects/{project}', of(p)))

export const progress = (p: Id) => answered(server.GET('/api/v1/projects/{project}/reports/progress', of(p)))
export const agreement = (p: Id) => answered(server.GET('/api/v1/projects/{project}/reports/agreement', of(p)))
export const compared = (p: Id) => answered(server.GET('/api/v1/projects/{project}/reports/compared', of(p)))
export const disagreement = (project: Id, field: string | undefined, limit = 8) =>
  answered(server.GET('/api/v1/projects/{project}/reports/disagreement', { params: { path: { project }, query: { field, limit } } }))
export const refreshReports = (p: Id) => answered(server.POST('/api/v1/projects/{project}/reports/refresh', { ...of(p), headers: once() }))
export const consensusReport = (p: Id) => answered(server.GET('/api/v1/projects/{project}/reports/consensus', of(p)))
export const buildConsensus = (p: Id, method: string) =>
  answered(server.POST('/api/v1/projects/{project}/consensus', { ...of(p), body: { method }, headers: once() }))

export const previewExclusion = (p: Id, author: Id) => answered(server.POST('/api/v1/projects/{project}/exclusions/preview', { ...of(p), body: { author } }))
export const exclusions = (p: Id) => answered(server.GET('/api/v1/projects/{project}/exclusions', of(p)))
export const exclude = (p: Id, author: Id, reason: string) => answered(server.POST('/api/v1/projects/{project}/exclusions', { ...of(p), body: { author, reason }, headers: once() }))
export const undoOperation = (operation: Id) => answered(server.POST('/api/v1/operations/{operation}/undo', { params: { path: { operation } }, headers: once() }))

export const panels = (p: Id) => answered(server.GET('/api/v1/projects/{project}/panels', of(p)))
export const vocabularies = (p: Id) => answered(server.GET('/api/v1/projects/{project}/vocabularies', of(p)))
// The specification knows files only as text; they are sent as they are.
export const bringPanel = (p: Id, file: File) =>
  answered(server.POST('/api/v1/projects/{project}/panels', { ...of(p), body: file as never, bodySerializer: () => file, headers: { 'Content-Type': 'text/javascript' } }))
export const bringVocabulary = (project: Id, name: string, file: File) =>
  answered(server.PUT('/api/v1/projects/{project}/vocabularies/{name}', { params: { path: { project, name } }, body: file as never, bodySerializer: () => file, headers: { 'Content-Type': 'text/csv' } }))
export const removePanel = (project: Id, module: string) => answered(server.DELETE('/api/v1/projects/{project}/panels/{module}', { params: { path: { project, module } } }))
export const removeVocabulary = (project: Id, name: string) => answered(server.DELETE('/api/v1/projects/{project}/vocabularies/{name}', { params: { path: { project, name } } }))

export const home = () => answered(server.GET('/api/v1/home'))
export const myProgress = (p: Id) => answered(server.GET('/api/v1/projects/{project}/progress', of(p)))
export const mine = (project: Id, cursor?: string) => answered(server.GET('/api/v1/projects/{project}/mine', { params: { path: { project }, query: { limit: 20, cursor } } }))
