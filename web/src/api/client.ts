// How the browser speaks to the server: calls typed by the specification, errors as values with their problems,
// signing in again on the spot when a session has ended.
import createClient from 'openapi-fetch'
import type { paths } from './schema.gen'
import type { Problem } from './types'

/** The address under which the product lies, whatever prefix the page was served with; without the last slash. */
const base = typeof document === 'undefined' ? '' : new URL('.', document.baseURI).href.replace(/\/$/, '')

/** Where the interface lies. */
export const root = `${base}/api/v1`

/** The server said no, and why. Status 0 means that it could not be reached. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly type: string,
    readonly title: string,
    readonly detail: string,
    readonly problems: readonly Problem[] = [],
    readonly requestId?: string,
  ) {
    super(sentence(title, detail, problems))
  }
}

/** What people read: what happened, then what to do. The paths of single problems are shown beside it where there is room. */
function sentence(title: string, detail: string, problems: readonly Problem[]): string {
  const [first] = problems
  if (!first?.do) return detail || title
  return title && !/^(bad request|unprocessable|conflict)/i.test(title) ? `${title.replace(/\.$/, '')}. ${first.do}` : first.do
}

let signInAgain: (() => Promise<void>) | null = null

/** Says what to do when the session has ended: the promise is kept once someone has signed in. */
export function onExpired(handler: (() => Promise<void>) | null): void {
  signInAgain = handler
}

/** Every call of the interface, typed by its specification. */
export const server = createClient<paths>({ baseUrl: base, credentials: 'same-origin', fetch: guarded })

/** What a call answered. Throws a `Refusal` where the server said no. */
export async function answered<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  return (await answeredWhole(call)).value
}

/** As `answered`, with the version of what was read, for changes that must name it. */
export async function answeredWhole<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<{ value: T; etag: string | undefined }> {
  const { data, error, response } = await call
  if (!response.ok) throw refusal(response, error)
  // An answer that is well has the shape of the specification; one without content is typed by its caller as void.
  return { value: data as T, etag: response.headers.get('ETag') ?? undefined }
}

/** The address of something that the browser loads by itself: a picture, a file. */
export function addressOfApi(path: string, query: Record<string, string | undefined> = {}): string {
  const search = new URLSearchParams(Object.entries(query).flatMap(([key, value]) => (value ? [[key, value]] : []))).toString()
  return `${root}${path}${search ? `?${search}` : ''}`
}

/** The header that makes a repeat harmless: a key made anew for each click. */
export function once(): { 'Idempotency-Key': string } {
  return { 'Idempotency-Key': newKey() }
}

async function guarded(request: Request): Promise<Response> {
  const again = request.clone()
  const response = await reached(request)
  if (response.status !== 401 || !signInAgain || request.url.endsWith('/api/v1/session')) return response
  await signInAgain()
  return reached(again)
}

async function reached(request: Request): Promise<Response> {
  try {
    return await fetch(request)
  } catch (error) {
    if (request.signal.aborted) throw error
    throw new Refusal(0, 'offline', 'The server cannot be reached', 'The server cannot be reached. Check the connection, then try again.')
  }
}

interface ProblemBody {
  type?: string
  title?: string
  detail?: string
  request_id?: string
  problems?: Problem[]
}

function refusal(response: Response, error: unknown): Refusal {
  // A proxy in between answers in HTML; its words are not for people.
  const body: ProblemBody = typeof error === 'object' && error !== null ? error : {}
  const { type = '', title = response.statusText, detail = '', request_id, problems = [] } = body
  return new Refusal(response.status, type, title, detail, problems, request_id)
}

/** A UUID. crypto.randomUUID is missing on plain http, so the bytes are drawn by hand. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
