// Keeps one item's work in the journal and on the server: every edit at once here, within a second there.

import { type Failure, failureOf } from './failure'
import { byId, type DraftWork, Ledger, type LedgerPorts, type Waiting } from './ledger'
import type { Channel, Clock, JournalEdit, LabelingApi, NewId, TabMessage } from './ports'
import { type Conflict, latest, rebase } from './rebase'
import type { Change } from './store'
import type { Annotation, Draft, Id, NumberedOp, Task } from './types'

const SEND_AFTER_MS = 600
const RETRY_MS = [1_000, 2_000, 4_000, 8_000, 15_000]

export interface DraftPorts extends LedgerPorts {
  readonly api: Pick<LabelingApi, 'patchDraft' | 'draft' | 'open'>
  readonly channel: Channel
  readonly clock: Clock
  readonly newId: NewId
}

/** `waiting`: kept here, and sent as soon as the person pauses. */
export type DraftStatus = 'saved' | 'waiting' | 'sending' | 'offline' | 'signed_out' | 'refused'

/** Sends the changes of one store as operations on the person's draft. */
export class DraftSync {
  status: DraftStatus = 'saved'
  failure: Failure | null = null
  conflicts: readonly Conflict[] = []

  private seq: number
  /** The newest `seq` that any tab or answer told of. */
  private heard = 0
  private readonly ledger: Ledger
  private inFlight: Promise<void> | null = null
  private cancelTimer: (() => void) | null = null
  private tries = 0
  private closed = false
  private held = false
  /** An answer opened again begins its draft with everything that was said before, at the first change. */
  private seeded: boolean
  private readonly stop: (() => void)[]

  constructor(
    private readonly ports: DraftPorts,
    private readonly work: DraftWork,
    private readonly changed: () => void,
  ) {
    const { draft } = work.task
    this.seq = draft?.seq ?? 0
    this.ledger = new Ledger(ports, work)
    this.seeded = draft !== null || work.store.size === 0
    const edited = work.store.subscribe(({ changes, origin }) => {
      if (origin === 'mine') this.note(changes)
    })
    this.stop = [edited, ports.channel.listen((message) => this.hear(message))]
  }

  /** How many changes are kept here and not yet on the server. */
  get count(): number {
    return this.ledger.waiting.size
  }

  /**
   * Applies edits that an earlier tab left in the journal. They are sent under new numbers, which is harmless where
   * that tab's request did arrive: what the server already holds is not a change.
   */
  recover(edits: readonly JournalEdit[]): void {
    const { store } = this.work
    const pending = latest(edits, this.ledger.known)
    const was = new Map([...pending].flatMap(([id, { before }]) => (before === null ? [] : [[id, before] as const])))
    const { copies, pending: left, conflicts } = rebase(was, pending, this.ledger.known, this.ports.newId)
    this.conflicts = [...this.conflicts, ...conflicts]
    const mine = [...left].map(([id, { after }]) => ({ id, before: store.get(id), after }))
    store.apply([...mine, ...copies.filter((c) => !left.has(c.id))], 'mine')
  }

  /** Sends now what waits; resolves when the server has it or cannot be reached. */
  async flush(): Promise<void> {
    this.cancelTimer?.()
    this.cancelTimer = null
    while (!this.closed && !this.held && (this.inFlight !== null || this.count > 0 || this.isBehind)) {
      await (this.inFlight ??= this.isBehind ? this.catchUp() : this.send())
      if (this.status !== 'saved' && this.status !== 'waiting') return
    }
    if (this.count === 0 && this.status === 'waiting') this.become('saved')
  }

  /** The connection, or the person, is back. */
  wake(): void {
    this.tries = 0
    if (this.count > 0 || this.isBehind) void this.flush()
    else if (this.status !== 'saved') this.become('saved')
  }

  /** Holds everything back: the work is being handed in. Resolves when nothing is on its way. */
  async hold(): Promise<void> {
    this.held = true
    this.cancelTimer?.()
    this.cancelTimer = null
    await this.inFlight
  }

  /** Nothing was handed in after all: goes on where it was, with all that waits in the journal again. */
  resume(): void {
    this.held = false
    this.note([...this.ledger.waiting].map(([id, { before, after }]) => ({ id, before, after })))
    if (this.status === 'signed_out' || this.count === 0) return
    this.become('waiting')
    this.sendLater(SEND_AFTER_MS)
  }

  /** Goes on from the item as the server has it now: everything here that differs from it is a change. */
  restart(task: Task, { goOn }: { readonly goOn: boolean }): void {
    const stale = this.take(task)
    this.held = !goOn
    this.become('saved')
    const stands = byId(task.draft?.annotations ?? task.before ?? task.given ?? [])
    if (!task.final && this.ledger.differences(stands).length > 0) {
      const changes = this.ledger.differences(this.ledger.known)
      this.seeded = true
      if (goOn) this.note(changes)
      else for (const { id, after } of changes) this.ledger.await(id, after)
    }
    this.ledger.forget(stale)
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

  private get isBehind(): boolean {
    return this.heard > this.seq
  }

  private note(changes: readonly Change[]): void {
    if (changes.length === 0) return
    this.ledger.enter([...this.seed(changes), ...changes])
    if (this.status === 'saved' || this.status === 'refused') this.become('waiting')
    if (this.status === 'waiting') this.sendLater(SEND_AFTER_MS)
  }

  private seed(changes: readonly Change[]): Change[] {
    if (this.seeded) return []
    this.seeded = true
    const changed = new Set(changes.map((c) => c.id))
    return this.work.store.list().flatMap((a) => (changed.has(a.id) ? [] : [{ id: a.id, before: null, after: a }]))
  }

  private sendLater(ms: number): void {
    if (this.cancelTimer !== null || this.held || this.closed) return
    this.cancelTimer = this.ports.clock.after(ms, () => {
      this.cancelTimer = null
      void this.flush()
    })
  }

  private async send(): Promise<void> {
    const { sent, ops } = this.ledger.send()
    this.become('sending')
    await this.ask(async () => {
      const { response, schema, item } = this.work.task
      const patch = { client: this.ports.client, response: response.id, ops, ...(response.base ? { base: response.base } : {}), ...(schema ? { schema } : {}) }
      const { seq } = await this.ports.api.patchDraft(item.id, this.seq, patch)
      this.acknowledge(sent, seq, ops)
    })
  }

  /** Another tab has written what this one could not follow. */
  private async catchUp(): Promise<void> {
    await this.ask(async () => {
      await this.rebaseOnto(await this.ports.api.draft(this.work.task.item.id))
      this.heard = this.seq
      this.tries = 0
      this.become(this.count > 0 ? 'waiting' : 'saved')
    })
  }

  private async ask(request: () => Promise<void>): Promise<void> {
    try {
      await request()
    } catch (error) {
      await this.recoverFrom(failureOf(error))
    } finally {
      this.inFlight = null
    }
  }

  private acknowledge(sent: ReadonlyMap<Id, Waiting>, seq: number, ops: readonly NumberedOp[]): void {
    const from = this.seq
    this.tries = 0
    this.failure = null
    this.ledger.arrived(sent)
    // More than one step: this was a repeat, and another tab has written since.
    if (seq === from + 1) this.seq = seq
    this.heard = Math.max(this.heard, seq)
    this.ports.channel.send({ type: 'acknowledged', item: this.work.task.item.id, client: this.ports.client, from, seq, ops })
    this.become(this.count > 0 ? 'waiting' : 'saved')
  }

  private async recoverFrom(failure: Failure): Promise<void> {
    this.failure = failure
    if (failure.kind === 'conflict') return this.rebaseAfter(failure)
    if (failure.kind === 'offline') return this.tryLater()
    this.ledger.refused()
    this.become(failure.kind === 'signed_out' ? 'signed_out' : 'refused')
  }

  private async rebaseAfter(failure: Failure): Promise<void> {
    try {
      await this.rebaseOnto(failure.draft ?? (await this.ports.api.draft(this.work.task.item.id)))
    } catch (error) {
      return failureOf(error).kind === 'signed_out' ? this.become('signed_out') : this.tryLater()
    }
    // Many conflicts in a row mean that two tabs race; a pause lets one of them through.
    if (++this.tries > RETRY_MS.length) return this.tryLater()
    this.become(this.count > 0 ? 'waiting' : 'saved')
  }

  private async rebaseOnto(draft: Draft | null): Promise<void> {
    if (draft !== null || this.seq === 0) return this.takeOver(draft?.seq ?? 0, byId(draft?.annotations ?? []))
    // The draft is gone: this person handed the item in on another tab. What is said here corrects that answer.
    const task = await this.ports.api.open(this.ports.project, this.work.task.item.id)
    this.takeOver(task.draft?.seq ?? 0, byId(task.draft?.annotations ?? task.before ?? []))
    const hasChanges = this.count > 0
    const stale = this.take(task)
    if (hasChanges) this.note(this.ledger.differences(this.ledger.known))
    this.ledger.forget(stale)
  }

  private tryLater(): void {
    this.become('offline')
    this.sendLater(RETRY_MS[Math.min(this.tries++, RETRY_MS.length - 1)] ?? 0)
  }

  /** The server moved on to `theirs`: what I have not sent is put on top of it. */
  private takeOver(seq: number, theirs: Map<Id, Annotation>): void {
    const { store } = this.work
    this.ledger.recognize(theirs)
    const { remote, copies, pending, conflicts } = rebase(this.ledger.known, this.ledger.waiting, theirs, this.ports.newId)
    const stale = this.ledger.begin(theirs)
    this.seq = seq
    this.conflicts = [...this.conflicts, ...conflicts]
    store.apply(remote.map((c) => ({ ...c, before: store.get(c.id) })), 'remote')
    // Under new numbers: the server leaves out what it has seen. Copies are edits like any other.
    const copied = new Set(copies.map((c) => c.id))
    this.note([...pending].flatMap(([id, { before, after }]) => (copied.has(id) ? [] : [{ id, before, after }])))
    store.apply(copies, 'mine')
    // What I said about mine goes on being about mine.
    const names = new Map(conflicts.flatMap(({ id, copy }) => (copy === null ? [] : [[id, copy] as const])))
    store.apply(this.work.following(names, pending.keys()), 'mine')
    this.ledger.forget(stale)
  }

  private hear(message: TabMessage): void {
    if (message.type !== 'acknowledged' || message.item !== this.work.task.item.id || message.client === this.ports.client || this.closed) return
    const { from, seq, ops } = message
    const follows = this.inFlight === null && !this.held && from === this.seq && seq === from + 1
    this.heard = Math.max(this.heard, seq)
    // Where this tab cannot follow, it asks the server; behind what is on its way, if something is.
    if (!follows) return void this.flush()
    const theirs = new Map(this.ledger.known)
    for (const op of ops) {
      if (op.op === 'put') theirs.set(op.annotation.id, op.annotation)
      if (op.op === 'drop') theirs.delete(op.id)
    }
    this.takeOver(seq, theirs)
    if (this.count === 0 && this.status !== 'saved') this.become('saved')
    this.changed()
  }

  private take(task: Task): readonly number[] {
    this.work.task = task
    this.seq = this.heard = task.draft?.seq ?? 0
    this.seeded = task.draft !== null
    return this.ledger.begin(byId(task.draft?.annotations ?? []))
  }

  private become(status: DraftStatus): void {
    this.status = status
    this.changed()
  }
}
