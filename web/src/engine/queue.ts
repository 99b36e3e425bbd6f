// The next items: claimed ahead with their texts and pictures, and kept reserved while they wait.

import { type Failure, failureOf } from './failure'
import { HELD_ITEMS, RENEW_BELOW_MS, RENEW_EVERY_MS } from './pace'
import type { Clock, LabelingApi, Media } from './ports'
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
  readonly api: Pick<LabelingApi, 'claim' | 'renew' | 'release' | 'text'>
  readonly clock: Clock
  readonly media: Media
  readonly project: Id
}

export class Queue {
  failure: Failure | null = null
  private ready: Ready[] = []
  private filling: Promise<void> | null = null
  private readonly until = new Map<Id, { readonly assignment: Id; until: number }>()
  private cancelRenew: (() => void) | null = null
  private ended = false

  constructor(
    private readonly ports: QueuePorts,
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

  get items(): readonly Id[] {
    return this.ready.map((r) => r.task.item.id)
  }

  take(): Ready | undefined {
    return this.ready.shift()
  }

  /** An item that is shown again as soon as the one that pushed it aside is done. */
  putBack(ready: Ready): void {
    this.ready.unshift(ready)
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
      const held = this.held()
      const tasks = await this.ports.api.claim(this.ports.project, wanted, held)
      this.failure = null
      for (const task of tasks) {
        this.ports.media.prepare(task)
        this.watch(task)
      }
      this.ready.push(...(await Promise.all(tasks.map(async (task) => ({ task, texts: await this.textsOf(task) })))))
    } catch (error) {
      this.failure = failureOf(error)
    }
    this.changed()
  }

  async textsOf(task: Task): Promise<Record<string, string>> {
    const texts = Object.entries(task.item.streams).filter(([, stream]) => stream.kind === 'text')
    const read = texts.map(async ([name, stream]) => [name, stream.text ?? (stream.url ? await this.ports.api.text(stream.url) : '')] as const)
    return Object.fromEntries(await Promise.all(read))
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
