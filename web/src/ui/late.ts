// Code that comes after the first paint: what is not seen at once is no part of what a page waits for.

import { useSyncExternalStore } from 'react'

/** A module that is loaded once, when it is first asked for. */
export class Late<T> {
  private loaded: T | null = null
  private coming: Promise<void> | null = null
  private readonly told = new Set<() => void>()

  constructor(private readonly load: () => Promise<T>) {}

  get value(): T | null {
    return this.loaded
  }

  /** Loads it, unless it is there or on its way; what failed, as without a connection, is asked for again next time. */
  ask(): Promise<void> {
    if (this.loaded !== null) return Promise.resolve()
    this.coming ??= this.load().then(
      (value) => {
        this.loaded = value
        for (const tell of this.told) tell()
      },
      () => {
        this.coming = null
      },
    )
    return this.coming
  }

  follow(tell: () => void): () => void {
    this.told.add(tell)
    return () => this.told.delete(tell)
  }
}

/** What has been loaded: null until it is there. Where it is there, it is drawn at once, with no frame in between. */
export function useLate<T>(late: Late<T>, isWanted: boolean): T | null {
  return useSyncExternalStore((tell) => {
    const stop = late.follow(tell)
    if (isWanted) void late.ask()
    return stop
  }, () => late.value)
}

/** After this long, or at the first key or press, what is loaded ahead takes nothing from what the page waits for. */
const AHEAD_MS = 2_500

/** Loads something ahead of its use, once the page stands. */
export function soon(late: Late<unknown>): () => void {
  const ask = (): void => {
    stop()
    void late.ask()
  }
  const timer = setTimeout(ask, AHEAD_MS)
  const stop = (): void => {
    clearTimeout(timer)
    for (const name of ['pointerdown', 'keydown']) removeEventListener(name, ask, true)
  }
  for (const name of ['pointerdown', 'keydown']) addEventListener(name, ask, true)
  return stop
}
