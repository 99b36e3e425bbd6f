// The calls by which many items are labeled at once.

import type { Parcel } from '../../../engine/ports'
import type { Draft, Id, Problem, Task } from '../../../engine/types'
import { asTask, baseOf, send, type WireTask } from '../http'

/** Why one of many was not stored. */
export interface RefusedEntry {
  readonly response: Id
  readonly revision: number
  readonly status: number
  readonly title: string
  readonly problems: readonly Problem[]
}

export interface Handed {
  readonly response: Id
  readonly revision: number
}

/** A submit that was taken back: under which number it is handed in next. */
export interface Undone {
  readonly response: Id
  readonly next_revision: number
  readonly assignment: Task['assignment']
  readonly draft: Draft
}

/** The server, for many items. Every call may throw a `Failure`. */
export interface ManyApi {
  /** Up to so many items of this person's queue; those that they hold already come first. */
  page(project: Id, count: number, exclude: readonly Id[]): Promise<readonly Task[]>
  /** Chosen items; those that are not this person's to open are left out. */
  open(project: Id, items: readonly Id[]): Promise<readonly Task[]>
  submit(project: Id, parcels: readonly Parcel[]): Promise<{ readonly receipts: readonly Handed[]; readonly refused: readonly RefusedEntry[] }>
  undo(project: Id, handed: readonly Handed[]): Promise<{ readonly undone: readonly Undone[]; readonly refused: readonly RefusedEntry[] }>
  release(assignment: Id): Promise<void>
  text(url: string): Promise<string>
}

/** The calls against a server whose API lies at `root`. */
export function manyApi(root: string): ManyApi {
  const base = baseOf(root)
  const post = <T>(path: string, json: unknown): Promise<T> => send<T>(base + path, { method: 'POST', json })
  const tasks = (wire: { readonly tasks: readonly WireTask[] }): readonly Task[] => wire.tasks.map((task) => asTask(task, base))
  return {
    page: async (project, count, exclude) => tasks(await post(`projects/${project}/claims`, { count, exclude, held: true })),
    open: async (project, items) => tasks(await post(`projects/${project}/open`, { items })),
    submit: (project, parcels) => post(`projects/${project}/submits`, { responses: parcels.map(({ response, revision, body }) => ({ response, revision, answer: body })) }),
    undo: (project, handed) => post(`projects/${project}/undos`, { responses: handed }),
    release: (assignment) => send(`${base}assignments/${assignment}`, { method: 'DELETE' }),
    text: async (url) => (await fetch(url, { credentials: 'same-origin' })).text(),
  }
}
