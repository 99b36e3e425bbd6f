// The next items: claimed ahead with their texts and pictures, and kept reserved while they wait.

import { layerOf, wordsAddress } from './pages'
import { type Failure, failureOf } from './failure'
import { whoLives } from './living'
import { HELD_ITEMS, RENEW_BELOW_MS, RENEW_EVERY_MS } from './pace'
import type { Channel, Clock, Holding, Journal, LabelingApi, Media } from './ports'
import type { Id, Task } from './types'
import type { Work } from './work'

/** An item that can be shown at once. */
export interface Ready {
  readonly task: Task
  readonly texts: Readonly<Record<string, string>>
  /** Work that was begun and put back: it is shown again as it was. */
  readonly begun?: Work
}

export interface QueuePorts {
  readonly api: Pick<LabelingApi, 'claim' | 'open' | 'renew' | 'release' | 'text'>
  readonly journal: Pick<Journal, 'hold' | 'holdings'>
  readonly channel: Channel
  readonly clock: Clock
  readonly media: Media
  readonly person: Id
  readonly project: Id
}

export class Queue {
  failure: Failure | null = null
  private ready: Ready[] = []
  private filling: Promise<void> | null = null
  private readonly until = new Map<Id, { readonly assignment: Id; until: number }>()
  private cancelRenew: (() => void) | null = null
  private living: Promise<ReadonlySet<Id>> | null = null
  private ended = false
  private noted = ''
  /** Items may be reserved of which nobody here knows: an answer was lost, or a tab died before it wrote them down. */
  private isUnsure = false

  constructor(
    private readonly ports: QueuePorts,
    private readonly client: Id,
    /** Whether items come from the queue at all; an item chosen by hand comes alone. */
    private readonly claims: boolean,
    /** Everything that this person holds, here or on its way: never claimed again. */
    private readonly held: () => readonly Id[],
    private readonly changed: () => void,
  ) {}

  begin(): void {
    this.cancelRenew = this.ports.clock.after(RENEW_EVERY_MS, () => {
      void this.renew()
      this.begin()
    })
  }

  get count(): number {
    return this.ready.length
  }

  /** Work that was begun and put back. */
  get begun(): readonly Work[] {
    return this.ready.flatMap((r) => r.begun ?? [])
  }

  get items(): readonly Id[] {
    return this.ready.map((r) => r.task.item.id)
  }

  take(): Ready | undefined {
    return this.ready.shift()
  }

  /** Takes one item out of its turn. */
  pick(item: Id): Ready | undefined {
    const found = this.ready.find((r) => r.task.item.id === item)
    this.ready = this.ready.filter((r) => r !== found)
    return found
  }

  /** An item that is shown again as soon as the one that pushed it aside is done. */
  putBack(ready: Ready): void {
    this.ready.unshift(ready)
  }

  /**
   * Takes up the items of tabs that are gone: the server gives nobody an item twice, so what a closed tab held would wait
   * until its claim ran out.
   */
  async takeOver(): Promise<void> {
    const { journal, project, api } = this.ports
    const left = await this.others()
    const alive = left.length === 0 ? new Set<Id>() : await this.whoLives()
    const dead = left.filter((h) => !alive.has(h.client))
    this.isUnsure = dead.some((h) => h.items.length > 0)
    for (const holding of dead) {
      for (const item of holding.items) {
        try {
          const task = await api.open(project, item)
          if (task.assignment !== null || task.draft !== null) await this.add([task])
        } catch (error) {
          if (failureOf(error).kind !== 'missing') return
        }
      }
      await journal.hold({ ...holding, items: [] })
    }
  }

  /** What other tabs of this browser hold, or held before they ended. */
  private async others(): Promise<readonly Holding[]> {
    const { journal, person, project } = this.ports
    return (await journal.holdings(person, project)).filter((h) => h.client !== this.client)
  }

  /** What tabs hold that label now. */
  private async elsewhere(): Promise<readonly Id[]> {
    const others = (await this.others()).filter((h) => h.items.length > 0)
    const alive = others.length === 0 ? new Set<Id>() : await whoLives(this.ports.channel, this.ports.clock)
    return others.flatMap((h) => (alive.has(h.client) ? h.items : []))
  }

  /** The tabs of this browser that label now, this one aside. Asked once. */
  whoLives(): Promise<ReadonlySet<Id>> {
    this.living ??= whoLives(this.ports.channel, this.ports.clock)
    return this.living
  }

  /** Writes down what this tab holds, when that has changed. */
  note(open: Id | null): void {
    const items = [...(open === null ? [] : [open]), ...this.items]
    if (!this.claims || items.join() === this.noted) return
    this.noted = items.join()
    void this.ports.journal.hold({ client: this.client, person: this.ports.person, project: this.ports.project, items })
  }

  private async add(tasks: readonly Task[]): Promise<void> {
    for (const task of tasks) {
      this.ports.media.prepare(task)
      this.watch(task)
    }
    this.ready.push(...(await Promise.all(tasks.map(async (task) => ({ task, texts: await this.textsOf(task) })))))
  }

  /** Claims until the open item and the next two are here. */
  fill(): Promise<void> {
    this.filling ??= this.claim().finally(() => {
      this.filling = null
    })
    return this.filling
  }

  private async claim(): Promise<void> {
    const wanted = HELD_ITEMS - 1 - this.ready.length
    if (!this.claims || this.ended || wanted <= 0) return
    try {
      const elsewhere = this.isUnsure ? await this.elsewhere() : []
      const tasks = await this.ports.api.claim(this.ports.project, wanted, [...this.held(), ...elsewhere], this.isUnsure)
      await this.add(tasks)
      this.failure = null
      this.isUnsure = false
    } catch (error) {
      this.failure = failureOf(error)
      this.isUnsure = true
    }
    this.changed()
  }

  /** Asks again for pictures that did not arrive; those that are here are not fetched twice. */
  prepare(): void {
    for (const { task } of this.ready) this.ports.media.prepare(task)
  }

  async textsOf(task: Task): Promise<Record<string, string>> {
    const texts = Object.entries(task.item.streams).filter(([, stream]) => stream.kind === 'text' || stream.text !== undefined)
    const read = texts.map(async ([name, stream]) => [name, stream.text ?? (stream.url ? await this.ports.api.text(stream.url) : '')] as const)
    const documents = Object.entries(task.item.streams).filter(([, stream]) => stream.kind === 'document' && stream.url)
    const said = documents.map(async ([name, stream]) => [name, await this.wordsOf(stream.url ?? '')] as const)
    return Object.fromEntries(await Promise.all([...read, ...said]))
  }

  /** The text of a document. One that cannot be read opens all the same: its surface says why, and it can be skipped. */
  private async wordsOf(url: string): Promise<string> {
    try {
      return layerOf(await this.ports.api.text(wordsAddress(url))).text
    } catch (error) {
      if (failureOf(error).kind !== 'refused') throw error
      return ''
    }
  }

  /** Keeps the reservation of an item from running out. */
  watch(task: Task): void {
    if (task.assignment) this.until.set(task.item.id, { assignment: task.assignment.id, until: Date.parse(task.assignment.until) })
  }

  forget(item: Id): void {
    this.until.delete(item)
  }

  /** Gives back what was not begun. */
  end(also: Task | null): void {
    this.ended = true
    this.cancelRenew?.()
    const unused = [...this.ready.filter((r) => !r.begun).map((r) => r.task), ...(also ? [also] : [])]
    for (const { assignment } of unused) if (assignment) void this.ports.api.release(assignment.id).catch(() => undefined)
    this.ready = this.ready.filter((r) => r.begun)
  }

  private async renew(): Promise<void> {
    const held = new Set(this.held())
    for (const [item, claim] of this.until) {
      if (!held.has(item) || claim.until - this.ports.clock.now() > RENEW_BELOW_MS) continue
      try {
        claim.until = Date.parse((await this.ports.api.renew(claim.assignment)).until)
      } catch (error) {
        const { kind } = failureOf(error)
        if (kind === 'missing' || kind === 'conflict') this.lost(item)
      }
    }
  }

  /** A claim ran out. An item not begun is given up; the open one can still be handed in, and is stored. */
  private lost(item: Id): void {
    this.until.delete(item)
    this.ready = this.ready.filter((r) => r.task.item.id !== item || r.begun)
    void this.fill()
  }
}
