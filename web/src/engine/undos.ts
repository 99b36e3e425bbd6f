// Taking submits back: at once here, and told to the server until it has heard it.

import { type Failure, failureOf } from './failure'
import type { Outbox } from './outbox'
import type { Clock, LabelingApi, Parcel } from './ports'
import type { Id, Task } from './types'
import type { Work } from './work'

const RETRY_MS = 5_000

/** What was just handed in and can be taken back for five seconds. */
export interface Submitted {
  readonly work: Work
  readonly parcel: Parcel
}

export interface UndoPorts {
  readonly api: Pick<LabelingApi, 'undoSubmit' | 'open'>
  readonly clock: Clock
  readonly project: Id
  readonly outbox: Outbox
  /** The item is this person's again. */
  readonly reopened: (task: Task) => void
  readonly changed: () => void
}

export class Undos {
  /** Why the server refused to take a submit back. */
  failure: Failure | null = null
  /** Why the server cannot be told just now; it is told again. */
  stuck: 'offline' | 'signed_out' | null = null

  private readonly running = new Map<Work, Promise<void>>()
  private readonly pauses = new Set<() => void>()
  private ended = false

  constructor(private readonly ports: UndoPorts) {}

  /** How many submits are being taken back on the server just now. */
  get count(): number {
    return this.running.size
  }

  /** Resolves when the work's submit is taken back; null when none is. */
  of(work: Work): Promise<void> | null {
    return this.running.get(work) ?? null
  }

  /** Takes a submit back. Its work goes on as it is, wherever it is shown by then. */
  async begin({ work, parcel }: Submitted): Promise<void> {
    const earlier = this.of(work)
    if (this.ports.outbox.takeBack(parcel.id)) {
      // While an earlier submit of the same work is being taken back, its end lets the work go on.
      if (earlier === null) work.sync?.resume()
      return
    }
    const told = this.tell(work, parcel).finally(() => {
      if (this.running.get(work) === told) this.running.delete(work)
      this.ports.changed()
    })
    this.running.set(work, told)
    await told
  }

  wake(): void {
    for (const go of [...this.pauses]) go()
  }

  end(): void {
    this.ended = true
  }

  private async tell(work: Work, parcel: Parcel): Promise<void> {
    const { api, outbox, project } = this.ports
    await outbox.left(parcel.id)
    if (outbox.returned.some((r) => r.parcel.id === parcel.id)) {
      outbox.dismiss(parcel.id)
      return work.sync?.resume()
    }
    const { response, revision } = outbox.renumbered.get(parcel.id) ?? parcel
    try {
      await this.reach((again) => api.undoSubmit(response, revision).catch((error: unknown) => (again && isDone(error) ? undefined : Promise.reject(error as Error))))
    } catch (error) {
      this.failure = failureOf(error)
    }
    try {
      const task = await this.reach(() => api.open(project, work.task.item.id))
      // Handed in again meanwhile: the new submit waits for this and holds what is sent.
      work.sync?.restart(task, { goOn: !outbox.parcels.some((p) => p.body.item === task.item.id) })
      this.ports.reopened(task)
    } catch (error) {
      this.failure = failureOf(error)
    }
  }

  /** Asks until there is an answer. */
  private async reach<T>(ask: (again: boolean) => Promise<T>): Promise<T> {
    for (let again = false; ; again = true) {
      try {
        const answer = await ask(again)
        this.stuck = null
        return answer
      } catch (error) {
        const { kind } = failureOf(error)
        if (this.ended || (kind !== 'offline' && kind !== 'signed_out')) throw error
        this.stuck = kind
        this.ports.changed()
        await this.pause()
      }
    }
  }

  private pause(): Promise<void> {
    return new Promise((done) => {
      const cancel = this.ports.clock.after(RETRY_MS, () => go())
      const go = (): void => {
        cancel()
        this.pauses.delete(go)
        done()
      }
      this.pauses.add(go)
    })
  }
}

/** A request without an answer may have arrived; repeated, it finds the submit taken back already. */
function isDone(error: unknown): boolean {
  return ['conflict', 'missing'].includes(failureOf(error).kind)
}
