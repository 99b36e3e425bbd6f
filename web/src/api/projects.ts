// Projects, their schema, and what is reported of them.
import { ask, askWhole, newKey } from './client'
import type { AgreementReport, HomeProject, Id, Job, Measured, MyProgress, Operation, Page, PairsReport, Policy, ProgressReport, Project, ProjectRow, RecentItem, SchemaCheck, SchemaDocument, Template } from './types'

export const list = (w: Id, state: 'active' | 'archived' | 'bin') => ask<Page<ProjectRow>>(`/workspaces/${w}/projects`, { query: { state } }).then((page) => page.items)
export const make = (w: Id, given: { title: string; description?: string; schema_yaml: string; overlap?: number }) =>
  ask<Project>(`/workspaces/${w}/projects`, { method: 'POST', json: given, once: newKey() })
export const templates = () => ask<Template[]>('/templates')
export const checkSchema = (yaml: string, signal?: AbortSignal) => ask<SchemaCheck>('/schemas/check', { method: 'POST', json: { yaml }, signal })
export const proposeSchema = (w: Id, upload: Id) =>
  ask<{ schema: SchemaDocument; yaml: string; mapping: unknown }>(`/workspaces/${w}/schemas/propose`, { method: 'POST', json: { upload } })

/** A project with the version that a change of it must name. */
export async function one(p: Id): Promise<Project> {
  const { value, etag } = await askWhole<Project>(`/projects/${p}`)
  return { ...value, etag: etag ?? value.etag }
}

export const change = (p: Id, etag: string, given: { title?: string; description?: string; overlap?: number; policy?: Policy }) =>
  ask<Project>(`/projects/${p}`, { method: 'PATCH', json: given, etag })
export const changeSchema = (p: Id, etag: string, yaml: string) => ask<Project>(`/projects/${p}/schema`, { method: 'PUT', json: { yaml }, etag })
export const archive = (p: Id) => ask<void>(`/projects/${p}/archive`, { method: 'POST' })
export const restore = (p: Id) => ask<void>(`/projects/${p}/restore`, { method: 'POST' })
export const clone = (p: Id, given: { title: string; with_items: boolean }) =>
  ask<{ project: Project; job: Id | null }>(`/projects/${p}/clone`, { method: 'POST', json: given, once: newKey() })
export const toBin = (p: Id) => ask<void>(`/projects/${p}`, { method: 'DELETE' })

export const progress = (p: Id) => ask<ProgressReport>(`/projects/${p}/reports/progress`)
export const agreement = (p: Id) => ask<AgreementReport>(`/projects/${p}/reports/agreement`)
export const pairs = (p: Id, field: string) => ask<PairsReport>(`/projects/${p}/reports/pairs`, { query: { field } })
export const disagreement = (p: Id, field: string | undefined, limit = 8) =>
  ask<Page<{ item: Id; key: string; distance: number; n: number }>>(`/projects/${p}/reports/disagreement`, { query: { field, limit } })
export const labelMix = (p: Id) => ask<{ field: string; label: string; n: number }[]>(`/projects/${p}/reports/labels`)
export const refreshReports = (p: Id) => ask<Job>(`/projects/${p}/reports/refresh`, { method: 'POST', once: newKey() })
export const buildConsensus = (p: Id, method: 'majority' | 'weighted') =>
  ask<Job>(`/projects/${p}/consensus`, { method: 'POST', json: { method }, once: newKey() })

export const previewExclusion = (p: Id, author: Id) =>
  ask<{ responses: number; items: number; agreement_before: Measured; agreement_after: Measured }>(`/projects/${p}/exclusions/preview`, { method: 'POST', json: { author } })
export const exclude = (p: Id, author: Id, reason: string) =>
  ask<{ operation: Id }>(`/projects/${p}/exclusions`, { method: 'POST', json: { author, reason }, once: newKey() })
export const undoOperation = (id: Id) => ask<Operation>(`/operations/${id}/undo`, { method: 'POST', once: newKey() })

export const home = () => ask<HomeProject[]>('/home')
export const myProgress = (p: Id) => ask<MyProgress>(`/projects/${p}/progress`)
export const mine = (p: Id, cursor: string | null = null) => ask<Page<RecentItem>>(`/projects/${p}/mine`, { query: { cursor, limit: 20 } })
