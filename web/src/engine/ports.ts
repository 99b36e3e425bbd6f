// What the engine needs from the world: a server, a clock, identifiers, a journal, the other tabs.

import type { Annotation, Base, Draft, Feedback, Id, NewRevision, NumberedOp, Progress, RecentItem, Task } from './types'

/** The server, as one annotator sees it. Every call may throw a `Failure`. */
export interface LabelingApi {
  /** With `held`, what the person holds already comes first: an answer may have been lost on its way. */
  claim(project: Id, count: number, exclude: readonly Id[], held?: boolean): Promise<readonly Task[]>
  open(project: Id, item: Id): Promise<Task>
  renew(assignment: Id): Promise<{ readonly until: string }>
  release(assignment: Id): Promise<void>
  draft(item: Id): Promise<Draft | null>
  patchDraft(item: Id, seq: number, patch: DraftPatch): Promise<{ readonly seq: number }>
  submit(response: Id, revision: number, body: NewRevision): Promise<{ readonly next_revision?: number }>
  undoSubmit(response: Id, revision: number): Promise<void>
  mine(project: Id, cursor: string | null): Promise<{ readonly items: readonly RecentItem[]; readonly next: string | null }>
  progress(project: Id): Promise<Progress>
  text(url: string): Promise<string>
  /** Entries of a vocabulary with a name in which a word begins so; a preview has none. */
  lookup?(project: Id): Lookup
  /** The words of a list of the project, each with its label; a preview has none. */
  words?(project: Id, name: string): Promise<readonly (readonly [string, string])[]>
  /** Where a panel of the project's own is to be framed; a preview has none. */
  panel?(project: Id, module: string): string
  /** What reviewers said of one's own answer to an item, the oldest first; a preview has none. */
  feedback?(item: Id): Promise<readonly Feedback[]>
  signIn(email: string, password: string, code?: string): Promise<{ readonly id: Id }>
}

/** One entry of a vocabulary of the project. */
export interface VocabularyEntry {
  readonly id: string
  readonly title: string
  readonly aliases: readonly string[]
  readonly definition: string
}

/** Asks for entries of a vocabulary whose words begin as typed; `cancel` where nobody waits for the answer any more. */
export type Lookup = (vocabulary: string, typed: string) => { readonly found: Promise<readonly VocabularyEntry[]>; readonly cancel: () => void }

export interface DraftPatch {
  readonly client: Id
  readonly response: Id
  readonly base?: Base | null
  readonly schema?: number
  readonly ops: readonly NumberedOp[]
}

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Runs once after some milliseconds, unless the returned function is called before. */
  after(ms: number, run: () => void): () => void
}

/** Makes identifiers: UUID text. */
export type NewId = () => Id

/** An edit that the server has not acknowledged. `before` is what the server held when it was made. */
export interface JournalEdit {
  readonly client: Id
  readonly n: number
  readonly person: Id
  readonly project: Id
  readonly item: Id
  readonly response: Id
  readonly annotation: Id
  readonly before: Annotation | null
  readonly after: Annotation | null
  readonly active_ms: number
}

/** A response that waits to be handed in. Its id stays when the server asks for another revision number. */
export interface Parcel {
  readonly client: Id
  readonly id: string
  readonly person: Id
  readonly project: Id
  readonly response: Id
  readonly revision: number
  readonly title: string
  readonly body: NewRevision
  readonly at: number
}

/** The items that one tab holds, the open one first. */
export interface Holding {
  readonly client: Id
  readonly person: Id
  readonly project: Id
  readonly items: readonly Id[]
}

/** Keeps unsent work on this device. It must outlive the tab. */
export interface Journal {
  edits(person: Id): Promise<readonly JournalEdit[]>
  parcels(person: Id): Promise<readonly Parcel[]>
  keep(edits: readonly JournalEdit[]): Promise<void>
  forget(client: Id, numbers: readonly number[]): Promise<void>
  /** Keeps a parcel and drops the edits of its item in one step: the parcel holds them all. */
  post(parcel: Parcel): Promise<void>
  delivered(id: string): Promise<void>
  /** Remembers what a tab holds, so that whoever comes after it goes on there. */
  hold(holding: Holding): Promise<void>
  holdings(person: Id, project: Id): Promise<readonly Holding[]>
}

/** The other tabs of this browser. */
export interface Channel {
  send(message: TabMessage): void
  listen(hear: (message: TabMessage) => void): () => void
}

export type TabMessage =
  | { readonly type: 'acknowledged'; readonly item: Id; readonly client: Id; readonly from: number; readonly seq: number; readonly ops: readonly NumberedOp[] }
  | { readonly type: 'submitted'; readonly item: Id; readonly client: Id }
  | { readonly type: 'signed_in'; readonly person: Id }
  /** Asks the other tabs to say that they live. */
  | { readonly type: 'who' }
  | { readonly type: 'here'; readonly client: Id }

/** Makes media ready before they are needed. */
export interface Media {
  prepare(task: Task): void
}
