// Finds annotations by place: in a picture by rectangle, in a text by range.

import RBush from 'rbush'

export interface Bounds {
  readonly minX: number
  readonly minY: number
  readonly maxX: number
  readonly maxY: number
}

interface Entry extends Bounds {
  readonly id: string
}

/** A spatial index by id. */
export class Space {
  private readonly tree = new RBush<Entry>()
  private readonly entries = new Map<string, Entry>()

  /** Puts many at once; much faster than one by one. */
  load(all: Iterable<readonly [string, Bounds]>): void {
    this.tree.clear()
    this.entries.clear()
    for (const [id, bounds] of all) this.entries.set(id, { id, ...bounds })
    this.tree.load([...this.entries.values()])
  }

  put(id: string, bounds: Bounds): void {
    this.drop(id)
    const entry = { id, ...bounds }
    this.entries.set(id, entry)
    this.tree.insert(entry)
  }

  drop(id: string): void {
    const entry = this.entries.get(id)
    if (entry === undefined) return
    this.tree.remove(entry)
    this.entries.delete(id)
  }

  bounds(id: string): Bounds | null {
    return this.entries.get(id) ?? null
  }

  has(id: string): boolean {
    return this.entries.has(id)
  }

  /** Whether everything lies within bounds. */
  isWithin(bounds: Bounds): boolean {
    const all = this.tree.toJSON() as Bounds // the root's own bounds are those of everything
    return all.minX >= bounds.minX && all.minY >= bounds.minY && all.maxX <= bounds.maxX && all.maxY <= bounds.maxY
  }

  search(bounds: Bounds): string[] {
    return this.tree.search(bounds).map((entry) => entry.id)
  }
}

/** Bounds grown by a margin on every side. */
export function grown(bounds: Bounds, margin: number): Bounds {
  return { minX: bounds.minX - margin, minY: bounds.minY - margin, maxX: bounds.maxX + margin, maxY: bounds.maxY + margin }
}

/** The smallest bounds around both; either may be missing. */
export function around(a: Bounds | null, b: Bounds | null): Bounds | null {
  if (a === null || b === null) return a ?? b
  return { minX: Math.min(a.minX, b.minX), minY: Math.min(a.minY, b.minY), maxX: Math.max(a.maxX, b.maxX), maxY: Math.max(a.maxY, b.maxY) }
}
