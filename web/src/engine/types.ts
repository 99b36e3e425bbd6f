// What the labeling engine speaks of: annotations, tasks, drafts, and what the server answers.

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

export type Id = string

/** One value of one kind, in the shape in which it travels. */
export interface Annotation {
  readonly id: Id
  readonly field: string
  readonly kind: string
  readonly version: number
  readonly on?: { readonly stream: string; readonly part?: string }
  readonly label: string | null
  readonly value: Json
  readonly attributes?: Readonly<Record<string, Json>>
  readonly confidence?: number | null
  readonly probabilities?: Readonly<Record<string, number>> | null
  readonly from?: { readonly response: Id; readonly annotation: Id } | null
  readonly group?: string
  readonly z?: number
  readonly extra?: Readonly<Record<string, Json>>
}

/** Parts of one name that a stream has: by their keys, or numbered from "0" on. */
export interface Parts {
  readonly keys?: readonly string[]
  readonly count?: number
  /** The different roles, and for each part a character that says which it has. */
  readonly roles?: readonly string[]
  readonly role?: string
}

/** What is known of a stream once the server decoded it. */
export interface Facts {
  readonly width?: number
  readonly height?: number
  /** Unicode code points of a text. */
  readonly length?: number
  /** Turns of a conversation. */
  readonly turns?: number
  /** Keys of candidates, in the order in which this person sees them. */
  readonly parts?: readonly string[]
  /** By name, the parts of which fields can be answered for each. */
  readonly each?: Readonly<Record<string, Parts>>
  /** Width and height of each page of a document. */
  readonly pages?: readonly (readonly number[])[]
  /** Bands of a picture that has more than colours. */
  readonly bands?: number
  readonly media_type?: string
}

export interface TaskStream {
  readonly kind: string
  /** Address of the content; texts, conversations and candidates may come with the task instead. */
  readonly url?: string
  readonly text?: string
  /** Styles of a text that was written in markup, by where they begin. */
  readonly marks?: readonly StyleMark[]
  readonly facts: Facts
}

/** Start and end in code points, the style, its level (of a heading, a list, a cell's column) and the number of an item. */
export type StyleMark = readonly [start: number, end: number, style: string, level: number, number: number | null]

export interface TaskItem {
  readonly id: Id
  readonly revision: number
  readonly key?: string
  readonly streams: Readonly<Record<string, TaskStream>>
  readonly metadata: Readonly<Record<string, Json>>
}

export interface Draft {
  readonly seq: number
  readonly annotations: readonly Annotation[]
}

export interface Base {
  readonly response: Id
  readonly revision: number
}

/** One item handed to a person, with all that is needed to begin. */
export interface Task {
  readonly assignment: { readonly id: Id; readonly until: string; readonly stage?: string } | null
  readonly item: TaskItem
  readonly response: { readonly id: Id; readonly revision: number; readonly base?: Base | null }
  /** The version of the schema under which the answer is handed in. */
  readonly schema?: number
  readonly draft: Draft | null
  /** What this person said before, where the item is opened again. */
  readonly before?: readonly Annotation[] | null
  /** What it begins as, where nothing was said yet: copies of what a file or a model said. */
  readonly given?: readonly Annotation[] | null
  /** The answer stands and cannot be changed any more; it can be looked at. */
  readonly final?: boolean
}

export type DraftOp =
  | { readonly op: 'put'; readonly annotation: Annotation }
  | { readonly op: 'drop'; readonly id: Id }
  | { readonly op: 'cover'; readonly field: string }

export type NumberedOp = DraftOp & { readonly n: number }

export interface Skip {
  readonly reason: string
  readonly note: string
}

/** What somebody who reviews says of the answers to an item; its body travels as it is. */
export interface Judged {
  readonly verdicts: readonly Json[]
  /** The answer that is the result, where somebody adjudicates. */
  readonly decision: Base | null
  /** Whether the annotations that are handed in are said instead of what was judged. */
  readonly fixes: boolean
  /** The project in which the item is made gold by it. */
  readonly gold?: Id
  /** What it is gold for. */
  readonly gold_use?: GoldUse
  /** What its key is, in a review, which has no result yet: an answer that was accepted, or what is said instead. */
  readonly gold_key?: Base | 'fix'
}

export type GoldUse = 'hidden' | 'practice' | 'test'

/** A response as it is handed in. */
export interface NewRevision {
  readonly item: Id
  readonly item_revision: number
  readonly assignment?: Id
  readonly schema: number
  readonly state: 'submitted' | 'skipped'
  readonly skip?: Skip
  readonly covers: Readonly<Record<string, readonly string[] | null>>
  readonly annotations: readonly Annotation[]
  readonly base?: Base
  readonly active_ms: number
  readonly client_at: string
  /** It judges others' answers, and goes where reviews go. */
  readonly judged?: Judged
}

/** A verdict on one's own answer, without who gave it. */
export interface Feedback {
  readonly id: Id
  readonly verdict: 'accepted' | 'fixed' | 'rejected'
  readonly defects: readonly { readonly code: string; readonly annotation?: Id | null; readonly note?: string }[]
  /** What the codes are called. */
  readonly titles: Readonly<Record<string, string>>
  readonly note: string
}

export interface Problem {
  readonly path: string
  readonly got?: Json
  readonly expected: string
  readonly do: string
}

export interface Progress {
  readonly today: number
  readonly total: number
  readonly median_ms?: number | null
  readonly left: boolean
}

export interface RecentItem {
  readonly item: Id
  readonly key?: string
  readonly response: Id
  readonly revision: number
  readonly state: string
  readonly at: string
  readonly preview?: Json
}
