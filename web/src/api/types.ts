// The shapes that travel, by the names the pages use. They come from the specification; what it knows only as
// an object (schemas, policies, filters) is described here.
import type { components } from './schema.gen'

type Wire = components['schemas']
/** As the client hands answers on: pairs of numbers come out of it as lists. */
type Listed<T> = T extends (infer E)[] ? Listed<E>[] : T extends object ? { [K in keyof T]: Listed<T[K]> } : T

export type Id = string
export type Role = Wire['Membership']['role']
export type TokenScope = Wire['Token']['scopes'][number]
export type ProjectState = Wire['ProjectRow']['state']
export type ItemState = Wire['ItemRow']['state']
export type JobState = Wire['JobBody']['state']
export type BulkAction = Wire['Bulk']['action']
export type Scalar = string | number | boolean
export type Metadata = Wire['Metadata']

export type Me = Wire['Me']
export type Membership = Wire['Membership']
export type LinkState = Wire['LinkState']
export type Token = Wire['Token']
export type Member = Wire['Member']
export type AuditEntry = Wire['AuditEntry']
export type Measured = Wire['Measure']
export type ProjectRow = Wire['ProjectRow']
export type Counts = Wire['Counts']
export type Operation = Wire['Operation']
export type Stream = Listed<Wire['StreamRow']>
export type AuthorRef = Wire['Person']
export type ItemRow = Listed<Wire['ItemRow']>
export type Facets = Wire['Facets']
export type View = Wire['View']
export type Job = Wire['JobBody']
export type JobFile = Wire['JobFile']
export type Mapping = Wire['Mapping']
export type PeopleRow = Wire['PersonProgress']
export type AgreementField = Wire['FieldRow']
export type AgreementReport = Wire['AgreementReport']
export type ComparedField = Wire['ComparedField']
export type SourceRow = Wire['SourceRow']
export type PlaceBias = Wire['PlaceBias']
export type LabelCount = Wire['LabelCount']
export type HomeProject = Wire['HomeProject']
export type Loss = Wire['Loss']

/** What was wrong, where, and what to do. */
export interface Problem {
  path: string
  got?: unknown
  expected?: string
  do?: string
  line?: number | null
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

export interface Policy {
  start?: string
  stages: Record<string, { do: string; overlap?: number; begin?: string; [more: string]: unknown }>
  [more: string]: unknown
}

export type Project = Omit<Wire['Project'], 'schema' | 'policy'> & { schema: SchemaDocument; policy: Policy | null }
export type Template = Omit<Wire['Template'], 'schema'> & { schema: SchemaDocument }
export type SchemaCheck = Omit<Wire['SchemaCheck'], 'schema' | 'problems' | 'yaml' | 'hotkeys'> & { schema: SchemaDocument | null; problems: Problem[] }

/** An annotation as it is shown, of whatever kind. */
export interface Annotation {
  id: Id
  field: string
  kind: string
  on?: { stream: string; part?: string | null } | null
  label?: string | null
  value: unknown
  attributes?: Record<string, unknown> | null
}

export interface Response {
  id: Id
  author: AuthorRef
  state: 'submitted' | 'skipped' | 'withdrawn'
  annotations: Annotation[]
  skip?: { reason: string; note?: string } | null
  active_ms: number
  at: string
  excluded?: Record<string, string> | null
}

/** How the consensus is made, and what was learned for it. */
export type ConsensusReport = Wire['ConsensusReport']
export type LearnedField = Wire['LearnedField']

/** What was merged from the responses, by field. */
export type Consensus = Omit<Wire['ConsensusRow'], 'annotations'> & { annotations: Annotation[] }

export type ItemDetail = Omit<Listed<Wire['ItemBody']>, 'responses' | 'key' | 'state'> & { key: string; state: ItemState; response_list: Response[]; etag: string | undefined }

/** Days in UTC, both included. */
interface Days {
  since?: string
  until?: string
}

export type Condition =
  | { metadata: { key: string; op: string; value?: unknown } }
  | { state: ItemState[] }
  | { stage: string[] }
  | { changed: Days }
  | { answered: Days & { author?: Id; state?: 'submitted' | 'skipped' } }
  | { reviewed: Days & { verdict?: 'accepted' | 'fixed' | 'rejected'; author?: Id; reviewer?: Id } }
  | { differ: { a: Id; b: Id; field: string; label?: string } }
  | { disagreement: { op: string; value: number; field?: string } }
  | { author: Id }
  | { not_author: Id }
  | { label: { field: string; label: string; author?: Id } }
  | { answer: { field: string; op: string; value: unknown } }
  | { tag: string }
  | { key: { op: string; value: string } }
  | { text: { contains: string } }
  | { responses: { op: string; value: number } }
  | { ids: Id[] }

/** Which items: those that fit every condition. */
export interface Filter {
  all: Condition[]
}

/** The conditions of a filter that the server made. */
export function conditionsOf(filter: { [key: string]: unknown } | undefined): Condition[] {
  return Array.isArray(filter?.['all']) ? (filter['all'] as Condition[]) : []
}

/** An item as it will be, with what the file says of it. */
export interface PreviewRow {
  item: { key?: string | null; streams: Record<string, { kind?: string; ref?: { inline?: string | null; uri?: string | null; blob?: string | null } | null }>; metadata?: Metadata }
  responses?: { annotations?: unknown[] }[]
  line?: number | null
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

export type Guideline = Listed<Wire['Guideline']>
export type GuidelineChanges = Wire['Changes']
export type GuidelineDraft = Listed<Wire['NewVersion']>
export type Thread = Listed<Wire['Thread']>
export type ThreadPlace = Wire['Place']
export type ThreadState = Wire['Thread']['state']
export type Precedent = Listed<Wire['Precedent']>
export type Appeal = Wire['Appeal']
export type Notice = Wire['Notice']
export type Batch = Wire['Batch']
export type GivenBatch = Wire['GivenBatch']
export type HeldItem = Wire['Held']
export type Group = Wire['Group']
export type Hook = Wire['Hook']
export type Delivery = Wire['Delivery']
export type Here = Wire['Here']
