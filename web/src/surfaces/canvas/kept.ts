// What was fetched by address and costs much to hold: as long as somebody shows it, and the last few that nobody does.

interface Entry<T> {
  readonly coming: Promise<T>
  value: T | null
  users: number
}

export class Kept<T> {
  private readonly entries = new Map<string, Entry<T>>()

  constructor(
    private readonly load: (url: string) => Promise<T>,
    private readonly close: (value: T) => void,
    /** How many that nobody shows are kept, those asked for last. */
    private readonly spare: number,
  ) {}

  /** What lies at an address; asked for twice, it is fetched once. A failure is not remembered: the next try may succeed. */
  ask(url: string): Promise<T> {
    const known = this.entries.get(url)
    const entry = known ?? this.fetch(url)
    this.entries.delete(url)
    this.entries.set(url, entry)
    this.sweep()
    return entry.coming
  }

  /** The same, and it stays until the returned function is called. */
  hold(url: string): { readonly coming: Promise<T>; readonly letGo: () => void } {
    const coming = this.ask(url)
    const entry = this.entries.get(url)
    if (entry) entry.users += 1
    let isHeld = true
    const letGo = (): void => {
      if (entry && isHeld) entry.users -= 1
      isHeld = false
      this.sweep()
    }
    return { coming, letGo }
  }

  /** What is here already. */
  now(url: string): T | null {
    return this.entries.get(url)?.value ?? null
  }

  /** Puts in place what was made here and has no address. */
  put(url: string, value: T): void {
    this.entries.set(url, { coming: Promise.resolve(value), value, users: 0 })
  }

  private fetch(url: string): Entry<T> {
    const coming = this.load(url)
    const entry: Entry<T> = { coming, value: null, users: 0 }
    coming.then(
      (value) => {
        entry.value = value
        // Nobody waits for it any more.
        if (this.entries.get(url) !== entry) this.close(value)
      },
      () => {
        if (this.entries.get(url) === entry) this.entries.delete(url)
      },
    )
    return entry
  }

  private sweep(): void {
    const unused = [...this.entries].filter(([, entry]) => entry.users === 0)
    for (const [url, entry] of unused.slice(0, Math.max(0, unused.length - this.spare))) {
      this.entries.delete(url)
      if (entry.value !== null) this.close(entry.value)
    }
  }
}
