// Answers that are not handed in yet, in the journal of this device: a closed tab loses none of them.

import type { Journal, JournalEdit } from '../../../engine/ports'
import type { Id } from '../../../engine/types'
import type { Work } from '../../../engine/work'

export interface KeepingPorts {
  readonly journal: Pick<Journal, 'edits' | 'keep' | 'forget'>
  readonly person: Id
  readonly project: Id
}

export class Keeping {
  private number = 0
  private left: readonly JournalEdit[] = []

  constructor(
    private readonly ports: KeepingPorts,
    private readonly client: Id,
  ) {}

  /** What tabs that are gone have left of this project. */
  restore(edits: readonly JournalEdit[], alive: ReadonlySet<Id>): void {
    this.left = edits.filter((e) => e.project === this.ports.project && !alive.has(e.client))
  }

  /** Writes down what stands under these fields now. */
  keep(changes: readonly { readonly work: Work; readonly field: Id }[]): void {
    const { journal, person, project } = this.ports
    const edits = changes.map(({ work, field }) => ({ client: this.client, n: (this.number += 1), person, project, item: work.task.item.id, response: work.task.response.id, annotation: field, before: null, after: work.store.get(field), active_ms: 0 }))
    void journal.keep(edits)
  }

  /** Says on an item again what a closed tab could not hand in; whether there was anything. */
  takeUp(work: Work): boolean {
    const { journal } = this.ports
    const item = work.task.item.id
    const left = this.left.filter((e) => e.item === item)
    if (left.length === 0) return false
    const said = new Map(work.store.list().map((a) => [a.id, a]))
    for (const { annotation, after } of left) {
      if (after) said.set(annotation, after)
      else said.delete(annotation)
    }
    work.become([...said.values()])
    this.left = this.left.filter((e) => e.item !== item)
    for (const [client, edits] of Map.groupBy(left, (e) => e.client)) {
      const mine = edits.map((e) => ({ ...e, client: this.client, n: (this.number += 1) }))
      void journal.keep(mine).then(() => journal.forget(client, edits.map((e) => e.n)))
    }
    return true
  }
}
