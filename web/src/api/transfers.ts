// What goes in and out: uploads in parts, imports, exports, and the jobs that do the work.
import { addressOfApi, ask, newKey } from './client'
import type { Filter, Id, ImportPreview, Job, JobFile, Loss, Mapping, Page } from './types'

export interface UploadedFile {
  name: string
  size: number
  sha256?: string
}

export const beginUpload = (p: Id) => ask<{ id: Id }>(`/projects/${p}/uploads`, { method: 'POST', json: {}, once: newKey() })
export const beginFreeUpload = (w: Id) => ask<{ id: Id }>(`/workspaces/${w}/uploads`, { method: 'POST', json: {}, once: newKey() })
export const uploadState = (u: Id) => ask<{ files: UploadedFile[] }>(`/uploads/${u}`)

/** Sends one part of a file; the last part answers with the file's hash. */
export const putPart = (u: Id, name: string, part: Blob, from: number, total: number, signal: AbortSignal) =>
  ask<UploadedFile>(`/uploads/${u}/files/${name.split('/').map(encodeURIComponent).join('/')}`, {
    method: 'PUT',
    body: part,
    headers: { 'Content-Type': 'application/octet-stream', ...(total > 0 ? { 'Content-Range': `bytes ${from}-${from + part.size - 1}/${total}` } : {}) },
    signal,
  })

export type From = { upload: Id } | { uri: string }

export const previewImport = (p: Id, given: From & { format?: string; mapping?: Mapping }) =>
  ask<ImportPreview>(`/projects/${p}/imports/preview`, { method: 'POST', json: given })
export const runImport = (p: Id, given: From & { format?: string; mapping?: Mapping; strict?: boolean; update?: boolean }) =>
  ask<Job>(`/projects/${p}/imports`, { method: 'POST', json: given, once: newKey() })

export interface ExportRequest {
  format: string
  which: 'consensus' | 'author' | 'all'
  author?: Id
  filter?: Filter
  since?: string
}

export const exportLosses = (p: Id, format: string, which: string) => ask<Loss[]>(`/projects/${p}/exports/losses`, { query: { format, which } })
export const runExport = (p: Id, given: ExportRequest) => ask<Job>(`/projects/${p}/exports`, { method: 'POST', json: given, once: newKey() })

export const jobs = (query: { project?: Id; workspace?: Id; state?: string; kind?: string; cursor?: string | null }) => ask<Page<Job>>('/jobs', { query: { limit: 50, ...query } })
export const job = (j: Id) => ask<Job>(`/jobs/${j}`)
export const cancelJob = (j: Id) => ask<Job>(`/jobs/${j}/cancel`, { method: 'POST' })
export const retryJob = (j: Id) => ask<Job>(`/jobs/${j}/retry`, { method: 'POST' })
export const jobFiles = (j: Id) => ask<JobFile[]>(`/jobs/${j}/files`)
export const jobFileAddress = (j: Id, name: string) => addressOfApi(`/jobs/${j}/files/${name.split('/').map(encodeURIComponent).join('/')}`)

export const isOver = (job: Job) => job.state === 'done' || job.state === 'failed' || job.state === 'cancelled'
