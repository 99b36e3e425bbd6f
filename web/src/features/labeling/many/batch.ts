// Many items being labeled at once: their cards, what is chosen, the answers of each, and every step that can be taken back.

import { Activity } from '../../../engine/activity'
import type { Kinds } from '../../../engine/check'
import { whoLives } from '../../../engine/living'
import { RENEW_BELOW_MS, RENEW_EVERY_MS } from '../../../engine/pace'
import type { Channel, Clock, Journal, NewId } from '../../../engine/ports'
import { same } from '../../../engine/same'
import type { Field, Schema } from '../../../engine/schema'
import { Signal } from '../../../engine/signal'
import type { Id, Json, Task } from '../../../engine/types'
import { Work } from '../../../engine/work'
import type { Handed, ManyApi } from './api'
import { type Card, holds, isOn, type Row, titleOf } from './cards'
import { type Chosen, extended, meant, moved, NONE, toggled, whole } from './choosing'
import { parcelFor, readyOf } from './handing'
import { Keeping } from './keeping'
import { m } from './messages'
import { Post, type Refusal } from './post'

/** Items of a person's queue on one page. */
export const PAGE = 60
/** Cards that are handed in are kept so long, to be taken back. */
const KEPT = 2_000

interface Answered {
  readonly card: Card
  readonly field: Field
  readonly before: Json | undefined
  readonly after: Json | undefined
}
/** A card as it was handed in. */
interface Sent extends Handed {
  readonly card: Card
  readonly work: Work
}
type Step = { readonly answers: readonly Answered[] } | { readonly sent: readonly Sent[] }

export interface BatchPorts {
  readonly api: ManyApi
  readonly journal: Journal
  readonly channel: Channel
  readonly clock: Clock
  readonly newId: NewId
  readonly kinds: Kinds
  readonly person: Id
  readonly project: Id
  readonly schema: Schema
  readonly schemaVersion: number
}

export class Batch extends Signal {
  phase: 'loading' | 'working' | 'failed' = 'loading'
  failure: string | null = null
  chosen: Chosen = NONE
  /** Words that a card must hold to be shown. */
  words = ''
  /** What came of the last hand-in. */
  outcome: { readonly handed: number; readonly refused: readonly Refusal[] } | null = null
  readonly client: Id
  readonly post: Post
  readonly activity: Activity
  private readonly keeping: Keeping
  private cards: Card[] = []
  private readonly done: Step[] = []
  private undone: Step[] = []
  private latest: Card | null = null
  private counted = 0
  private ended = false
  private elsewhere: readonly Id[] = []
  private readonly cancels = new Set<() => void>()

  /** `queue`: a page is claimed as it empties. `chosen`: rows are shown as they are found, and opened when they are answered. */
  constructor(
    readonly ports: BatchPorts,
    readonly source: 'queue' | 'chosen',
  ) {
    super()
    this.client = ports.newId()
    this.activity = new Activity(ports.clock)
    this.keeping = new Keeping(ports, this.client)
    this.post = new Post(ports, () => this.changed())
    this.cancels.add(ports.channel.listen((message) => message.type === 'who' && ports.channel.send({ type: 'here', client: this.client })))
  }

  /** Takes up what an earlier tab left, and claims the first page. */
  async begin(): Promise<void> {
    const { journal, person, project, channel, clock } = this.ports
    const [edits, parcels, holdings] = await Promise.all([journal.edits(person), journal.parcels(person), journal.holdings(person, project)])
    const alive = edits.length + parcels.length + holdings.length > 0 ? await whoLives(channel, clock) : new Set<Id>()
    this.keeping.restore(edits, alive)
    this.elsewhere = holdings.filter((h) => alive.has(h.client)).flatMap((h) => h.items)
    await this.post.restore(parcels.filter((p) => p.project === project && !alive.has(p.client)))
    if (this.source === 'queue') await this.fill()
    else this.enter('working')
    this.renewLater()
  }

  /** Gives back what was not begun. What was begun stays this person's. */
  end(): void {
    this.ended = true
    for (const cancel of this.cancels) cancel()
    this.post.end()
    if (this.source === 'chosen') return
    for (const card of this.cards) {
      const held = card.state === 'open' && !card.touched ? card.work?.task.assignment : null
      if (held) void this.ports.api.release(held.id).catch(() => undefined)
    }
  }

  /** Claims until the page is full. */
  async fill(): Promise<void> {
    const { api, project } = this.ports
    try {
      const tasks = await api.page(project, PAGE, [...this.post.items, ...this.elsewhere].slice(0, 100))
      if (this.ended) return
      for (const task of tasks) this.take(task)
      this.failure = null
      this.enter('working')
    } catch (error) {
      this.failed(error)
    }
  }

  /** The rows that were found, where items are chosen. */
  show(rows: readonly Row[]): void {
    const known = new Map(this.cards.map((card) => [card.row.id, card]))
    this.cards = rows.map((row) => known.get(row.id) ?? { row, work: null, state: 'open', touched: false, problem: null })
    this.changed()
  }

  private seen: { readonly version: number; readonly cards: readonly Card[] } | null = null

  /** The cards of the page in their order. */
  get shown(): readonly Card[] {
    if (this.seen?.version !== this.version) {
      const there = this.source === 'queue' ? this.cards.filter((card) => card.state === 'open') : this.cards
      this.seen = { version: this.version, cards: this.words === '' || this.source === 'chosen' ? there : there.filter((card) => holds(card.row, this.words)) }
    }
    return this.seen.cards
  }

  get order(): readonly Id[] {
    return this.shown.map((card) => card.row.id)
  }

  /** What an answer would go to now. */
  get targets(): readonly Card[] {
    const ids = new Set(meant(this.chosen, this.order))
    return this.shown.filter((card) => ids.has(card.row.id))
  }

  /** Cards with an answer that is not handed in. */
  get answered(): readonly Card[] {
    return this.cards.filter((card) => card.state === 'open' && card.touched)
  }

  get canUndo(): boolean {
    return this.done.length > 0
  }

  find(words: string): void {
    this.words = words.trim().toLowerCase()
    this.chosen = NONE
    this.changed()
  }

  toggle(id: Id): void {
    this.choose(toggled(this.chosen, id))
  }

  extend(id: Id): void {
    this.choose(extended(this.chosen, id, this.order))
  }

  move(id: Id): void {
    this.choose(moved(this.chosen, id))
  }

  all(): void {
    this.choose(whole(this.chosen, this.order))
  }

  none(): void {
    this.choose({ ...this.chosen, ids: new Set(), spent: false })
  }

  /** Gives an option to everything chosen; takes it back where all have it. */
  async press(field: Field, option: string | null): Promise<void> {
    const kind = this.ports.kinds.get(field.kind)
    if (kind?.surface !== 'form') return
    const cards = await this.opened(this.targets)
    const has = (card: Card): boolean => option !== null && isOn(card.work?.answer(field), option)
    const every = cards.every(has)
    const first = cards[0]?.work
    // A key that steps through values takes all of them to the same one.
    const stepped = option === null && first ? kind.press(field, first.answer(field), null, first.partsOf(field)) : undefined
    if (option === null && stepped === undefined) return
    this.say(cards.filter((card) => every || !has(card)).map((card) => ({ card, field, before: card.work?.answer(field), after: option === null ? stepped : kind.press(field, card.work?.answer(field), option, card.work?.partsOf(field)) })))
  }

  /** Gives a value to everything chosen. */
  async fillIn(field: Field, value: Json | undefined): Promise<void> {
    const cards = await this.opened(this.targets)
    this.say(cards.map((card) => ({ card, field, before: card.work?.answer(field), after: value })))
  }

  /** Repeats on everything chosen what was said last. */
  async repeat(): Promise<void> {
    const said = this.latest?.work
    if (!said) return
    const fields = said.schema.fields.filter((f) => this.ports.kinds.get(f.kind)?.surface === 'form' && said.answer(f) !== undefined)
    const cards = await this.opened(this.targets)
    this.say(cards.flatMap((card) => fields.map((field) => ({ card, field, before: card.work?.answer(field), after: said.answer(field) }))))
  }

  get canRepeat(): boolean {
    return this.latest !== null
  }

  /** The answer that everything meant has; undefined where it differs. */
  answerOf(field: Field): Json | undefined {
    const [first, ...others] = this.targets.map((card) => card.work?.answer(field))
    return others.every((value) => same(value ?? null, first ?? null)) ? first : undefined
  }

  /** Hands in every card that has its answers, in one step; the others say what they lack. */
  async handIn(): Promise<void> {
    const { kinds, journal } = this.ports
    const { ready, lacking } = readyOf(this.answered, kinds)
    this.outcome = lacking.length === 0 ? null : { handed: 0, refused: lacking }
    if (ready.length === 0) return this.changed()
    // The time on the page is shared by what came of it.
    const each = Math.round((this.activity.ms - this.counted) / ready.length)
    this.counted = this.activity.ms
    const going = ready.map(({ card, work }) => ({ card, work, parcel: parcelFor(work, each, { ...this.ports, client: this.client }) }))
    for (const { card } of ready) card.state = 'sending'
    this.chosen = { ...this.chosen, ids: new Set(), spent: false }
    this.changed()
    await Promise.all(going.map(({ parcel }) => journal.post(parcel)))
    const refused = await this.post.send(going.map(({ parcel }) => parcel))
    if (this.ended) return
    await Promise.all(going.map(({ card, work, parcel }) => this.settle(card, work, refused.get(parcel.id) ?? null)))
    const sent = going.filter(({ card }) => card.state === 'handed').map(({ card, work, parcel: { response, revision } }) => ({ card, work, response, revision }))
    if (sent.length > 0) this.done.push({ sent })
    this.outcome = { handed: sent.length, refused: [...refused.values(), ...lacking] }
    this.changed()
    if (this.source === 'queue') await this.fill()
  }

  private async settle(card: Card, work: Work, refusal: Refusal | null): Promise<void> {
    card.problem = refusal?.why ?? null
    card.state = refusal === null ? 'handed' : 'open'
    card.touched = refusal !== null
    if (refusal === null) return
    this.keeping.keep(work.store.list().map((a) => ({ work, field: a.id })))
    if (refusal.status !== 409) return
    // This person was faster on another tab: what is said here is the next revision.
    const [task] = await this.ports.api.open(this.ports.project, [card.row.id]).catch(() => [])
    if (task) work.task = task
  }

  /** Takes the last step back: answers here at once, a hand-in on the server. */
  async undo(): Promise<void> {
    await this.post.idle()
    const step = this.done.pop()
    if (step === undefined) return
    if ('sent' in step) return this.takeBack(step.sent)
    this.undone.push(step)
    this.write(step.answers.map(({ after, before, ...rest }) => ({ ...rest, before: after, after: before })))
  }

  redo(): void {
    const step = this.undone.pop()
    if (step === undefined || 'sent' in step) return
    this.done.push(step)
    this.write(step.answers)
  }

  get canRedo(): boolean {
    return this.undone.length > 0
  }

  private async takeBack(sent: readonly Sent[]): Promise<void> {
    const { api, project } = this.ports
    try {
      const { undone, refused } = await api.undo(project, sent.map(({ response, revision }) => ({ response, revision })))
      const back = new Map(undone.map((one) => [one.response, one]))
      for (const { card, work, response } of sent) {
        const found = back.get(response)
        if (!found) continue
        work.task = { ...work.task, assignment: found.assignment, response: { ...work.task.response, revision: found.next_revision } }
        Object.assign(card, { work, state: 'open', touched: true })
      }
      const titles = new Map(sent.map(({ response, card }) => [response, titleOf(card.row)]))
      this.outcome = { handed: -undone.length, refused: refused.map((one) => ({ item: '', title: titles.get(one.response) ?? one.response, why: one.title })) }
      const ids = sent.filter(({ response }) => back.has(response)).map(({ card }) => card.row.id)
      this.chosen = { at: ids[0] ?? this.chosen.at, from: null, ids: new Set(ids), spent: true }
    } catch (error) {
      this.done.push({ sent })
      this.failed(error)
    }
    this.changed()
  }

  private async opened(cards: readonly Card[]): Promise<readonly Card[]> {
    const closed = cards.filter((card) => card.state === 'handed' || card.work === null).slice(0, 100)
    if (closed.length > 0) {
      try {
        const tasks = new Map((await this.ports.api.open(this.ports.project, closed.map((card) => card.row.id))).map((task) => [task.item.id, task]))
        for (const card of closed) {
          const task = tasks.get(card.row.id)
          if (task) Object.assign(card, { work: this.work(task), state: 'open' })
          else card.problem = m.notOpen
        }
      } catch (error) {
        this.failed(error)
        return []
      }
    }
    return cards.filter((card) => card.state === 'open' && card.work !== null && !card.work.isFinal)
  }

  private say(answers: readonly Answered[]): void {
    const changes = answers.filter(({ before, after }) => !same(before ?? null, after ?? null))
    if (changes.length === 0) return
    const one = this.chosen.ids.size === 0 ? this.order[this.order.indexOf(this.chosen.at ?? '') + 1] : undefined
    this.done.push({ answers: changes })
    this.undone = []
    this.write(changes)
    this.latest = changes.at(-1)?.card ?? null
    this.outcome = null
    // Without a choice, one answer leads to the next card.
    this.chosen = one === undefined ? { ...this.chosen, spent: this.chosen.ids.size > 0 } : moved(this.chosen, one)
    this.changed()
  }

  private write(changes: readonly Answered[]): void {
    this.activity.touch()
    for (const { card, field, after } of changes) {
      card.work?.setAnswer(field, after)
      card.touched = card.work !== null && !same([...card.work.store.list()], [...(card.work.task.before ?? [])])
      card.problem = null
    }
    this.keeping.keep(changes.flatMap(({ card: { work }, field }) => (work === null ? [] : [{ work, field: field.key }])))
    this.changed()
  }

  private take(task: Task): void {
    const known = this.cards.find((card) => card.row.id === task.item.id)
    if (known?.state === 'open') {
      if (known.work && task.assignment) known.work.task = { ...known.work.task, assignment: task.assignment }
      return
    }
    if (known) return
    const work = this.work(task)
    const touched = this.keeping.takeUp(work) || (task.draft?.annotations.length ?? 0) > 0
    const card: Card = { row: task.item, work, state: 'open', touched, problem: null }
    this.cards = [...(this.cards.length > KEPT ? this.cards.filter((c) => c.state !== 'handed') : this.cards), card]
  }

  private work(task: Task): Work {
    const { schema, newId, kinds } = this.ports
    return new Work(task, schema, {}, new Activity({ now: () => 0, after: () => () => undefined }), newId, kinds)
  }

  private renewLater(): void {
    const { clock } = this.ports
    const cancel = clock.after(RENEW_EVERY_MS, () => {
      this.cancels.delete(cancel)
      const until = this.cards.flatMap((card) => (card.state === 'open' && card.work?.task.assignment ? [Date.parse(card.work.task.assignment.until)] : []))
      if (this.source === 'queue' && until.length > 0 && Math.min(...until) - clock.now() < RENEW_BELOW_MS) void this.fill()
      if (!this.ended) this.renewLater()
    })
    this.cancels.add(cancel)
  }

  private choose(chosen: Chosen): void {
    this.chosen = chosen
    this.activity.touch()
    this.changed()
  }

  private enter(phase: Batch['phase']): void {
    this.phase = phase
    if (this.chosen.at === null) this.chosen = { ...this.chosen, at: this.shown[0]?.row.id ?? null }
    this.changed()
  }

  private failed(error: unknown): void {
    this.failure = error instanceof Error ? error.message : String(error)
    if (this.cards.length === 0) this.phase = 'failed'
    this.changed()
  }
}
