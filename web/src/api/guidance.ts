// What people go by: the guideline, questions on items, what was ruled, and appeals.
import { answered, once, server } from './client'
import type { GuidelineDraft, Id, Metadata, ThreadPlace, ThreadState } from './types'

const of = (project: Id) => ({ params: { path: { project } } })

export const guideline = (project: Id, version?: number) => answered(server.GET('/api/v1/projects/{project}/guideline', { params: { path: { project }, query: { version } } }))
export const versions = (p: Id) => answered(server.GET('/api/v1/projects/{project}/guideline/versions', of(p)))
export const changes = (project: Id, since?: number, until?: number) =>
  answered(server.GET('/api/v1/projects/{project}/guideline/changes', { params: { path: { project }, query: { since, until } } }))
export const confirmRead = (p: Id, version: number) => answered(server.POST('/api/v1/projects/{project}/guideline/read', { ...of(p), body: { version } }))
export const change = (p: Id, newest: number, body: GuidelineDraft) =>
  answered(server.PUT('/api/v1/projects/{project}/guideline', { ...of(p), headers: { 'If-Match': `"${newest}"` }, body: body as never }))

export const threads = (project: Id, thread_state?: ThreadState, cursor?: string) =>
  answered(server.GET('/api/v1/projects/{project}/threads', { params: { path: { project }, query: { thread_state, cursor, limit: 50 } } }))
export const threadsOfItem = (item: Id) => answered(server.GET('/api/v1/items/{item}/threads', { params: { path: { item } } }))
export const peopleToName = (project: Id, on: { thread?: Id; item?: Id } = {}) => answered(server.GET('/api/v1/projects/{project}/threads/people', { params: { path: { project }, query: on } }))
export const ask = (p: Id, body: { item: Id; text: string; kind: 'question' | 'comment'; place: ThreadPlace; mentions?: Id[] }) =>
  answered(server.POST('/api/v1/projects/{project}/threads', { ...of(p), body, headers: once() }))
export const answer = (thread: Id, text: string, mentions: Id[] = []) =>
  answered(server.POST('/api/v1/threads/{thread}/messages', { params: { path: { thread } }, body: { text, mentions }, headers: once() }))
export const setState = (thread: Id, state: 'open' | 'closed') => answered(server.PATCH('/api/v1/threads/{thread}', { params: { path: { thread } }, body: { state } }))

export interface NewRuling {
  text: string
  about: string
  field: string | null
  label: string | null
  clause: string | null
  applies: Metadata
  shown: boolean
}
export const rule = (thread: Id, body: NewRuling) => answered(server.POST('/api/v1/threads/{thread}/ruling', { params: { path: { thread } }, body, headers: once() }))
export const precedents = (project: Id, q = '') => answered(server.GET('/api/v1/projects/{project}/precedents', { params: { path: { project }, query: { q, limit: 100 } } }))
export const precedentsOfItem = (item: Id, field: string | null, label: string | null, q = '') =>
  answered(server.GET('/api/v1/items/{item}/precedents', { params: { path: { item }, query: { q, ...(field === null ? {} : { field }), ...(label === null ? {} : { label }) } } }))
export const withdraw = (precedent: Id) => answered(server.DELETE('/api/v1/precedents/{precedent}', { params: { path: { precedent } } }))
export const toGuideline = (precedent: Id, body: { clause: string; title: string; text: string; replaces: boolean; must_read: boolean }) =>
  answered(server.POST('/api/v1/precedents/{precedent}/guideline', { params: { path: { precedent } }, body, headers: once() }))

const reopening = (precedent: Id, filter: unknown) => ({ params: { path: { precedent } }, body: { filter: filter as Record<string, never>, more: 1 } })
export const previewReopening = (precedent: Id, filter: unknown) => answered(server.POST('/api/v1/precedents/{precedent}/reopening/preview', reopening(precedent, filter)))
export const reopen = (precedent: Id, filter: unknown) => answered(server.POST('/api/v1/precedents/{precedent}/reopening', { ...reopening(precedent, filter), headers: once() }))

export const appeals = (project: Id, appeal_state?: 'open' | 'upheld' | 'overturned') =>
  answered(server.GET('/api/v1/projects/{project}/appeals', { params: { path: { project }, query: { appeal_state, limit: 100 } } }))
export const appeal = (p: Id, body: { review?: Id; gold?: string; reason: string }) => answered(server.POST('/api/v1/projects/{project}/appeals', { ...of(p), body, headers: once() }))
export const appealedGold = (appeal_id: Id) => answered(server.GET('/api/v1/appeals/{appeal_id}/gold', { params: { path: { appeal_id } } }))
export const decide = (appeal_id: Id, outcome: 'upheld' | 'overturned', reason: string) =>
  answered(server.POST('/api/v1/appeals/{appeal_id}/decision', { params: { path: { appeal_id } }, body: { outcome, reason } }))
