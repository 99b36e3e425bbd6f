// The labeling calls over HTTP: the only place that knows addresses, headers and status codes.

import { Failure } from '../../engine/failure'
import type { LabelingApi } from '../../engine/ports'
import type { Annotation, Base, Draft, Id, Json, Judged, NewRevision, Problem, RecentItem, Task, TaskItem } from '../../engine/types'

export interface WireTask {
  readonly assignment: Task['assignment']
  readonly item: TaskItem
  readonly response: { readonly id: string; readonly revision: number }
  readonly schema: number
  readonly draft: (Draft & { readonly base?: Base | null }) | null
  readonly answer?: { readonly revision: number; readonly state: string; readonly annotations: readonly Annotation[]; readonly editable: boolean } | null
  readonly given?: { readonly base: Base; readonly annotations: readonly Annotation[] } | null
}

interface WireProblem {
  readonly type?: string
  readonly title?: string
  readonly detail?: string
  readonly request_id?: string
  readonly problems?: readonly Problem[]
  readonly draft?: Draft
  readonly current?: Draft
}

type Asked = { readonly method?: string; readonly json?: unknown; readonly etag?: number; readonly signal?: AbortSignal }

/** The calls against a server whose API lies at `root`, e.g. "https://…/api/v1". */
export function labelingApi(root: string): LabelingApi {
  const base = baseOf(root)
  const ask = <T>(path: string, asked: Asked = {}): Promise<T> => send<T>(base + path, asked)
  const task = (wire: WireTask): Task => asTask(wire, base)
  return {
    claim: async (project, count, exclude, held = false) => {
      const { tasks } = await ask<{ tasks: readonly WireTask[] }>(`projects/${project}/claims`, { method: 'POST', json: { count, exclude, held } })
      return tasks.map(task)
    },
    open: async (project, item) => task(await ask<WireTask>(`projects/${project}/items/${item}/open`, { method: 'POST' })),
    renew: (assignment) => ask(`assignments/${assignment}/renew`, { method: 'POST' }),
    release: (assignment) => ask(`assignments/${assignment}`, { method: 'DELETE' }),
    draft: (item) => ask<Draft | undefined>(`items/${item}/draft`).then((draft) => draft ?? null, (error: unknown) => (isMissing(error) ? null : Promise.reject(error as Error))),
    patchDraft: (item, seq, patch) => ask(`items/${item}/draft`, { method: 'PATCH', json: patch, etag: seq }),
    submit: (response, revision, body) => (body.judged ? judge(base, body, { response, revision }).then(() => ({})) : ask(`responses/${response}/revisions/${revision}`, { method: 'PUT', json: body })),
    undoSubmit: (response, revision) => ask(`responses/${response}/revisions/${revision}`, { method: 'DELETE' }),
    mine: (project, cursor) => ask<{ items: readonly RecentItem[]; next: string | null }>(`projects/${project}/mine${cursor ? `?cursor=${encodeURIComponent(cursor)}` : ''}`),
    progress: (project) => ask(`projects/${project}/progress`),
    lookup: (project) => (vocabulary, typed) => {
      const asked = new AbortController()
      return { found: ask(`projects/${project}/vocabularies/${encodeURIComponent(vocabulary)}/entries?q=${encodeURIComponent(typed)}`, { signal: asked.signal }), cancel: () => asked.abort() }
    },
    words: async (project, name) => Object.entries((await ask<{ readonly words: Readonly<Record<string, string>> }>(`projects/${project}/words/${encodeURIComponent(name)}`)).words),
    panel: (project, module) => new URL(`projects/${project}/panels/${module}`, new URL(base, document.baseURI)).href,
    text: async (url) => (await fetched(url, {})).text(),
    feedback: (item) => ask(`items/${item}/feedback`),
    signIn: (email, password, code) => ask(`session`, { method: 'POST', json: { email, password, ...(code ? { code } : {}) } }),
  }
}

/** Hands a review in and makes its item gold where that is wanted; the gold that was made. */
export async function judge(base: string, body: NewRevision, fix: Base): Promise<{ readonly made: readonly string[] }> {
  await send(`${base}assignments/${body.assignment}/review`, { method: 'POST', json: judgementOf(body) })
  if (body.judged?.gold === undefined) return { made: [] }
  return send(`${base}projects/${body.judged.gold}/gold`, { method: 'POST', json: goldOf(body.item, body.judged, fix) })
}

/** The item as gold: its key is what was decided, or in a review the fix, or else the answer that was accepted. */
export function goldOf(item: Id, judged: Judged, fix: Base): object {
  const use = judged.gold_use ?? 'hidden'
  if (judged.gold_key === undefined) return { items: [{ item }], use }
  return { items: [{ item, ...(judged.gold_key === 'fix' ? fix : judged.gold_key) }], use, source: 'response' }
}

/** A review as the server takes it. */
export function judgementOf({ judged, schema, item_revision, annotations, covers, base, active_ms }: NewRevision): object {
  const fix = judged?.fixes ? { schema, item_revision, annotations, covers, base: base ?? null } : null
  return { verdicts: judged?.verdicts ?? [], decision: judged?.decision ?? null, fix, active_ms: Math.min(active_ms, LONGEST_MS) }
}

/** A week: more is not believed. */
const LONGEST_MS = 604_800_000

export function asTask(wire: WireTask, base: string): Task {
  const { answer } = wire
  const said = answer && answer.state === 'submitted' ? answer : null
  const streams = Object.entries(wire.item.streams).map(([name, stream]) => [name, stream.url ? { ...stream, url: new URL(stream.url, base).href } : stream])
  return {
    assignment: wire.assignment,
    item: { ...wire.item, streams: Object.fromEntries(streams) },
    response: { ...wire.response, base: wire.draft?.base ?? (answer ? { response: wire.response.id, revision: answer.revision } : (wire.given?.base ?? null)) },
    schema: wire.schema,
    draft: wire.draft,
    before: said?.annotations ?? null,
    given: wire.given?.annotations ?? null,
    final: answer?.editable === false,
  }
}

export async function send<T>(url: string, asked: Asked): Promise<T> {
  const answer = await fetched(url, asked)
  const text = answer.status === 204 ? '' : await answer.text()
  // An answer without a body is typed by the caller as void or undefined.
  return (text ? JSON.parse(text) : undefined) as T
}

async function fetched(url: string, { method = 'GET', json, etag, signal }: Asked): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json, application/problem+json, text/plain' }
  if (json !== undefined) headers['Content-Type'] = 'application/json'
  if (etag !== undefined) headers['If-Match'] = `"${etag}"`
  let answer: Response
  try {
    answer = await fetch(url, { method, headers, credentials: 'same-origin', body: json === undefined ? null : JSON.stringify(json), signal: signal ?? null })
  } catch {
    throw new Failure('offline', 'The server cannot be reached.')
  }
  if (!answer.ok) throw await failureFrom(answer)
  return answer
}

async function failureFrom(answer: Response): Promise<Failure> {
  const body = parsed(await answer.text().catch(() => ''))
  const message = messageOf(body) || answer.statusText
  const facts = { status: answer.status, problems: body.problems ?? [], trace: body.request_id ?? answer.headers.get('x-request-id'), draft: body.draft ?? body.current ?? null }
  return new Failure(kindOf(answer.status), body.type === 'totp-required' ? 'totp-required' : message, facts)
}

/** In a sentence: what was wrong, and what to do about it. */
function messageOf({ title = '', detail = '', problems = [] }: WireProblem): string {
  const [first] = problems
  if (!first) return detail || title
  const about = title === '' || title === GENERIC_TITLE ? `${first.path}: ${first.expected}` : title
  return `${about}. ${first.do}`
}

const GENERIC_TITLE = 'The request was refused'

function kindOf(status: number): Failure['kind'] {
  if (status === 401) return 'signed_out'
  if (status === 409 || status === 412) return 'conflict'
  if (status === 404 || status === 410) return 'missing'
  // A server that is down, busy or restarting is as good as no connection: what is kept here is sent later.
  if (status === 408 || status === 425 || status === 429 || status >= 500) return 'offline'
  return 'refused'
}

function isMissing(error: unknown): boolean {
  return error instanceof Failure && error.kind === 'missing'
}

/** The address of the API with its slash. */
export const baseOf = (root: string): string => (root.endsWith('/') ? root : `${root}/`)

function parsed(text: string): WireProblem {
  try {
    const value = JSON.parse(text) as Json
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as WireProblem) : {}
  } catch {
    // A proxy in between answers in HTML; its words are not for people.
    return {}
  }
}
