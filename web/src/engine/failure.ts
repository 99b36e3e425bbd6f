// How a call to the server can fail, as far as the person's work is concerned.

import type { Draft, Problem } from './types'

export type FailureKind =
  | 'offline' // no answer, or the server is not well: try again later
  | 'signed_out' // the session ended: everything waits until the person is back
  | 'conflict' // someone else, or another tab, was faster
  | 'refused' // the server read it and says no
  | 'missing' // the thing is gone, or is not this person's

/** A call that did not succeed, with what the server said about it. */
export class Failure extends Error {
  readonly kind: FailureKind
  readonly status: number
  readonly problems: readonly Problem[]
  /** The draft that the server holds, where a draft was in conflict. */
  readonly draft: Draft | null
  readonly trace: string | null

  constructor(kind: FailureKind, message: string, more: FailureFacts = {}) {
    super(message)
    this.kind = kind
    this.status = more.status ?? 0
    this.problems = more.problems ?? []
    this.draft = more.draft ?? null
    this.trace = more.trace ?? null
  }
}

export interface FailureFacts {
  readonly status?: number
  readonly problems?: readonly Problem[]
  readonly draft?: Draft | null
  readonly trace?: string | null
}

/** The kind of failure; a mistake in the program is thrown on. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error
  throw error
}
