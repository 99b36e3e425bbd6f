// A person labeling one project: which item is open, which come next, and what is on its way to the server.
import { Asking, type SessionOptions } from './asking'
import { coversOf, openPoints, type OpenPoint } from './check'
import type { DraftSync } from './draft'
import { type Failure, failureOf } from './failure'
import { Outbox } from './outbox'
import { parcelOf, type Said } from './parcel'
import { Maker } from './maker'
import { LOOK_AGAIN_MS, RETRY_CLAIM_MS, RETRY_SIGNED_OUT_MS, UNDO_SUBMIT_MS } from './pace'
import type { Parcel } from './ports'
import { Queue, type Ready } from './queue'
import { saveKindOf, type SaveState } from './saving'
import type { Annotation, Id, Skip, Task } from './types'
import { type Submitted, Undos } from './undos'
import type { Work } from './work'

export type { SessionOptions }

/** The reason under which an item is skipped that cannot be shown. */
export const BROKEN = 'broken'

export type Start = { readonly queue: true } | { readonly item: Id }

/** `done`: an item that was chosen by hand is handed in. `empty`: the queue has nothing for this person. */
export type Phase = 'loading' | 'working' | 'empty' | 'done' | 'failed'

export type { SaveKind, SaveState } from './saving'

export class Session extends Asking {
  phase: Phase = 'loading'
  work: Work | null = null
  failure: Failure | null = null
  today: number | null = null
  submitted: Submitted | null = null
  /** This person handed the open item in on another tab. */
  takenElsewhere = false

  readonly client: Id
  readonly outbox: Outbox
  readonly undos: Undos
  private readonly start: Start
  private readonly queue: Queue
  private readonly maker: Maker
  private last: readonly Annotation[] = []
  private offlineSince: number | null = null
  private stopped = false
  private cancelUndo: (() => void) | null = null
  /** Grows when another item is to be shown: what was asked for before comes too late. */
  private turn = 0
  private readonly cancels = new Set<() => void>()

  constructor(options: SessionOptions, start: Start) {
    super(options)
    this.client = options.newId()
    this.start = start
    const changed = (): void => this.changed()
    this.outbox = new Outbox({ ...options, renumber: (parcel) => this.renumber(parcel), arrived: (parcel) => this.arrived(parcel), changed })
    this.undos = new Undos({ ...options, outbox: this.outbox, reopened: (task) => this.queue.watch(task), changed })
    this.queue = new Queue(options, this.client, 'queue' in start, () => this.heldItems(), changed)
    this.maker = new Maker(options, this.client, changed)
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
    // A tab that lives sends its own.
    const alive = edits.length + parcels.length > 0 ? await this.queue.whoLives() : new Set<Id>()
    this.maker.left(edits.filter((e) => e.project === project && !alive.has(e.client)))
    this.outbox.restore(parcels.filter((p) => !alive.has(p.client)))
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
    this.undos.end()
    const untouched = this.work !== null && !this.work.sync?.count && this.work.store.size === 0
    this.queue.end(untouched ? (this.work?.task ?? null) : null)
    this.queue.note(untouched ? null : (this.work?.task.item.id ?? null))
    await Promise.all(this.syncs.map((sync) => sync.flush().then(() => sync.close())))
  }

  get save(): SaveState {
    const count = this.syncs.reduce((sum, sync) => sum + sync.count, this.outbox.count)
    const kind = saveKindOf({ open: this.work?.sync ?? null, syncs: this.syncs, outbox: this.outbox, undos: this.undos, failure: this.failure?.kind ?? null })
    if (kind !== 'offline') this.offlineSince = null
    else this.offlineSince ??= this.options.clock.now()
    return { kind, count, since: this.offlineSince }
  }

  /** Of all work that is begun: the open one's first. */
  private get syncs(): readonly DraftSync[] {
    return [this.work, ...this.queue.begun].flatMap((work) => work?.sync ?? [])
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

  /** The item whose answer the server had last. */
  arrivedLast: Id | null = null

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
    if (this.work !== null) this.handIn(this.work, { state: 'skipped', skip, covers: {}, annotations: skip.reason === BROKEN ? this.sound(this.work) : [] })
  }

  /** Hands the open item in as whoever reviews it says, and draws the next. */
  judge(said: Said): void {
    if (this.work !== null) this.handIn(this.work, said)
  }

  /** Gives the open item back to the queue unanswered, and draws the next. */
  async giveBack(): Promise<void> {
    const { work } = this
    if (work === null) return
    work.activity.pause()
    this.work = null
    this.queue.forget(work.task.item.id)
    await work.sync?.flush()
    await work.sync?.close()
    if (work.task.assignment) await this.options.api.release(work.task.assignment.id).catch((error: unknown) => failureOf(error))
    await this.next()
  }

  /** What was drawn before a picture failed stays with the report, as far as it is whole: a mended picture is gone on with. */
  private sound(work: Work): readonly Annotation[] {
    const open = new Set(this.points().map((point) => point.annotation))
    return work.annotations().filter((a) => !open.has(a.id))
  }

  private handIn(work: Work, said: Said): void {
    // While its undo is on its way, this is the revision after the one that is taken back, sent behind it.
    const undone = this.undos.of(work)
    const parcel = parcelOf(work, said, { ...this.options, client: this.client }, undone ? 1 : 0)
    const quiet = Promise.all([work.sync?.hold(), undone]).then(() => undefined)
    work.activity.pause()
    this.lastItem = work.task.item.id
    this.offerUndo({ work, parcel })
    this.outbox.post(parcel, quiet)
    this.options.channel.send({ type: 'submitted', item: work.task.item.id, client: this.client })
    if (said.state === 'submitted' && this.today !== null) this.today += 1
    if (this.isQueue && said.state === 'submitted' && this.options.keeps?.() === true) {
      work.isHandedIn = true
      void this.queue.fill()
      return this.changed()
    }
    this.work = null
    if (this.isQueue || this.queue.count > 0) void this.next()
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
    if (this.work !== null && this.work !== submitted.work) this.putBack(this.work)
    submitted.work.isHandedIn = false
    this.show(submitted.work)
    if (submitted.parcel.body.state === 'submitted' && this.today !== null) this.today -= 1
    await this.undos.begin(submitted)
  }

  private async renumber(parcel: Parcel): Promise<Parcel | null> {
    // Answers that were changed meanwhile are to be looked at again before they are judged.
    if (parcel.body.judged) return null
    const { final, response, assignment } = await this.options.api.open(parcel.project, parcel.body.item)
    if (final || response.id !== parcel.response || response.revision <= parcel.revision) return null
    const body = { ...parcel.body, ...(assignment ? { assignment: assignment.id } : {}), ...(response.base ? { base: response.base } : {}) }
    return { ...parcel, revision: response.revision, body }
  }

  private putBack(work: Work): void {
    void work.sync?.flush()
    this.queue.putBack({ task: work.task, texts: work.texts, begun: work })
  }

  /** Opens the next item of the queue; from memory when it is there already. */
  async next(): Promise<void> {
    const { turn } = this
    if (this.work?.isHandedIn) this.work = null
    if (this.queue.count === 0) {
      if (this.phase !== 'empty') this.enter('loading')
      await this.queue.fill()
      if (turn !== this.turn) return
    }
    const ready = this.queue.take()
    if (ready === undefined) return this.waitForWork()
    this.show(ready.begun ?? this.make(ready))
    void this.queue.fill()
  }

  private waitForWork(): void {
    this.failure = this.queue.failure
    if (this.failure !== null) return this.enter(this.failure.kind === 'offline' ? 'loading' : 'failed', () => void this.next(), RETRY_CLAIM_MS)
    this.enter('empty', () => void this.next(), LOOK_AGAIN_MS)
  }

  /** Opens one item: from the table, or one handed in before, to be corrected. */
  async openItem(item: Id): Promise<void> {
    const turn = (this.turn += 1)
    if (this.work?.task.item.id === item) return this.show(this.work)
    const begun = this.queue.begun.find((work) => work.task.item.id === item)
    if (begun) return this.change(begun)
    this.enter('loading')
    try {
      const task = await this.openTask(item)
      const texts = await this.queue.textsOf(task)
      if (turn === this.turn) this.change(this.make({ task, texts }))
    } catch (error) {
      const failure = failureOf(error)
      if (turn !== this.turn) return
      if (this.work !== null) this.show(this.work)
      else this.enter('failed')
      this.failure = failure
      this.changed()
    }
  }

  private async openTask(item: Id): Promise<Task> {
    const onItsWay = this.outbox.parcels.find((p) => p.body.item === item)
    if (onItsWay && this.outbox.status !== 'offline' && this.outbox.status !== 'signed_out') await this.outbox.left(onItsWay.id)
    return this.options.api.open(this.options.project, item)
  }

  /** Shows another item; the open one comes after it. */
  private change(to: Work): void {
    this.queue.pick(to.task.item.id)
    if (this.work !== null) this.putBack(this.work)
    this.show(to)
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
    for (const sync of this.syncs) sync.wake()
    this.outbox.wake()
    this.undos.wake()
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

  get undoFailure(): Failure | null {
    return this.undos.failure
  }

  forgetUndoFailure(): void {
    this.undos.failure = null
    this.changed()
  }

  private show(work: Work): void {
    if (this.work !== null && this.work !== work) this.work.activity.pause()
    this.work = work
    this.turn += 1
    this.takenElsewhere = false
    this.failure = null
    work.activity.resume()
    this.enter('working')
  }

  private make(ready: Ready): Work {
    this.queue.watch(ready.task)
    return this.maker.make(ready)
  }

  private heldItems(): Id[] {
    const open = [this.work?.task.item.id, this.submitted?.parcel.body.item].filter((id) => id !== undefined)
    return [...new Set([...this.queue.items, ...this.outbox.parcels.map((p) => p.body.item), ...open])]
  }

  private arrived(parcel: Parcel): void {
    this.queue.forget(parcel.body.item)
    this.arrivedLast = parcel.body.item
    this.options.arrived?.(parcel.body.item)
    this.queue.prepare()
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
