// Undo and redo as differences between marks. Only what this person did is undone.

import type { AnnotationStore, Change } from './store'
import { same } from './same'

export type Step = readonly Change[]

/** Remembers steps of changes; a step is what lies between two marks. */
export class History {
  private readonly done: Step[] = []
  private readonly undone: Step[] = []
  private open: Change[] = []

  constructor(private readonly store: AnnotationStore) {
    store.subscribe(({ changes, origin }) => {
      if (origin === 'mine' && !this.replaying) this.open.push(...changes)
    })
  }

  private replaying = false

  get canUndo(): boolean {
    return this.open.length > 0 || this.done.length > 0
  }

  get canRedo(): boolean {
    return this.undone.length > 0
  }

  /** Ends a step: what came since the last mark is undone as one. */
  mark(): void {
    const step = merged(this.open)
    this.open = []
    if (step.length === 0) return
    this.done.push(step)
    this.undone.length = 0
  }

  /** Begins anew: what was done before cannot be undone any more. */
  forget(): void {
    this.open = []
    this.done.length = 0
    this.undone.length = 0
  }

  /** Takes back the last step; returns what was changed, or null when there is nothing to undo. */
  undo(): Step | null {
    this.mark()
    return this.replay(this.done, this.undone)
  }

  redo(): Step | null {
    return this.replay(this.undone, this.done)
  }

  private replay(from: Step[], to: Step[]): Step | null {
    const step = from.pop()
    if (step === undefined) return null
    const inverse = step.toReversed().map((c) => ({ id: c.id, before: c.after, after: c.before }))
    // What somebody else changed since is left as it is: their work is not ours to undo.
    const possible = inverse.filter((c) => same(this.store.get(c.id), c.before))
    this.replaying = true
    this.store.apply(possible, 'mine')
    this.replaying = false
    to.push(possible)
    return possible
  }
}

/** Many changes of the same annotation as one: a drag of a hundred moves is one step. */
export function merged(changes: readonly Change[]): Step {
  const byId = new Map<string, Change>()
  for (const change of changes) {
    const first = byId.get(change.id)
    byId.set(change.id, { id: change.id, before: first ? first.before : change.before, after: change.after })
  }
  return [...byId.values()].filter((c) => !same(c.before, c.after))
}
