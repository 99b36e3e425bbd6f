// A person labeling one project: which item is open, which come next, and what is on its way to the server.

import { Activity } from './activity'
import { coversOf, type Kinds, openPoints, type OpenPoint } from './check'
import { DraftSync } from './draft'
import { type Failure, failureOf } from './failure'
import { Outbox } from './outbox'
import { HELD_ITEMS, LOOK_AGAIN_MS, RENEW_BELOW_MS, RENEW_EVERY_MS, RETRY_CLAIM_MS, UNDO_SUBMIT_MS } from './pace'
import type { Channel, Clock, Journal, JournalEdit, LabelingApi, Media, NewId, Parcel } from './ports'
import type { Schema } from './schema'
import type { Annotation, Id, NewRevision, Skip, Task } from './types'
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

interface Ready {
  readonly task: Task
  readonly texts: Readonly<Record<string, string>>
}

export class Session {
  phase: Phase = 'loading'
  work: Work | null = null
  failure: Failure | null = null
  today: number | null = null
  submitted: Submitted | null = null
  /** The undo of a submit that the server refused. */
  undoFailure: Failure | null = null
  /** This person handed the open item in on another tab. */
  takenElsewhere = false
  version = 0

  readonly client: Id
  readonly outbox: Outbox
  private readonly start: Start
  private ready: Ready[] = []
  private edits: readonly JournalEdit[] = []
  private last: readonly Annotation[] = []
  private filling: Promise<void> | null = null
  private nothingLeft = false
  private number = 0
  private offlineSince: number | null = null
  private stopped = false
  private readonly until = new Map<Id, { readonly assignment: Id; until: number }>()
  private cancelUndo: (() => void) | null = null
  private readonly listeners = new Set<() => void>()
  private readonly cancels = new Set<() => void>()

  constructor(
    private readonly options: SessionOptions,
    start: Start,
  ) {
    this.client = options.newId()
    this.start = start
    this.outbox = new Outbox({ ...options, arrived: (parcel) => this.arrived(parcel), changed: () => this.changed() })
    this.cancels.add(
      options.channel.listen((message) => {
        if (message.type === 'submitted' && message.client !== this.client && message.item === this.work?.task.item.id) {
          this.takenElsewhere = true
          this.changed()
        }
        if (message.type === 'signed_in' && message.person === options.person) this.wake()
      }),
    )
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** Takes up what an earlier tab left and opens the first item. */
  async begin(): Promise<void> {
    const { journal, person, project } = this.options
    const [edits, parcels] = await Promise.all([journal.edits(person), journal.parcels(person)])
    const posted = new Set(parcels.map((p) => p.body.item))
    this.edits = edits.filter((e) => e.project === project && !posted.has(e.item))
    this.outbox.restore(parcels)
    void this.readProgress()
    this.renewLater()
    await ('item' in this.start ? this.openItem(this.start.item) : this.next())
  }

  /** Stops timers and sends what waits; the journal holds what cannot be sent. */
  async end(): Promise<void> {
    this.stopped = true
    for (const cancel of this.cancels) cancel()
    this.cancelUndo?.()
    const held = [...this.ready.map((r) => r.task), ...(this.work && !this.work.sync?.count && this.work.store.size === 0 ? [this.work.task] : [])]
    await this.work?.sync?.flush()
    await this.work?.sync?.close()
    for (const task of held) if (task.assignment) void this.options.api.release(task.assignment.id).catch(() => undefined)
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
    return this.ready.length
  }

  get isQueue(): boolean {
    return 'queue' in this.start
  }

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

  private handIn(work: Work, said: Pick<NewRevision, 'state' | 'skip' | 'covers' | 'annotations'>): void {
    const parcel = this.parcel(work, said)
    const quiet = work.sync?.hold() ?? Promise.resolve()
    work.activity.pause()
    this.offerUndo({ work, parcel })
    this.outbox.post(parcel, quiet)
    this.options.channel.send({ type: 'submitted', item: work.task.item.id, client: this.client })
    if (said.state === 'submitted' && this.today !== null) this.today += 1
    this.work = null
    if (this.isQueue) void this.next()
    else this.enter('done')
  }

  private parcel(work: Work, said: Pick<NewRevision, 'state' | 'skip' | 'covers' | 'annotations'>): Parcel {
    const { task } = work
    const { clock, person, project, schemaVersion } = this.options
    const base = task.response.base ?? (task.response.revision > 1 ? { response: task.response.id, revision: task.response.revision - 1 } : null)
    const body: NewRevision = {
      item: task.item.id,
      item_revision: task.item.revision,
      ...(task.assignment ? { assignment: task.assignment.id } : {}),
      schema: schemaVersion,
      ...said,
      ...(base ? { base } : {}),
      active_ms: Math.round(work.activity.ms),
      client_at: new Date(clock.now()).toISOString(),
    }
    const { id: response, revision } = task.response
    return { id: `${response}/${revision}`, person, project, response, revision, title: work.title, body, at: clock.now() }
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
    await this.outbox.flush()
    try {
      await this.options.api.undoSubmit(submitted.parcel.response, submitted.parcel.revision)
      await this.reopen(submitted.work)
    } catch (error) {
      this.undoFailure = failureOf(error)
      this.changed()
    }
  }

  /** The server has a draft again: go on from it, under the revision that it expects next. */
  private async reopen(work: Work): Promise<void> {
    const task = await this.options.api.open(this.options.project, work.task.item.id)
    const again = this.makeWork({ task: { ...task, draft: task.draft ?? null, before: null }, texts: work.texts }, work)
    if (this.work === work) this.show(again)
  }

  private putBack(work: Work): void {
    void work.sync?.flush()
    this.ready.unshift({ task: { ...work.task, draft: null, before: work.annotations() }, texts: work.texts })
    this.shelved.set(work.task.item.id, work)
  }

  /** Work that was begun and put back behind an undone submit: it is shown again as it was. */
  private readonly shelved = new Map<Id, Work>()

  /** Opens the next item of the queue; from memory when it is there already. */
  async next(): Promise<void> {
    if (this.ready.length === 0) {
      if (this.phase !== 'empty') this.enter('loading')
      await this.fill()
    }
    const ready = this.ready.shift()
    if (ready === undefined) return this.waitForWork()
    const shelved = this.shelved.get(ready.task.item.id)
    this.shelved.delete(ready.task.item.id)
    this.show(shelved ?? this.makeWork(ready))
    void this.fill()
  }

  private waitForWork(): void {
    if (this.failure !== null) return this.enter(this.failure.kind === 'offline' ? 'loading' : 'failed', () => void this.next(), RETRY_CLAIM_MS)
    this.enter('empty', () => void this.next(), LOOK_AGAIN_MS)
  }

  /** Opens one item: from the table, or one handed in before, to be corrected. */
  async openItem(item: Id): Promise<void> {
    const putAside = this.work
    this.enter('loading')
    try {
      const task = await this.options.api.open(this.options.project, item)
      const texts = await this.textsOf(task)
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
    const kept = new Set(returned.parcel.body.annotations.map((a) => a.id))
    const gone = work.store.list().filter((a) => !kept.has(a.id)).map((a) => work.store.drop(a.id))
    work.store.apply([...gone, ...returned.parcel.body.annotations.map((a) => work.store.put(a))], 'mine')
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
    if (task.assignment) this.until.set(task.item.id, { assignment: task.assignment.id, until: Date.parse(task.assignment.until) })
    if (left.length > 0) this.takeUp(work, left)
    if (from !== null) this.carryOver(from, work)
    return work
  }

  /** Edits that a closed tab could not send are made again here, and leave the journal under their old numbers. */
  private takeUp(work: Work, left: readonly JournalEdit[]): void {
    this.edits = this.edits.filter((e) => !left.includes(e))
    work.sync?.recover(left)
    for (const [client, edits] of Map.groupBy(left, (e) => e.client)) void this.options.journal.forget(client, edits.map((e) => e.n))
  }

  private carryOver(from: Work, to: Work): void {
    const kept = from.store.list()
    const ids = new Set(kept.map((a) => a.id))
    to.store.apply([...to.store.list().filter((a) => !ids.has(a.id)).map((a) => to.store.drop(a.id)), ...kept.map((a) => to.store.put(a))], 'mine')
  }

  private async fill(): Promise<void> {
    this.filling ??= this.claim().finally(() => {
      this.filling = null
    })
    await this.filling
  }

  private async claim(): Promise<void> {
    if (!this.isQueue || this.stopped) return
    const wanted = HELD_ITEMS - this.ready.length - (this.work === null ? 0 : 1)
    if (wanted <= 0) return
    const { api, project, media } = this.options
    try {
      const tasks = await api.claim(project, wanted, this.heldItems())
      this.failure = null
      this.nothingLeft = tasks.length === 0
      for (const task of tasks) media.prepare(task)
      this.ready.push(...(await Promise.all(tasks.map(async (task) => ({ task, texts: await this.textsOf(task) })))))
      for (const task of tasks) if (task.assignment) this.until.set(task.item.id, { assignment: task.assignment.id, until: Date.parse(task.assignment.until) })
    } catch (error) {
      this.failure = failureOf(error)
    }
    this.changed()
  }

  private heldItems(): Id[] {
    const items = [...this.ready.map((r) => r.task.item.id), ...this.outbox.parcels.map((p) => p.body.item)]
    if (this.work !== null) items.push(this.work.task.item.id)
    if (this.submitted !== null) items.push(this.submitted.parcel.body.item)
    return [...new Set(items)]
  }

  /** Whether the server said that nothing else waits for this person. */
  get isLast(): boolean {
    return this.nothingLeft && this.ready.length === 0
  }

  private async textsOf(task: Task): Promise<Record<string, string>> {
    const texts = Object.entries(task.item.streams).filter(([, stream]) => stream.kind === 'text')
    const read = texts.map(async ([name, stream]) => [name, stream.text ?? (stream.url ? await this.options.api.text(stream.url) : '')] as const)
    return Object.fromEntries(await Promise.all(read))
  }

  private arrived(parcel: Parcel): void {
    this.until.delete(parcel.body.item)
    void this.fill()
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

  private renewLater(): void {
    this.later(RENEW_EVERY_MS, () => {
      void this.renew()
      this.renewLater()
    })
  }

  private async renew(): Promise<void> {
    const held = new Set(this.heldItems())
    for (const [item, claim] of this.until) {
      if (!held.has(item) || claim.until - this.options.clock.now() > RENEW_BELOW_MS) continue
      try {
        claim.until = Date.parse((await this.options.api.renew(claim.assignment)).until)
      } catch (error) {
        if (failureOf(error).kind === 'missing') this.lost(item)
      }
    }
  }

  /** A claim ran out. An item not begun is given up; the open one can still be handed in, and is stored. */
  private lost(item: Id): void {
    this.until.delete(item)
    this.ready = this.ready.filter((r) => r.task.item.id !== item || this.shelved.has(item))
    void this.fill()
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

  private changed(): void {
    this.version += 1
    for (const listener of this.listeners) listener()
  }
}
