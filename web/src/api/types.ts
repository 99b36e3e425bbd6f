// The shapes that travel between the server and the browser.

export type Id = string
export type Role = 'owner' | 'manager' | 'reviewer' | 'annotator'
export type Scalar = string | number | boolean
export type Metadata = Record<string, Scalar | string[]>

export interface Page<T> {
  items: T[]
  next: string | null
}

export interface Problem {
  path: string
  got?: unknown
  expected?: string
  do?: string
  line?: number | null
}

export interface Membership {
  id: Id
  name: string
  role: Role
}

export interface Me {
  id: Id
  name: string
  email: string
  totp: boolean
  settings: Record<string, unknown>
  workspaces: Membership[]
  version?: string
}

export interface LinkState {
  purpose: 'first' | 'invite' | 'reset'
  state: 'open' | 'spent' | 'expired'
  workspace?: string | null
  email?: string | null
  name?: string | null
  role?: Role | null
  spent_at?: string | null
  expires_at?: string | null
}

export interface SessionRow {
  id: Id
  created_at: string
  seen_at: string
  agent: string
  address: string
  current: boolean
}

export interface Token {
  id: Id
  name: string
  scopes: string[]
  created_at?: string
  expires_at?: string | null
  seen_at?: string | null
  token?: string
}

export interface Member {
  id: Id
  person: Id
  name: string
  email: string
  role: Role
  active: boolean
  last_seen_at?: string | null
}

export interface Invite {
  id: Id
  email?: string | null
  role: Role
  url?: string
  expires_at: string
  created_at?: string
}

export interface AuditEntry {
  seq: number
  at: string
  actor: { id: Id | null; name: string } | null
  name: string
  thing?: { type: string; id: Id } | null
  data?: Record<string, unknown> | null
  address?: string | null
}

export interface Measured {
  value: number | null
  low?: number | null
  high?: number | null
  n: number
  enough?: boolean
}

export interface ProjectRow {
  id: Id
  title: string
  description?: string
  state: 'active' | 'archived' | 'bin'
  streams: string[]
  kinds?: string[]
  items: number | null
  responses: number | null
  labeled?: number | null
  done: number | null
  people: number | null
  agreement?: Measured | null
  created_at: string
  changed_at: string
  deleted_at?: string | null
}

export interface Label {
  title?: string
  key?: string
  definition?: string
  color?: number | null
  attributes?: Record<string, Field>
  [more: string]: unknown
}

export interface Field {
  kind: string
  title?: string
  on?: string
  many?: boolean
  required?: boolean
  definition?: string
  labels?: Record<string, Label>
  options?: Record<string, Label>
  [more: string]: unknown
}

export interface SchemaDocument {
  karat_schema?: number
  streams: Record<string, { kind: string; optional?: boolean; title?: string }>
  fields: Record<string, Field>
  layout?: unknown
}

export interface Counts {
  items: number
  open: number
  labeled: number
  done: number
  responses: number
}

/** A change to many items. `kept` were changed again since and stay as they are. */
export interface Operation {
  id: Id | null
  name: string
  changed: number
  kept: number
  /** The job that does it, where the items are many. */
  job: Id | null
  can_undo: boolean
  unknown?: string[]
}

export interface Project {
  id: Id
  workspace: Id
  title: string
  description: string
  state: 'active' | 'archived' | 'bin'
  schema: SchemaDocument
  schema_version: number
  schema_yaml: string
  policy: Policy | null
  policy_version?: number
  overlap?: number | null
  counts: Counts | null
  role: Role
  etag: string
}

export interface Policy {
  start?: string
  stages: Record<string, { do: string; overlap?: number; [more: string]: unknown }>
  [more: string]: unknown
}

export interface Template {
  id: string
  title: string
  group: string
  about?: string
  streams: string[]
  schema_yaml: string
  schema?: SchemaDocument
}

export interface Loss {
  what: string
  count?: number | null
  becomes: string
  remedy?: string
}

export interface SchemaCheck {
  schema?: SchemaDocument | null
  yaml?: string
  problems: Problem[]
  losses?: Record<string, Loss[]>
  hotkeys?: unknown[]
}

export type ItemState = 'open' | 'labeled' | 'done'

export interface Stream {
  kind: string
  name?: string | null
  facts?: Record<string, unknown>
  /** The text, or in a list its beginning. */
  text?: string | null
  is_cut?: boolean
  url?: string
  uri?: string | null
}

export interface AuthorRef {
  id: Id
  name: string
  type?: string
}

export interface ItemRow {
  id: Id
  key: string
  revision: number
  state: ItemState
  streams: Record<string, Stream>
  metadata: Metadata
  tags: string[]
  responses: number
  labels: Record<string, Record<string, number>>
  authors: AuthorRef[]
  disagreement?: number | null
  split_group?: string | null
  changed_at: string
}

export interface ItemPage extends Page<ItemRow> {
  complete?: boolean
  searched_up_to?: string | null
}

export interface Annotation {
  id: Id
  field: string
  kind: string
  version: number
  on?: { stream: string } | null
  label: string | null
  value: unknown
  attributes?: Record<string, unknown>
  confidence?: number | null
}

export interface Response {
  id: Id
  revision: number
  item: Id
  author: AuthorRef | Id
  state: 'submitted' | 'skipped' | 'withdrawn'
  annotations: Annotation[]
  skip?: { reason: string; note?: string } | null
  active_ms?: number
  at: string
  excluded?: { by: string; reason: string } | null
}

export interface ItemDetail extends ItemRow {
  response_list?: Response[]
  etag?: string
}

export interface Consensus {
  field: string
  method: string
  annotations: Annotation[]
  score: number | null
  tie: boolean
  n: number
}

export interface Facets {
  metadata: { key: string; texts: string[]; more: boolean; low: number | null; high: number | null }[]
  fields: { field: string; title: string; kind: string; labels: Record<string, string> }[]
  authors: AuthorRef[]
  tags: string[]
}

export type Condition =
  | { metadata: { key: string; op: string; value?: unknown } }
  | { state: ItemState[] }
  | { author: Id }
  | { not_author: Id }
  | { label: { field: string; label: string; author?: Id } }
  | { answer: { field: string; op: string; value: unknown } }
  | { tag: string }
  | { key: { op: string; value: string } }
  | { text: { contains: string } }
  | { responses: { op: string; value: number } }
  | { ids: Id[] }

export interface Filter {
  all: Condition[]
}

export interface Job {
  id: Id
  kind: string
  state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled'
  progress: { done: number; total: number | null; unit?: string; per_s?: number | null; eta_s?: number | null } | null
  result?: Record<string, unknown> | null
  problems?: Problem[]
  log?: { at: string; text: string }[]
  project?: Id | null
  created_by?: AuthorRef | string | null
  created_at: string
  finished_at?: string | null
  request?: Record<string, unknown> | null
}

export interface JobFile {
  name: string
  size: number
  sha256: string
}

export interface Mapping {
  key?: string | null
  streams?: Record<string, string>
  metadata?: Record<string, string> | null
  fields?: Record<string, string>
  split_group?: string | null
  tags?: string | null
  author?: string | null
  header?: boolean | null
  delimiter?: string | null
  encoding?: string | null
}

export interface PreviewRow {
  key?: string
  streams?: Record<string, Stream & { ref?: { inline?: string; uri?: string } }>
  metadata?: Metadata
  responses?: { annotations?: unknown[] }[]
  [more: string]: unknown
}

export interface PreviewReject {
  line?: number | null
  source?: string | null
  key?: string | null
  problems: Problem[]
}

export interface ImportPreview {
  format: string
  formats: string[]
  files: string[]
  columns: { name: string; type: string; examples: string[] }[]
  mapping: Mapping
  rows: PreviewRow[]
  losses: Loss[]
  rejects: PreviewReject[]
  notes?: string[]
  fields_matched: string[]
  problems?: Problem[]
}

export interface PeopleRow {
  author: AuthorRef
  responses: number
  skipped: number
  items?: number
  median_ms: number | null
  agreement?: Measured | null
  excluded?: boolean
}

export interface ProgressReport {
  items: number
  by_state: Partial<Record<ItemState, number>>
  by_day: { day: string; n: number }[]
  people: PeopleRow[]
}

export interface AgreementField {
  field: string
  title?: string
  kind: string
  percent: Measured | null
  alpha: Measured | null
  n_items: number
  n_pairs: number
  per_label?: { label: string; alpha?: Measured | null; percent?: Measured | null; n?: number }[]
}

export interface AgreementReport {
  computed_at: string | null
  stale: boolean
  fields: AgreementField[]
}

export interface PairsReport {
  authors: AuthorRef[]
  cells: { a: Id; b: Id; value: number | null; low?: number | null; high?: number | null; n: number }[]
}

export interface HomeProject {
  id: Id
  title: string
  description?: string
  waiting: boolean
  mine_today: number
  mine_total: number
  streams?: string[]
}

export interface MyProgress {
  today: number
  total: number
  median_ms: number | null
  left: boolean
}

export interface RecentItem {
  item: Id
  key?: string
  response: Id
  revision: number
  state: string
  at: string
  preview?: unknown
}
