// A clock that moves when a test says so.

import type { Clock } from '../ports'

interface Timer {
  readonly at: number
  readonly run: () => void
}

export class ManualClock implements Clock {
  private time = Date.UTC(2026, 10, 22, 9)
  private timers = new Set<Timer>()

  now(): number {
    return this.time
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.time + ms, run }
    this.timers.add(timer)
    return () => this.timers.delete(timer)
  }

  /** Moves on, running what is due in its order, and lets promises settle in between. */
  async pass(ms: number): Promise<void> {
    const end = this.time + ms
    await settle()
    for (let next = this.due(end); next !== undefined; next = this.due(end)) {
      this.timers.delete(next)
      this.time = Math.max(this.time, next.at)
      next.run()
      await settle()
    }
    this.time = end
  }

  private due(end: number): Timer | undefined {
    return [...this.timers].filter((t) => t.at <= end).sort((a, b) => a.at - b.at)[0]
  }
}

/** Lets every promise that can go on do so. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 60; i += 1) await Promise.resolve()
}
