// Something that can be watched: it grows a number and tells whoever listens.

export class Signal {
  version = 0
  private readonly told = new Set<() => void>()

  subscribe(tell: () => void): () => void {
    this.told.add(tell)
    return () => this.told.delete(tell)
  }

  changed(): void {
    this.version += 1
    for (const tell of this.told) tell()
  }
}
