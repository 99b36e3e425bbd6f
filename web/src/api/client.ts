// How the browser speaks to the server: one function, errors as values with their problems, sign-in again on the spot.
import type { Problem } from './types'

/** Where the interface lies, under whatever prefix the page was served. */
export const root = typeof document === 'undefined' ? '/api/v1' : new URL('api/v1', document.baseURI).href

/** The server said no, and why. Status 0 means that it could not be reached. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly type: string,
    readonly title: string,
    readonly detail: string,
    readonly problems: readonly Problem[],
    readonly requestId: string | undefined,
    readonly body: unknown,
  ) {
    super(detail || title)
  }
}

type Query = Record<string, string | number | boolean | null | undefined>

export interface Asked {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  query?: Query
  /** Sent as JSON. */
  json?: unknown
  /** Sent as it is. */
  body?: BodyInit
  headers?: Record<string, string>
  /** The version that the change was made on. */
  etag?: string | undefined
  /** Makes a repeat harmless; made anew for each click, kept for each retry. */
  once?: string
  signal?: AbortSignal
}

let signInAgain: (() => Promise<void>) | null = null

/** Says what to do when the session has ended: the promise is kept once someone has signed in. */
export function onExpired(handler: (() => Promise<void>) | null): void {
  signInAgain = handler
}

/** Asks the server and returns what it answers. Throws a `Refusal`. */
export async function ask<T>(path: string, asked: Asked = {}): Promise<T> {
  return (await askWhole<T>(path, asked)).value
}

/** As `ask`, with the answer's version, for changes that need one. */
export async function askWhole<T>(path: string, asked: Asked = {}): Promise<{ value: T; etag: string | undefined }> {
  let response = await send(path, asked)
  if (response.status === 401 && signInAgain && path !== '/session') {
    await signInAgain()
    response = await send(path, asked)
  }
  if (!response.ok) throw await refusal(response)
  const etag = response.headers.get('ETag') ?? undefined
  const text = response.status === 204 ? '' : await response.text()
  // An empty answer is typed by the caller as void.
  return { value: (text ? JSON.parse(text) : undefined) as T, etag }
}

/** The address of something that the browser loads by itself: a picture, a file. */
export function addressOfApi(path: string, query: Query = {}): string {
  const url = new URL(root + path)
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') url.searchParams.set(key, String(value))
  }
  return url.href
}

async function send(path: string, { method = 'GET', query, json, body, headers, etag, once, signal }: Asked): Promise<Response> {
  const sent: Record<string, string> = { Accept: 'application/json, application/problem+json', ...headers }
  if (json !== undefined) sent['Content-Type'] = 'application/json'
  if (etag !== undefined) sent['If-Match'] = etag
  if (once !== undefined) sent['Idempotency-Key'] = once
  try {
    return await fetch(addressOfApi(path, query), {
      method,
      headers: sent,
      body: json === undefined ? (body ?? null) : JSON.stringify(json),
      credentials: 'same-origin',
      signal: signal ?? null,
    })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new Refusal(0, 'offline', 'The server cannot be reached', 'The server cannot be reached. Check the connection, then try again.', [], undefined, null)
  }
}

interface ProblemBody {
  type?: string
  title?: string
  detail?: string
  request_id?: string
  problems?: Problem[]
}

async function refusal(response: Response): Promise<Refusal> {
  const text = await response.text()
  const body = parsed(text)
  const { type = '', title = response.statusText, detail = '', request_id, problems = [] } = body
  return new Refusal(response.status, type, title, detail, problems, request_id, body)
}

function parsed(text: string): ProblemBody {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    // A proxy in between answers in HTML; its words are not for people.
    return {}
  }
}

/** A key for `once`. crypto.randomUUID is missing on plain http, so the bytes are drawn by hand. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
