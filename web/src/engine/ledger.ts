// The books of one draft: what the server holds, what waits to be sent, and what was sent without an answer.

import type { Journal, JournalEdit } from './ports'
import { same } from './same'
import type { AnnotationStore, Change } from './store'
import type { Annotation, Id, NumberedOp, Task } from './types'

export interface LedgerPorts {
  readonly journal: Pick<Journal, 'keep' | 'forget'>
  /** The next number of this client, which is never used twice. */
  readonly nextNumber: () => number
  readonly client: Id
  readonly person: Id
  readonly project: Id
  readonly activeMs: () => number
}

/** What is synchronized. Its task changes when the item does on the server: handed in elsewhere, or taken back. */
export interface DraftWork {
  task: Task
  readonly store: AnnotationStore
  /** Changes by which those among these that are about others follow them to their new ids. */
  following(names: ReadonlyMap<Id, Id>, among: Iterable<Id>): Change[]
}

export interface Waiting {
  readonly n: number
  readonly before: Annotation | null
  readonly after: Annotation | null
}

/** Every change that is entered is in the journal from then on, until the server has it. */
export class Ledger {
  /** What the server holds, as far as this tab knows. */
  known: Map<Id, Annotation>
  readonly waiting = new Map<Id, Waiting>()
  /** What was sent and never answered, by number: the server may have it or not. */
  private readonly unsure = new Map<number, { readonly id: Id; readonly after: Annotation | null }>()

  constructor(
    private readonly ports: LedgerPorts,
    private readonly work: DraftWork,
  ) {
    this.known = byId(work.task.draft?.annotations ?? [])
  }

  enter(changes: readonly Change[]): void {
    const { client, person, project, activeMs } = this.ports
    const { item, response } = this.work.task
    const replaced: number[] = []
    const edits = changes.map(({ id, after }): JournalEdit => {
      const earlier = this.waiting.get(id)
      // What was sent may be what the server holds, and is recognized by it; only what nobody sent yet is replaced.
      if (earlier && !this.unsure.has(earlier.n)) replaced.push(earlier.n)
      const { n, before } = this.await(id, after)
      return { client, n, person, project, item: item.id, response: response.id, annotation: id, before, after, active_ms: activeMs() }
    })
    void this.ports.journal.keep(edits)
    this.forget(replaced)
  }

  /** Lets a change wait without the journal: something else keeps it. */
  await(id: Id, after: Annotation | null): Waiting {
    const entry = { n: this.ports.nextNumber(), before: this.known.get(id) ?? null, after }
    this.waiting.set(id, entry)
    return entry
  }

  /** All that waits, as operations that are on their way from now on. */
  send(): { readonly sent: ReadonlyMap<Id, Waiting>; readonly ops: readonly NumberedOp[] } {
    const sent = new Map(this.waiting)
    for (const [id, { n, after }] of sent) this.unsure.set(n, { id, after })
    return { sent, ops: [...sent].map(([id, entry]) => asOp(id, entry)) }
  }

  arrived(sent: ReadonlyMap<Id, Waiting>): void {
    for (const [id, entry] of sent) {
      set(this.known, id, entry.after)
      const now = this.waiting.get(id)
      if (now?.n === entry.n) this.waiting.delete(id)
      else if (now) this.waiting.set(id, { ...now, before: entry.after })
    }
    this.forget([...this.unsure.keys()])
    this.unsure.clear()
  }

  /** The server has read what was sent and took nothing of it. */
  refused(): void {
    const current = new Set([...this.waiting.values()].map(({ n }) => n))
    this.forget([...this.unsure.keys()].filter((n) => !current.has(n)))
    this.unsure.clear()
  }

  /** What the server holds because of this tab is nobody else's change. */
  recognize(theirs: ReadonlyMap<Id, Annotation>): void {
    for (const { id, after } of this.unsure.values()) if (same(theirs.get(id) ?? null, after)) set(this.known, id, after)
  }

  /** Begins anew from what the server holds; returns the numbers of what is given up, to be forgotten. */
  begin(known: Map<Id, Annotation>): readonly number[] {
    const numbers = [...[...this.waiting.values()].map(({ n }) => n), ...this.unsure.keys()]
    this.waiting.clear()
    this.unsure.clear()
    this.known = known
    return numbers
  }

  /** Where the work differs from some other state of the item. */
  differences(from: ReadonlyMap<Id, Annotation>): Change[] {
    const { store } = this.work
    const ids = new Set([...from.keys(), ...store.list().map((a) => a.id)])
    return [...ids].map((id) => ({ id, before: from.get(id) ?? null, after: store.get(id) })).filter((c) => !same(c.before, c.after))
  }

  forget(numbers: readonly number[]): void {
    if (numbers.length > 0) void this.ports.journal.forget(this.ports.client, numbers)
  }
}

export function byId(annotations: readonly Annotation[]): Map<Id, Annotation> {
  return new Map(annotations.map((a) => [a.id, a]))
}

function asOp(id: Id, { n, after }: Waiting): NumberedOp {
  return after === null ? { n, op: 'drop', id } : { n, op: 'put', annotation: after }
}

function set(map: Map<Id, Annotation>, id: Id, annotation: Annotation | null): void {
  if (annotation === null) map.delete(id)
  else map.set(id, annotation)
}
