// A person labeling one project: which item is open, which come next, and what is on its way to the server.

import { Activity } from './activity'
import { coversOf, type Kinds, openPoints, type OpenPoint } from './check'
import { DraftSync } from './draft'
import { type Failure, failureOf } from './failure'
import { Outbox } from './outbox'
import { parcelOf, type Said } from './parcel'
import { LOOK_AGAIN_MS, RETRY_CLAIM_MS, RETRY_SIGNED_OUT_MS, UNDO_SUBMIT_MS } from './pace'
import type { Channel, Clock, Journal, JournalEdit, LabelingApi, Media, NewId, Parcel } from './ports'
import { Queue, type Ready } from './queue'
import type { Schema } from './schema'
import { Signal } from './signal'
import type { Annotation, Id, Skip } from './types'
import { Work } from './work'

export interface SessionOptions {
  readonly api: LabelingApi
  readonly journal: Journal
  readonly channel: Channel
  readonly clock: Clock
  readonly newId: NewId
  readonly media: Media
  readonly kinds: Kinds
  readonly person: Id
  readonly project: Id
  readonly schema: Schema
  readonly schemaVersion: number
}

export type Start = { readonly queue: true } | { readonly item: Id }

/** `done`: an item that was chosen by hand is handed in. `empty`: the queue has nothing for this person. */
export type Phase = 'loading' | 'working' | 'empty' | 'done' | 'failed'

export type SaveKind = 'saved' | 'saving' | 'offline' | 'signed_out' | 'two_versions' | 'refused'

export interface SaveState {
  readonly kind: SaveKind
  /** Changes kept on this device and not yet on the server. */
  readonly count: number
  readonly since: number | null
}

/** What was just handed in and can be taken back for five seconds. */
export interface Submitted {
  readonly work: Work
  readonly parcel: Parcel
}

export class Session extends Signal {
  phase: Phase = 'loading'
  work: Work | null = null
  failure: Failure | null = null
  today: number | null = null
  submitted: Submitted | null = null
  /** The undo of a submit that the server refused. */
  undoFailure: Failure | null = null
  /** This person handed the open item in on another tab. */
  takenElsewhere = false

  readonly client: Id
  readonly outbox: Outbox
  private readonly start: Start
  private readonly queue: Queue
  private edits: readonly JournalEdit[] = []
  private last: readonly Annotation[] = []
  private number = 0
  private offlineSince: number | null = null
  private stopped = false
  private cancelUndo: (() => void) | null = null
  /** The submit that is being taken back on the server just now. */
  private undoing: { readonly work: Work; readonly told: Promise<void> } | null = null
  private readonly cancels = new Set<() => void>()

  constructor(
    private readonly options: SessionOptions,
    start: Start,
  ) {
    super()
    this.client = options.newId()
    this.start = start
    this.outbox = new Outbox({ ...options, arrived: (parcel) => this.arrived(parcel), changed: () => this.changed() })
    this.queue = new Queue(options, this.client, 'queue' in start, () => this.heldItems(), () => this.changed())
    this.cancels.add(
      options.channel.listen((message) => {
        if (message.type === 'submitted' && message.client !== this.client && message.item === this.work?.task.item.id) {
          this.takenElsewhere = true
          this.changed()
        }
        if (message.type === 'who') options.channel.send({ type: 'here', client: this.client })
        if (message.type === 'signed_in' && message.person === options.person) this.wake()
      }),
    )
  }

  /** Takes up what an earlier tab left and opens the first item. */
  async begin(): Promise<void> {
    const { journal, person, project } = this.options
    const [edits, parcels] = await Promise.all([journal.edits(person), journal.parcels(person)])
    const posted = new Set(parcels.map((p) => p.body.item))
    this.edits = edits.filter((e) => e.project === project && !posted.has(e.item))
    this.outbox.restore(parcels)
    void this.readProgress()
    this.queue.begin()
    this.tryAgainWhenSignedOut()
    if ('item' in this.start) return this.openItem(this.start.item)
    await this.queue.takeOver()
    await this.next()
  }

  /** Stops timers and sends what waits; the journal holds what cannot be sent. */
  async end(): Promise<void> {
    this.stopped = true
    for (const cancel of this.cancels) cancel()
    this.cancelUndo?.()
    const untouched = this.work !== null && !this.work.sync?.count && this.work.store.size === 0
    this.queue.end(untouched ? (this.work?.task ?? null) : null)
    this.queue.note(untouched ? null : (this.work?.task.item.id ?? null))
    await this.work?.sync?.flush()
    await this.work?.sync?.close()
  }

  get save(): SaveState {
    const sync = this.work?.sync ?? null
    const count = (sync?.count ?? 0) + this.outbox.count
    const kind = this.saveKind(sync)
    if (kind !== 'offline') this.offlineSince = null
    else this.offlineSince ??= this.options.clock.now()
    return { kind, count, since: this.offlineSince }
  }

  private saveKind(sync: DraftSync | null): SaveKind {
    if (sync?.status === 'signed_out' || this.outbox.status === 'signed_out' || this.failure?.kind === 'signed_out') return 'signed_out'
    if (sync && sync.conflicts.length > 0) return 'two_versions'
    if (sync?.status === 'offline' || this.outbox.status === 'offline' || this.failure?.kind === 'offline') return 'offline'
    if (sync?.status === 'refused') return 'refused'
    return sync?.status === 'sending' || this.outbox.status === 'sending' ? 'saving' : 'saved'
  }

  /** How many items are here already, besides the open one. */
  get readyCount(): number {
    return this.queue.count
  }

  get isQueue(): boolean {
    return 'queue' in this.start
  }

  /** The item that was handed in last. */
  lastItem: Id | null = null

  /** What was handed in last, to be repeated on the open item. */
  get lastAnnotations(): readonly Annotation[] {
    return this.last
  }

  points(): readonly OpenPoint[] {
    return this.work === null ? [] : openPoints(this.work, this.options.kinds)
  }

  /** Hands the open item in and draws the next at once. Returns what is missing, or nothing when it went. */
  submit(): readonly OpenPoint[] {
    const points = this.points()
    if (points.length > 0 || this.work === null) return points
    this.last = this.work.annotations()
    this.handIn(this.work, { state: 'submitted', covers: coversOf(this.work, this.options.kinds), annotations: this.last })
    return []
  }

  skip(skip: Skip): void {
    if (this.work !== null) this.handIn(this.work, { state: 'skipped', skip, covers: {}, annotations: [] })
  }

  private handIn(work: Work, said: Said): void {
    // While its undo is on its way, this is the revision after the one that is taken back, sent behind it.
    const undone = this.undoing?.work === work ? this.undoing.told : null
    const parcel = parcelOf(work, said, this.options, undone ? 1 : 0)
    const quiet = Promise.all([work.sync?.hold(), undone]).then(() => undefined)
    work.activity.pause()
    this.lastItem = work.task.item.id
    this.offerUndo({ work, parcel })
    this.outbox.post(parcel, quiet)
    this.options.channel.send({ type: 'submitted', item: work.task.item.id, client: this.client })
    if (said.state === 'submitted' && this.today !== null) this.today += 1
    this.work = null
    if (this.isQueue) void this.next()
    else this.enter('done')
  }

  private offerUndo(submitted: Submitted): void {
    this.finishUndo()
    this.submitted = submitted
    this.cancelUndo = this.options.clock.after(UNDO_SUBMIT_MS, () => this.finishUndo())
  }

  private finishUndo(): void {
    this.cancelUndo?.()
    this.cancelUndo = null
    const gone = this.submitted
    this.submitted = null
    if (gone === null) return
    void gone.work.sync?.close()
    this.changed()
  }

  /** Takes the last submit back: the item is open again at once, the server is told behind it. */
  async undoSubmit(): Promise<void> {
    const { submitted } = this
    if (submitted === null) return
    this.cancelUndo?.()
    this.submitted = null
    if (this.work !== null) this.putBack(this.work)
    this.show(submitted.work)
    if (submitted.parcel.body.state === 'submitted' && this.today !== null) this.today -= 1
    if (this.outbox.takeBack(submitted.parcel.id)) return submitted.work.sync?.release(submitted.work.task.draft)
    const undoing = (this.undoing = { work: submitted.work, told: this.tellUndo(submitted) })
    await undoing.told
    if (this.undoing === undoing) this.undoing = null
  }

  private async tellUndo({ work, parcel }: Submitted): Promise<void> {
    await this.outbox.left(parcel.id)
    try {
      await this.options.api.undoSubmit(parcel.response, parcel.revision)
      await this.reopen(work)
    } catch (error) {
      this.undoFailure = failureOf(error)
      this.changed()
    }
  }

  /** The server has a draft again: go on from it, under the revision that it expects next. */
  private async reopen(work: Work): Promise<void> {
    const task = await this.options.api.open(this.options.project, work.task.item.id)
    // Handed in again meanwhile: the new submit waits for this and needs no draft.
    if (this.work === work) this.show(this.makeWork({ task, texts: work.texts }, work))
  }

  private putBack(work: Work): void {
    void work.sync?.flush()
    this.queue.putBack({ task: work.task, texts: work.texts, begun: work })
  }

  /** Opens the next item of the queue; from memory when it is there already. */
  async next(): Promise<void> {
    if (this.queue.count === 0) {
      if (this.phase !== 'empty') this.enter('loading')
      await this.queue.fill()
    }
    const ready = this.queue.take()
    if (ready === undefined) return this.waitForWork()
    this.show(ready.begun ?? this.makeWork(ready))
    void this.queue.fill()
  }

  private waitForWork(): void {
    this.failure = this.queue.failure
    if (this.failure !== null) return this.enter(this.failure.kind === 'offline' ? 'loading' : 'failed', () => void this.next(), RETRY_CLAIM_MS)
    this.enter('empty', () => void this.next(), LOOK_AGAIN_MS)
  }

  /** Opens one item: from the table, or one handed in before, to be corrected. */
  async openItem(item: Id): Promise<void> {
    const putAside = this.work
    this.enter('loading')
    try {
      const task = await this.options.api.open(this.options.project, item)
      const texts = await this.queue.textsOf(task)
      if (putAside !== null) this.putBack(putAside)
      this.show(this.makeWork({ task, texts }))
    } catch (error) {
      this.failure = failureOf(error)
      if (putAside !== null) return this.show(putAside)
      this.enter('failed')
    }
  }

  /** The item of a refused submit, with the answers it had. */
  async openReturned(id: string): Promise<void> {
    const returned = this.outbox.returned.find((r) => r.parcel.id === id)
    if (returned === undefined) return
    await this.openItem(returned.parcel.body.item)
    const { work } = this
    if (work === null || work.task.item.id !== returned.parcel.body.item) return
    work.become(returned.parcel.body.annotations)
    work.history.mark()
    this.outbox.dismiss(id)
  }

  /** Goes on after a connection or a session came back. */
  wake(): void {
    this.failure = null
    this.work?.sync?.wake()
    this.outbox.wake()
    if (this.work === null && this.phase !== 'done') void ('item' in this.start ? this.openItem(this.start.item) : this.next())
    this.changed()
  }

  async signIn(email: string, password: string, code?: string): Promise<'ok' | 'someone_else'> {
    const { id } = await this.options.api.signIn(email, password, code)
    // Another person's session must not send this person's work; it stays here until they sign in.
    if (id !== this.options.person) return 'someone_else'
    this.options.channel.send({ type: 'signed_in', person: id })
    this.wake()
    return 'ok'
  }

  forgetUndoFailure(): void {
    this.undoFailure = null
    this.changed()
  }

  /** What this person handed in last, newest first. */
  recent(cursor: string | null = null): ReturnType<LabelingApi['mine']> {
    return this.options.api.mine(this.options.project, cursor)
  }

  private show(work: Work): void {
    if (this.work !== null && this.work !== work) this.work.activity.pause()
    this.work = work
    this.takenElsewhere = false
    this.failure = null
    work.activity.resume()
    this.enter('working')
  }

  private makeWork({ task, texts }: Ready, from: Work | null = null): Work {
    const { clock, newId, schema, api, journal, channel, person, project } = this.options
    const left = this.edits.filter((e) => e.item === task.item.id)
    const activity = new Activity(clock, Math.max(from?.activity.ms ?? 0, ...left.map((e) => e.active_ms)))
    const work = new Work(task, schema, texts, activity, newId)
    work.sync = new DraftSync(
      { api, journal, channel, clock, newId, person, project, client: this.client, nextNumber: () => (this.number += 1), activeMs: () => Math.round(activity.ms) },
      task,
      work.store,
      () => this.changed(),
    )
    this.queue.watch(task)
    if (left.length > 0) this.takeUp(work, left)
    if (from !== null) work.become(from.store.list())
    return work
  }

  /** Edits that a closed tab could not send are made again here, and leave the journal under their old numbers. */
  private takeUp(work: Work, left: readonly JournalEdit[]): void {
    this.edits = this.edits.filter((e) => !left.includes(e))
    work.sync?.recover(left)
    for (const [client, edits] of Map.groupBy(left, (e) => e.client)) void this.options.journal.forget(client, edits.map((e) => e.n))
  }

  private heldItems(): Id[] {
    const open = [this.work?.task.item.id, this.submitted?.parcel.body.item].filter((id) => id !== undefined)
    return [...new Set([...this.queue.items, ...this.outbox.parcels.map((p) => p.body.item), ...open])]
  }

  private arrived(parcel: Parcel): void {
    this.queue.forget(parcel.body.item)
    void this.queue.fill()
    void this.readProgress()
  }

  private async readProgress(): Promise<void> {
    try {
      const { today } = await this.options.api.progress(this.options.project)
      this.today = today + this.outbox.parcels.filter((p) => p.body.state === 'submitted' && p.project === this.options.project).length
      this.changed()
    } catch (error) {
      failureOf(error) // The count is a kindness; without an answer it stays as it is.
    }
  }

  /** Someone may sign in elsewhere, or on another tab; a small request tells. */
  private tryAgainWhenSignedOut(): void {
    this.later(RETRY_SIGNED_OUT_MS, () => {
      if (this.save.kind === 'signed_out') this.wake()
      this.tryAgainWhenSignedOut()
    })
  }

  private enter(phase: Phase, again?: () => void, ms = 0): void {
    this.phase = phase
    if (again) this.later(ms, () => this.work === null && this.phase === phase && again())
    this.changed()
  }

  private later(ms: number, run: () => void): void {
    if (this.stopped) return
    const cancel = this.options.clock.after(ms, () => {
      this.cancels.delete(cancel)
      run()
    })
    this.cancels.add(cancel)
  }

  override changed(): void {
    if (!this.stopped) this.queue.note(this.work?.task.item.id ?? null)
    super.changed()
  }
}
