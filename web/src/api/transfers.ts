// What goes in and out: uploads in parts, imports, exports, and the jobs that do the work.
import { addressOfApi, answered, once, server } from './client'
import type { Filter, Id, ImportPreview, Job, JobState, Mapping } from './types'

export const beginUpload = (project: Id) => answered(server.POST('/api/v1/projects/{project}/uploads', { params: { path: { project } }, headers: once() }))
export const beginFreeUpload = (workspace: Id) => answered(server.POST('/api/v1/workspaces/{workspace}/uploads', { params: { path: { workspace } }, headers: once() }))
export const uploadState = (upload: Id) => answered(server.GET('/api/v1/uploads/{upload}', { params: { path: { upload } } }))

/** Sends one part of a file; the last part answers with the file's hash. */
export const putPart = (upload: Id, name: string, part: Blob, from: number, total: number, signal: AbortSignal) =>
  answered(
    server.PUT('/api/v1/uploads/{upload}/files/{name}', {
      params: { path: { upload, name } },
      // The slashes of a path inside a folder stay slashes.
      pathSerializer: (path, given) => path.replace('{upload}', encodeURIComponent(String(given['upload']))).replace('{name}', String(given['name']).split('/').map(encodeURIComponent).join('/')),
      body: part as never,
      bodySerializer: () => part,
      headers: { 'Content-Type': 'application/octet-stream', ...(total > 0 ? { 'Content-Range': `bytes ${from}-${from + part.size - 1}/${total}` } : {}) },
      parseAs: 'text',
      signal,
    }),
  )

/** The file formats; they stay the same while the page is open. */
export const formatsQuery = { queryKey: ['formats'], queryFn: () => answered(server.GET('/api/v1/formats')), staleTime: Infinity }

/** A format's title, or its name until the titles have come. */
export const titleOf = (formats: readonly { name: string; title: string }[] | undefined, name: string) => formats?.find((f) => f.name === name)?.title ?? name

export type From = { upload: Id } | { uri: string }

export const previewImport = (project: Id, body: From & { format?: string; mapping?: Mapping }) =>
  answered(server.POST('/api/v1/projects/{project}/imports/preview', { params: { path: { project } }, body })) as unknown as Promise<ImportPreview>
export const runImport = (project: Id, body: From & { format?: string; mapping?: Mapping; strict?: boolean; update?: boolean }) =>
  answered(server.POST('/api/v1/projects/{project}/imports', { params: { path: { project } }, body, headers: once() }))

export interface ExportRequest {
  format: string
  which: 'consensus' | 'author' | 'all'
  author?: Id
  filter?: Filter
  since?: string
}

export const exportLosses = (project: Id, format: string, which: ExportRequest['which']) =>
  answered(server.GET('/api/v1/projects/{project}/exports/losses', { params: { path: { project }, query: { format, which } } }))
export const runExport = (project: Id, { filter, ...rest }: ExportRequest) =>
  answered(server.POST('/api/v1/projects/{project}/exports', { params: { path: { project } }, body: { ...rest, ...(filter ? { filter: { ...filter } } : {}) }, headers: once() }))

export interface JobsWanted {
  workspace?: Id | undefined
  project?: Id | undefined
  kind?: string | undefined
  state?: JobState | undefined
}

export const jobs = ({ workspace, project, kind, state }: JobsWanted, cursor: string | null = null) =>
  answered(server.GET('/api/v1/jobs', { params: { query: { limit: 50, workspace, project, kind, state, cursor: cursor ?? undefined } } }))
export const job = (id: Id) => answered(server.GET('/api/v1/jobs/{job}', { params: { path: { job: id } } }))
export const cancelJob = (id: Id) => answered(server.POST('/api/v1/jobs/{job}/cancel', { params: { path: { job: id } } }))
export const retryJob = (id: Id) => answered(server.POST('/api/v1/jobs/{job}/retry', { params: { path: { job: id } } }))
export const jobFiles = (id: Id) => answered(server.GET('/api/v1/jobs/{job}/files', { params: { path: { job: id } } }))
export const jobFileAddress = (id: Id, name: string) => addressOfApi(`/jobs/${id}/files/${name.split('/').map(encodeURIComponent).join('/')}`)

export const isOver = (job: Job) => job.state === 'done' || job.state === 'failed' || job.state === 'cancelled'
