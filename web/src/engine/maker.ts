// Makes work of a task: what was answered so far, with what an earlier tab could not send any more.

import { Activity } from './activity'
import { DraftSync } from './draft'
import type { JournalEdit } from './ports'
import type { Ready } from './queue'
import type { SessionOptions } from './session'
import type { Id } from './types'
import { Work } from './work'

export class Maker {
  private edits: readonly JournalEdit[] = []
  private number = 0

  constructor(
    private readonly options: SessionOptions,
    private readonly client: Id,
    private readonly changed: () => void,
  ) {}

  /** Edits that a closed tab left in the journal; each is taken up with its item. */
  left(edits: readonly JournalEdit[]): void {
    this.edits = edits
  }

  make({ task, texts }: Ready): Work {
    const { clock, newId, schema, kinds, api, journal, channel, person, project } = this.options
    const left = this.edits.filter((e) => e.item === task.item.id)
    const activity = new Activity(clock, Math.max(0, ...left.map((e) => e.active_ms)))
    const work = new Work(task, schema, texts, activity, newId, kinds)
    work.sync = new DraftSync(
      { api, journal, channel, clock, newId, person, project, client: this.client, nextNumber: () => (this.number += 1), activeMs: () => Math.round(activity.ms) },
      work,
      this.changed,
    )
    if (left.length > 0) this.takeUp(work, left)
    return work
  }

  /** They are made again here, and leave the journal under their old numbers. */
  private takeUp(work: Work, left: readonly JournalEdit[]): void {
    this.edits = this.edits.filter((e) => !left.includes(e))
    for (const [client, edits] of Map.groupBy(left, (e) => e.client)) {
      work.sync?.recover(edits)
      void this.options.journal.forget(client, edits.map((e) => e.n))
    }
  }
}
