// The annotations of one item, by id, and who changed them last.

import type { Annotation, Id } from './types'

export type ChangeOrigin = 'mine' | 'remote'

/** One annotation before and after; null where there was none. */
export interface Change {
  readonly id: Id
  readonly before: Annotation | null
  readonly after: Annotation | null
}

export interface Applied {
  readonly changes: readonly Change[]
  readonly origin: ChangeOrigin
}

export type Listener = (applied: Applied) => void

/** Holds annotations in the order in which they were made; every change goes through `apply`. */
export class AnnotationStore {
  private readonly byId = new Map<Id, Annotation>()
  private readonly numbers = new Map<Id, number>()
  private readonly listeners = new Set<Listener>()
  private lastNumber = 0
  /** Grows by one with every change: cheap to compare, for views. */
  version = 0
  /** Grows when an annotation comes, goes or gets another label or group: what lists of them are made of. */
  listing = 0

  constructor(annotations: readonly Annotation[] = []) {
    for (const annotation of annotations) this.write(annotation.id, annotation)
  }

  get size(): number {
    return this.byId.size
  }

  get(id: Id): Annotation | null {
    return this.byId.get(id) ?? null
  }

  all(): Iterable<Annotation> {
    return this.byId.values()
  }

  list(): Annotation[] {
    return [...this.byId.values()]
  }

  /** The number people see beside the label, 1 for the first one made. It stays when others are deleted. */
  numberOf(id: Id): number {
    return this.numbers.get(id) ?? 0
  }

  /** Puts an annotation; returns the change, which a history may keep. */
  put(annotation: Annotation): Change {
    return { id: annotation.id, before: this.get(annotation.id), after: annotation }
  }

  drop(id: Id): Change {
    return { id, before: this.get(id), after: null }
  }

  apply(changes: readonly Change[], origin: ChangeOrigin): void {
    if (changes.length === 0) return
    for (const change of changes) this.write(change.id, change.after)
    this.version += 1
    for (const listener of this.listeners) listener({ changes, origin })
  }

  subscribe(listener: Listener): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  private write(id: Id, annotation: Annotation | null): void {
    const was = this.byId.get(id)
    if (was?.label !== annotation?.label || was?.field !== annotation?.field || was?.group !== annotation?.group || was === undefined) this.listing += 1
    if (annotation === null) {
      this.byId.delete(id)
      return
    }
    if (!this.numbers.has(id)) this.numbers.set(id, (this.lastNumber += 1))
    this.byId.set(id, annotation)
  }
}
