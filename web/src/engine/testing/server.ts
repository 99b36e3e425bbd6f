// A labeling server in memory, with the rules of the real one: for tests and for trying the screen without a server.

import { Failure } from '../failure'
import type { DraftPatch, LabelingApi } from '../ports'
import { same } from '../same'
import type { Annotation, Draft, Id, NewRevision, Progress, RecentItem, Task, TaskItem } from '../types'

interface HeldDraft {
  seq: number
  readonly annotations: Map<Id, Annotation>
  /** The last number of each client. */
  readonly applied: Map<Id, number>
}

export class FakeServer implements LabelingApi {
  offline = false
  signedOut = false
  /** Items whose submit is refused, with the reason. */
  readonly refuses = new Map<Id, string>()
  /** Items whose answers stand and cannot be changed. */
  readonly final = new Set<Id>()
  readonly drafts = new Map<Id, HeldDraft>()
  readonly revisions = new Map<string, NewRevision>()
  readonly claimed = new Map<Id, Id>()
  readonly calls: string[] = []
  /** What answers begin as. */
  given: readonly Annotation[] | null = null
  person: Id = 'person-1'
  /** Resolves before each answer; a page waits here as long as a network takes. */
  latency: () => Promise<void> = async () => undefined
  /** Resolves before an answer to what was done already is heard. */
  answering: () => Promise<void> = async () => undefined
  /** The next answer to a change is lost on its way. */
  loses = false
  private readonly last = new Map<Id, number>()
  private order: Id[] = []
  private made = 0

  constructor(private readonly items: readonly TaskItem[]) {}

  async claim(_project: Id, count: number, exclude: readonly Id[], held = false): Promise<readonly Task[]> {
    await this.call('claim')
    const open = this.items.filter((item) => !exclude.includes(item.id) && !this.hasAnswer(item.id))
    const own = held ? open.filter((item) => this.claimed.has(item.id)) : []
    const free = open.filter((item) => !this.claimed.has(item.id))
    const tasks = [...own, ...free].slice(0, count).map((item) => this.task(item))
    await this.answer()
    return tasks
  }

  async open(_project: Id, item: Id): Promise<Task> {
    await this.call(`open ${item}`)
    const found = this.items.find((i) => i.id === item)
    if (!found) throw new Failure('missing', 'No such item', { status: 404 })
    return this.task(found)
  }

  async renew(): Promise<{ until: string }> {
    await this.call('renew')
    return { until: new Date(Date.now() + 20 * 60_000).toISOString() }
  }

  async release(assignment: Id): Promise<void> {
    await this.call(`release ${assignment}`)
    for (const [item, held] of this.claimed) if (held === assignment) this.claimed.delete(item)
  }

  async draft(item: Id): Promise<Draft | null> {
    await this.call(`draft ${item}`)
    return this.draftOf(item)
  }

  async patchDraft(item: Id, seq: number, patch: DraftPatch): Promise<{ seq: number }> {
    await this.call(`patch ${item}`)
    const held = this.drafts.get(item) ?? { seq: 0, annotations: new Map(), applied: new Map() }
    const done = held.applied.get(patch.client) ?? 0
    const fresh = patch.ops.filter((op) => op.n > done)
    if (seq !== held.seq && fresh.length > 0) throw new Failure('conflict', 'The draft moved on', { status: 409, draft: this.draftOf(item) })
    for (const op of fresh) {
      held.applied.set(patch.client, Math.max(op.n, held.applied.get(patch.client) ?? 0))
      if (op.op === 'put') held.annotations.set(op.annotation.id, op.annotation)
      if (op.op === 'drop') held.annotations.delete(op.id)
    }
    held.seq += fresh.length > 0 ? 1 : 0
    this.drafts.set(item, held)
    await this.answer()
    return { seq: held.seq }
  }

  async submit(response: Id, revision: number, body: NewRevision): Promise<{ next_revision: number }> {
    await this.call(`submit ${response}/${revision}`)
    const key = `${response}/${revision}`
    const refusal = this.refuses.get(body.item)
    if (refusal) throw new Failure('refused', refusal, { status: 422, problems: [{ path: 'annotations[0].value', expected: refusal, do: refusal }] })
    const stored = this.revisions.get(key)
    if (stored && !same(stored, body)) throw new Failure('conflict', 'This revision was handed in with another body', { status: 409 })
    if (!stored && revision !== this.lastOf(body.item) + 1) throw new Failure('conflict', 'This is not the next revision', { status: 409 })
    this.revisions.set(key, body)
    this.last.set(body.item, revision)
    this.drafts.delete(body.item)
    this.claimed.delete(body.item)
    this.order = [...this.order.filter((id) => id !== body.item), body.item]
    await this.answer()
    return { next_revision: revision + 1 }
  }

  async undoSubmit(response: Id, revision: number): Promise<void> {
    await this.call(`undo ${response}/${revision}`)
    const key = `${response}/${revision}`
    const body = this.revisions.get(key)
    if (!body) throw new Failure('conflict', 'This revision does not stand', { status: 409 })
    this.revisions.delete(key)
    this.order = this.order.filter((id) => id !== body.item)
    this.drafts.set(body.item, { seq: 1, annotations: new Map(body.annotations.map((a) => [a.id, a])), applied: new Map() })
    await this.answer()
  }

  async mine(): Promise<{ items: readonly RecentItem[]; next: null }> {
    await this.call('mine')
    const items = this.order.toReversed().map((id) => ({ item: id, key: this.items.find((i) => i.id === id)?.key, response: this.responseOf(id), revision: 1, state: 'submitted', at: new Date().toISOString() }))
    return { items, next: null }
  }

  async progress(): Promise<Progress> {
    await this.call('progress')
    return { today: this.revisions.size, total: this.revisions.size, left: this.items.some((i) => !this.hasAnswer(i.id)) }
  }

  async text(url: string): Promise<string> {
    await this.call(`text ${url}`)
    return ''
  }

  async signIn(email: string, password: string): Promise<{ id: Id }> {
    if (this.offline) throw new Failure('offline', 'No connection')
    if (password === 'wrong') throw new Failure('signed_out', 'Wrong password', { status: 401 })
    this.signedOut = false
    return { id: email === 'other@example.org' ? 'person-2' : this.person }
  }

  /** The revisions that are stored for an item. */
  answersOf(item: Id): NewRevision[] {
    return [...this.revisions.values()].filter((body) => body.item === item)
  }

  /** What was done stays done when its answer is lost. */
  private async answer(): Promise<void> {
    await this.answering()
    if (!this.loses) return
    this.loses = false
    throw new Failure('offline', 'No connection')
  }

  private async call(name: string): Promise<void> {
    this.calls.push(name)
    await this.latency()
    if (this.offline) throw new Failure('offline', 'No connection')
    if (this.signedOut) throw new Failure('signed_out', 'The session ended', { status: 401 })
  }

  private task(item: TaskItem): Task {
    const assignment = this.claimed.get(item.id) ?? `assignment-${(this.made += 1)}`
    this.claimed.set(item.id, assignment)
    const last = this.answersOf(item.id).at(-1)
    return {
      assignment: { id: assignment, until: new Date(Date.now() + 20 * 60_000).toISOString() },
      item,
      response: { id: this.responseOf(item.id), revision: this.lastOf(item.id) + 1, base: last ? { response: this.responseOf(item.id), revision: this.lastOf(item.id) } : null },
      given: this.given, draft: this.draftOf(item.id),
      before: last?.annotations ?? null,
      final: this.final.has(item.id),
    }
  }

  private draftOf(item: Id): Draft | null {
    const held = this.drafts.get(item)
    return held ? { seq: held.seq, annotations: [...held.annotations.values()] } : null
  }

  /** The last revision that was ever handed in; a number is not used again after an undo. */
  private lastOf(item: Id): number {
    return this.last.get(item) ?? 0
  }

  private hasAnswer(item: Id): boolean {
    return this.answersOf(item).length > 0
  }

  private responseOf(item: Id): Id {
    return `response-${item}`
  }
}
