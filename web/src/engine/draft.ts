// Keeps one item's work in the journal and on the server: every edit at once here, within a second there.

import { type Failure, failureOf } from './failure'
import type { Channel, Clock, Journal, JournalEdit, LabelingApi, NewId, TabMessage } from './ports'
import { type Conflict, rebase } from './rebase'
import { same } from './same'
import type { AnnotationStore, Applied, Change } from './store'
import type { Annotation, Draft, Id, NumberedOp, Task } from './types'

const SEND_AFTER_MS = 600
const RETRY_MS = [1_000, 2_000, 4_000, 8_000, 15_000]

export interface DraftPorts {
  readonly api: Pick<LabelingApi, 'patchDraft' | 'draft'>
  readonly journal: Pick<Journal, 'keep' | 'forget'>
  readonly channel: Channel
  readonly clock: Clock
  readonly newId: NewId
  /** The next number of this client, which is never used twice. */
  readonly nextNumber: () => number
  readonly client: Id
  readonly person: Id
  readonly project: Id
  readonly activeMs: () => number
}

export type DraftStatus = 'saved' | 'waiting' | 'sending' | 'offline' | 'signed_out' | 'refused'

interface Waiting {
  readonly n: number
  readonly before: Annotation | null
  readonly after: Annotation | null
}

/** Sends the changes of one store as operations on the person's draft. */
export class DraftSync {
  status: DraftStatus = 'saved'
  failure: Failure | null = null
  conflicts: readonly Conflict[] = []

  private seq: number
  /** What the server holds at `seq`. */
  private known: Map<Id, Annotation>
  private readonly waiting = new Map<Id, Waiting>()
  private inFlight: Promise<void> | null = null
  private cancelTimer: (() => void) | null = null
  private flying: ReadonlySet<number> = new Set()
  private tries = 0
  private closed = false
  private held = false
  private seeded: boolean
  private readonly stop: (() => void)[]

  constructor(
    private readonly ports: DraftPorts,
    private readonly task: Task,
    private readonly store: AnnotationStore,
    private readonly changed: () => void,
  ) {
    this.seq = task.draft?.seq ?? 0
    this.known = byId(task.draft?.annotations ?? [])
    this.seeded = task.draft !== null || store.size === 0
    this.stop = [store.subscribe((applied) => this.record(applied)), ports.channel.listen((message) => this.hear(message))]
  }

  /** How many changes are kept here and not yet on the server. */
  get count(): number {
    return this.waiting.size
  }

  /**
   * Applies edits that an earlier tab left in the journal. They are sent under new numbers, which is harmless where
   * that tab's request did arrive: what the server already holds is not a change.
   */
  recover(edits: readonly JournalEdit[]): void {
    const pending = new Map(edits.map((e) => [e.annotation, { before: e.before, after: e.after }]))
    const { copies, pending: left, conflicts } = rebase(mapOfBefore(pending), pending, this.known, this.ports.newId)
    this.conflicts = [...this.conflicts, ...conflicts]
    const mine = [...left].map(([id, { after }]) => ({ id, before: this.store.get(id), after }))
    this.store.apply([...mine, ...copies.filter((c) => !left.has(c.id))], 'mine')
  }

  /** Sends now what waits; resolves when the server has it or cannot be reached. */
  async flush(): Promise<void> {
    this.cancelTimer?.()
    this.cancelTimer = null
    while (!this.closed && !this.held && (this.inFlight !== null || this.waiting.size > 0)) {
      const sent = this.inFlight ?? (this.inFlight = this.send())
      await sent
      if (this.status !== 'saved' && this.status !== 'waiting') return
    }
  }

  /** The connection, or the person, is back. */
  wake(): void {
    this.tries = 0
    if (this.waiting.size > 0) void this.flush()
    else if (this.status !== 'saved') this.become('saved')
  }

  /** Holds everything back until `release`: the work is being handed in. Resolves when nothing is on its way. */
  async hold(): Promise<void> {
    this.held = true
    this.cancelTimer?.()
    this.cancelTimer = null
    await this.inFlight
  }

  /** Goes on from what the server holds now: everything that differs from it is sent. */
  release(draft: Draft | null): void {
    this.held = false
    this.seq = draft?.seq ?? 0
    this.known = byId(draft?.annotations ?? [])
    this.waiting.clear()
    this.become('saved')
    const ids = new Set([...this.known.keys(), ...this.store.list().map((a) => a.id)])
    const changes = [...ids].map((id) => ({ id, before: this.known.get(id) ?? null, after: this.store.get(id) }))
    this.note(changes.filter((c) => !same(c.before, c.after)))
  }

  /** Ends it: the work was submitted, or the item is left. Waits for what is on its way. */
  async close(): Promise<void> {
    this.closed = true
    this.cancelTimer?.()
    for (const stop of this.stop) stop()
    await this.inFlight
  }

  /** The person looked at a conflict and it is settled. */
  settle(id: Id): void {
    this.conflicts = this.conflicts.filter((c) => c.id !== id)
    this.changed()
  }

  private record({ changes, origin }: Applied): void {
    if (origin === 'mine') this.note(changes)
  }

  private note(changes: readonly Change[]): void {
    if (changes.length === 0) return
    const edits = [...this.seed(changes), ...changes].map((change) => this.await(change))
    const replaced = edits.flatMap(({ replaced }) => replaced)
    void this.ports.journal.keep(edits.map(({ edit }) => edit))
    if (replaced.length > 0) void this.ports.journal.forget(this.ports.client, replaced)
    if (this.status === 'saved' || this.status === 'refused') this.become('waiting')
    if (this.status === 'waiting') this.sendLater(SEND_AFTER_MS)
  }

  /** An answer opened again begins its draft with everything that was said before, at the first change. */
  private seed(changes: readonly Change[]): Change[] {
    if (this.seeded) return []
    this.seeded = true
    const changed = new Set(changes.map((c) => c.id))
    return this.store.list().flatMap((a) => (changed.has(a.id) ? [] : [{ id: a.id, before: null, after: a }]))
  }

  private await(change: Change): { edit: JournalEdit; replaced: number[] } {
    const { client, person, project, nextNumber, activeMs } = this.ports
    const earlier = this.waiting.get(change.id)
    const before = this.known.get(change.id) ?? null
    const n = nextNumber()
    this.waiting.set(change.id, { n, before, after: change.after })
    const edit = { client, n, person, project, item: this.task.item.id, response: this.task.response.id, annotation: change.id, before, after: change.after, active_ms: activeMs() }
    // An entry on its way may still be acknowledged; only what nobody sent yet is replaced.
    return { edit, replaced: earlier && !this.flying.has(earlier.n) ? [earlier.n] : [] }
  }

  private sendLater(ms: number): void {
    if (this.cancelTimer !== null || this.held || this.closed) return
    this.cancelTimer = this.ports.clock.after(ms, () => {
      this.cancelTimer = null
      void this.flush()
    })
  }

  private async send(): Promise<void> {
    const sent = new Map(this.waiting)
    const ops = [...sent].map(([id, entry]) => asOp(id, entry))
    this.flying = new Set(ops.map((op) => op.n))
    this.become('sending')
    try {
      const { response, schema, item } = this.task
      const patch = { client: this.ports.client, response: response.id, ops, ...(response.base ? { base: response.base } : {}), ...(schema ? { schema } : {}) }
      const { seq } = await this.ports.api.patchDraft(item.id, this.seq, patch)
      this.acknowledge(sent, seq, ops)
    } catch (error) {
      this.flying = new Set()
      await this.recoverFrom(failureOf(error))
    } finally {
      this.flying = new Set()
      this.inFlight = null
    }
  }

  private acknowledge(sent: ReadonlyMap<Id, Waiting>, seq: number, ops: readonly NumberedOp[]): void {
    const from = this.seq
    this.seq = seq
    this.tries = 0
    this.failure = null
    for (const [id, entry] of sent) {
      set(this.known, id, entry.after)
      const now = this.waiting.get(id)
      if (now?.n === entry.n) this.waiting.delete(id)
      else if (now) this.waiting.set(id, { ...now, before: entry.after })
    }
    void this.ports.journal.forget(this.ports.client, ops.map((op) => op.n))
    this.ports.channel.send({ type: 'acknowledged', item: this.task.item.id, client: this.ports.client, from, seq, ops })
    this.become(this.waiting.size > 0 ? 'waiting' : 'saved')
  }

  private async recoverFrom(failure: Failure): Promise<void> {
    this.failure = failure
    if (failure.kind === 'conflict') return this.rebaseOntoServer(failure)
    if (failure.kind === 'signed_out') return this.become('signed_out')
    if (failure.kind === 'offline') return this.tryLater()
    this.become('refused')
  }

  private async rebaseOntoServer(failure: Failure): Promise<void> {
    try {
      const draft = failure.draft ?? (await this.ports.api.draft(this.task.item.id))
      this.takeOver(draft?.seq ?? 0, byId(draft?.annotations ?? []))
    } catch (error) {
      return failureOf(error).kind === 'signed_out' ? this.become('signed_out') : this.tryLater()
    }
    // Many conflicts in a row mean that two tabs race; a pause lets one of them through.
    if (++this.tries > RETRY_MS.length) return this.tryLater()
    this.become(this.waiting.size > 0 ? 'waiting' : 'saved')
  }

  private tryLater(): void {
    this.become('offline')
    this.sendLater(RETRY_MS[Math.min(this.tries++, RETRY_MS.length - 1)] ?? 0)
  }

  /** The server moved on to `theirs`: what I have not sent is put on top of it. */
  private takeOver(seq: number, theirs: Map<Id, Annotation>): void {
    const { remote, copies, pending, conflicts } = rebase(this.known, this.waiting, theirs, this.ports.newId)
    const dropped = [...this.waiting].filter(([id]) => !pending.has(id)).map(([, entry]) => entry.n)
    for (const id of [...this.waiting.keys()]) {
      const left = pending.get(id)
      const entry = this.waiting.get(id)
      if (left === undefined) this.waiting.delete(id)
      else if (entry) this.waiting.set(id, { ...entry, before: left.before })
    }
    this.seq = seq
    this.known = theirs
    this.conflicts = [...this.conflicts, ...conflicts]
    this.store.apply(remote.map((c) => ({ ...c, before: this.store.get(c.id) })), 'remote')
    // Copies are edits like any other: journaled and sent.
    this.store.apply(copies, 'mine')
    if (dropped.length > 0) void this.ports.journal.forget(this.ports.client, dropped)
  }

  private hear(message: TabMessage): void {
    if (message.type !== 'acknowledged' || message.item !== this.task.item.id || message.client === this.ports.client) return
    // Another tab was acknowledged. If I stood where it began I can follow; else the server's 409 brings me there.
    if (this.closed || this.inFlight !== null || message.from !== this.seq) return
    const theirs = new Map(this.known)
    for (const op of message.ops) {
      if (op.op === 'put') theirs.set(op.annotation.id, op.annotation)
      if (op.op === 'drop') theirs.delete(op.id)
    }
    this.takeOver(message.seq, theirs)
    this.changed()
  }

  private become(status: DraftStatus): void {
    this.status = status
    this.changed()
  }
}

function asOp(id: Id, { n, after }: Waiting): NumberedOp {
  return after === null ? { n, op: 'drop', id } : { n, op: 'put', annotation: after }
}

function byId(annotations: readonly Annotation[]): Map<Id, Annotation> {
  return new Map(annotations.map((a) => [a.id, a]))
}

function set(map: Map<Id, Annotation>, id: Id, annotation: Annotation | null): void {
  if (annotation === null) map.delete(id)
  else map.set(id, annotation)
}

function mapOfBefore(pending: ReadonlyMap<Id, { readonly before: Annotation | null }>): Map<Id, Annotation> {
  return new Map([...pending].flatMap(([id, { before }]) => (before === null ? [] : [[id, before] as const])))
}
