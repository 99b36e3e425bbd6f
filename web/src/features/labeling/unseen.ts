// What of the open item is not to be seen, because it comes late or cannot be shown: nobody answers for what they have not seen.

interface Why {
  readonly reason: string
  /** Whether the item may be skipped for it: not while it may still come. */
  readonly canSkip: boolean
}

export class Unseen {
  private readonly known = new Set<Why>()

  constructor(private readonly changed: () => void) {}

  /** Why the item cannot be answered now; what will not come is told before what may. */
  get why(): Why | null {
    const all = [...this.known]
    return all.find((why) => why.canSkip) ?? all[0] ?? null
  }

  /** Something is not to be seen until the returned function is called. */
  add(why: Why): () => void {
    this.known.add(why)
    this.changed()
    return () => {
      if (this.known.delete(why)) this.changed()
    }
  }

  /** Another item is open. */
  forget(): void {
    this.known.clear()
  }
}
