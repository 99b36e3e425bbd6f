// Responses on their way to the server: kept on this device until it has them, sent one by one in order.

import { type Failure, failureOf } from './failure'
import type { Clock, Journal, LabelingApi, Parcel } from './ports'

const RETRY_MS = [1_000, 2_000, 4_000, 8_000, 15_000]

export interface Returned {
  readonly parcel: Parcel
  readonly failure: Failure
}

export type OutboxStatus = 'idle' | 'sending' | 'offline' | 'signed_out'

export interface OutboxPorts {
  readonly api: Pick<LabelingApi, 'submit'>
  readonly journal: Pick<Journal, 'post' | 'delivered'>
  readonly clock: Clock
  /** The parcel as the server wants it now, where its revision is taken; null where it cannot go at all. */
  readonly renumber: (parcel: Parcel) => Promise<Parcel | null>
  /** A parcel was stored by the server. */
  readonly arrived: (parcel: Parcel) => void
  readonly changed: () => void
}

export class Outbox {
  status: OutboxStatus = 'idle'
  /** What the server refused; the person decides what becomes of it. */
  returned: readonly Returned[] = []
  /** Parcels that went under another revision than the one they were posted with, by id. */
  readonly renumbered = new Map<string, Parcel>()

  private queue: Parcel[] = []
  private readonly notBefore = new Map<string, Promise<void>>()
  private readonly watchers = new Set<() => void>()
  private running: Promise<void> | null = null
  private sending: string | null = null
  private cancelTimer: (() => void) | null = null
  private tries = 0

  constructor(private readonly ports: OutboxPorts) {}

  get count(): number {
    return this.queue.length
  }

  get parcels(): readonly Parcel[] {
    return this.queue
  }

  /** Takes up what an earlier tab left. */
  restore(parcels: readonly Parcel[]): void {
    this.queue = [...parcels].sort((a, b) => a.at - b.at)
    void this.flush()
  }

  /** Puts a parcel in the queue; it is sent once `ready` resolves. */
  post(parcel: Parcel, ready: Promise<void>): void {
    this.queue.push(parcel)
    this.notBefore.set(parcel.id, Promise.all([ready, this.ports.journal.post(parcel)]).then(() => undefined))
    this.ports.changed()
    void this.flush()
  }

  /** Takes a parcel back. False when it is on its way or delivered: then the server must be asked. */
  takeBack(id: string): boolean {
    if (this.sending === id || !this.queue.some((p) => p.id === id)) return false
    this.remove(id)
    return true
  }

  /** Forgets a returned parcel: it was opened again, or given up. */
  dismiss(id: string): void {
    this.returned = this.returned.filter((r) => r.parcel.id !== id)
    void this.ports.journal.delivered(id)
    this.ports.changed()
  }

  wake(): void {
    this.tries = 0
    void this.flush()
  }

  /** Sends what waits; resolves when the queue is empty or sending makes no sense now. */
  flush(): Promise<void> {
    this.running ??= Promise.resolve().then(() => this.run())
    return this.running
  }

  /** Resolves when a parcel has left: stored, taken back or returned. */
  left(id: string): Promise<void> {
    return new Promise((done) => {
      const look = (): void => {
        if (this.queue.some((p) => p.id === id)) return
        this.watchers.delete(look)
        done()
      }
      this.watchers.add(look)
      look()
    })
  }

  private async run(): Promise<void> {
    this.cancelTimer?.()
    this.cancelTimer = null
    try {
      for (let parcel = this.queue[0]; parcel !== undefined; parcel = this.queue[0]) {
        await this.notBefore.get(parcel.id)
        if (this.queue[0] !== parcel) continue
        if (!(await this.deliver(parcel))) return
      }
      this.become('idle')
    } finally {
      // In the same step as the last look at the queue, so that what is posted next is not overlooked.
      this.running = null
    }
  }

  private async deliver(parcel: Parcel): Promise<boolean> {
    this.sending = parcel.id
    this.become('sending')
    try {
      await this.submit(parcel)
      this.remove(parcel.id)
      this.tries = 0
      this.ports.arrived(parcel)
      return true
    } catch (error) {
      return this.failed(parcel, failureOf(error))
    } finally {
      this.sending = null
    }
  }

  /** A revision that is taken was handed in on another tab, or by a try whose answer was lost: this one is the next. */
  private async submit(parcel: Parcel): Promise<void> {
    const { api, renumber } = this.ports
    try {
      await api.submit(parcel.response, parcel.revision, parcel.body)
    } catch (error) {
      const next = failureOf(error).kind === 'conflict' ? await renumber(parcel) : null
      if (next === null) throw error
      this.renumbered.set(parcel.id, next)
      await api.submit(next.response, next.revision, next.body)
    }
  }

  private failed(parcel: Parcel, failure: Failure): boolean {
    if (failure.kind === 'signed_out') {
      this.become('signed_out')
      return false
    }
    if (failure.kind === 'offline') {
      this.become('offline')
      const wait = RETRY_MS[Math.min(this.tries++, RETRY_MS.length - 1)] ?? 0
      this.cancelTimer = this.ports.clock.after(wait, () => void this.flush())
      return false
    }
    // It stays in the journal until the person opens it again or gives it up.
    this.drop(parcel.id)
    this.returned = [...this.returned, { parcel, failure }]
    this.ports.changed()
    return true
  }

  private drop(id: string): void {
    this.queue = this.queue.filter((p) => p.id !== id)
    this.notBefore.delete(id)
    for (const look of [...this.watchers]) look()
  }

  private remove(id: string): void {
    this.drop(id)
    void this.ports.journal.delivered(id)
    this.ports.changed()
  }

  private become(status: OutboxStatus): void {
    this.status = status
    this.ports.changed()
  }
}
