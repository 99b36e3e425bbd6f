// The time a person really works on an item: it stops when the page is hidden or nothing happens for a minute.

import type { Clock } from './ports'

export const IDLE_MS = 60_000

/** Adds up active time. Each sign of life counts the time since the last one, at most `IDLE_MS`. */
export class Activity {
  private total: number
  private last: number | null

  constructor(
    private readonly clock: Clock,
    already = 0,
  ) {
    this.total = already
    this.last = clock.now()
  }

  /** The person did something. */
  touch(): void {
    this.add()
    this.last = this.clock.now()
  }

  /** The page is hidden, or the item is put aside. */
  pause(): void {
    this.add()
    this.last = null
  }

  resume(): void {
    if (this.last === null) this.last = this.clock.now()
  }

  get ms(): number {
    return this.total + this.sinceLast()
  }

  private add(): void {
    this.total += this.sinceLast()
  }

  private sinceLast(): number {
    return this.last === null ? 0 : Math.min(Math.max(0, this.clock.now() - this.last), IDLE_MS)
  }
}
