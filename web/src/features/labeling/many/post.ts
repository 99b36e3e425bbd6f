// Many answers on their way to the server: a few dozen a request, kept in the journal until it has them, sent again by themselves.

import { type Failure, failureOf } from '../../../engine/failure'
import type { Clock, Journal, Parcel } from '../../../engine/ports'
import type { Id } from '../../../engine/types'
import type { ManyApi, RefusedEntry } from './api'

const AT_ONCE = 50
const RETRY_MS = [1_000, 2_000, 4_000, 8_000, 15_000]

/** An answer that the server did not take, and why. */
export interface Refusal {
  readonly item: Id
  readonly title: string
  readonly why: string
  readonly status?: number
}

export interface PostPorts {
  readonly api: Pick<ManyApi, 'submit'>
  readonly journal: Pick<Journal, 'delivered'>
  readonly clock: Clock
  readonly project: Id
}

export class Post {
  /** Why it cannot be sent just now; it is tried again. */
  stuck: 'offline' | 'signed_out' | null = null
  private waiting: Parcel[] = []
  private running: Promise<unknown> = Promise.resolve()
  private again: (() => void) | null = null
  private ended = false

  constructor(
    private readonly ports: PostPorts,
    private readonly changed: () => void,
  ) {}

  get count(): number {
    return this.waiting.length
  }

  /** The items whose answers are on their way. */
  get items(): readonly Id[] {
    return this.waiting.map((p) => p.body.item)
  }

  /** Sends what an earlier tab left. */
  async restore(parcels: readonly Parcel[]): Promise<void> {
    if (parcels.length > 0) await this.send(parcels.toSorted((a, b) => a.at - b.at))
  }

  /** Sends answers one request after another; those that were refused, by the parcel's id. */
  async send(parcels: readonly Parcel[]): Promise<ReadonlyMap<string, Refusal>> {
    this.waiting.push(...parcels)
    const sent = this.running.then(() => this.deliver(parcels))
    this.running = sent.catch(() => undefined)
    return sent
  }

  /** Resolves when nothing is on its way. */
  async idle(): Promise<void> {
    await this.running
  }

  wake(): void {
    this.again?.()
  }

  end(): void {
    this.ended = true
    this.again?.()
  }

  private async deliver(parcels: readonly Parcel[]): Promise<ReadonlyMap<string, Refusal>> {
    const refused = new Map<string, Refusal>()
    for (let at = 0; at < parcels.length && !this.ended; at += AT_ONCE) {
      const some = parcels.slice(at, at + AT_ONCE)
      const answer = await this.reach(some)
      // The page was left before they arrived: the journal keeps them for whoever comes next.
      if (answer === null) return refused
      for (const [id, refusal] of answer) refused.set(id, refusal)
      const gone = new Set(some.map((p) => p.id))
      this.waiting = this.waiting.filter((p) => !gone.has(p.id))
      await Promise.all(some.map((p) => this.ports.journal.delivered(p.id)))
      this.changed()
    }
    return refused
  }

  private async reach(parcels: readonly Parcel[]): Promise<ReadonlyMap<string, Refusal> | null> {
    for (let tries = 0; ; tries += 1) {
      try {
        const { refused } = await this.ports.api.submit(this.ports.project, parcels)
        this.become(null)
        return new Map(refused.flatMap((one) => parcels.filter((p) => p.response === one.response && p.revision === one.revision).map((p) => [p.id, refusalOf(p, one)] as const)))
      } catch (error) {
        const failure = failureOf(error)
        if (failure.kind !== 'offline' && failure.kind !== 'signed_out') return all(parcels, failure)
        if (this.ended) return null
        this.become(failure.kind)
        await this.pause(RETRY_MS[Math.min(tries, RETRY_MS.length - 1)] ?? 0)
      }
    }
  }

  private pause(ms: number): Promise<void> {
    return new Promise((done) => {
      const cancel = this.ports.clock.after(ms, () => go())
      const go = (): void => {
        cancel()
        this.again = null
        done()
      }
      this.again = go
    })
  }

  private become(stuck: Post['stuck']): void {
    if (this.stuck === stuck) return
    this.stuck = stuck
    this.changed()
  }
}

function refusalOf(parcel: Parcel, { status, title, problems }: RefusedEntry): Refusal {
  const [first] = problems
  return { item: parcel.body.item, title: parcel.title, status, why: first ? `${title}: ${first.path}, expected ${first.expected}. ${first.do}` : title }
}

function all(parcels: readonly Parcel[], failure: Failure): ReadonlyMap<string, Refusal> {
  return new Map(parcels.map((p) => [p.id, { item: p.body.item, title: p.title, status: failure.status, why: failure.message }]))
}
