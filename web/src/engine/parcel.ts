// A response as it goes to the server: what was said, on which item, from which revision, and how long it took.

import type { Clock, Parcel } from './ports'
import type { Id, NewRevision } from './types'
import type { Work } from './work'

export type Said = Pick<NewRevision, 'state' | 'skip' | 'covers' | 'annotations' | 'judged'>

export interface Sender {
  readonly clock: Clock
  readonly client: Id
  readonly person: Id
  readonly project: Id
  readonly schemaVersion: number
}

/** `later`: how many revisions after the one that the item was opened for. */
export function parcelOf(work: Work, said: Said, { clock, client, person, project, schemaVersion }: Sender, later = 0): Parcel {
  const { task } = work
  const { id: response, base } = task.response
  const revision = task.response.revision + later
  const body: NewRevision = {
    item: task.item.id,
    item_revision: task.item.revision,
    ...(task.assignment ? { assignment: task.assignment.id } : {}),
    schema: task.schema ?? schemaVersion,
    ...said,
    ...(base ? { base } : {}),
    active_ms: Math.round(work.activity.ms),
    client_at: new Date(clock.now()).toISOString(),
  }
  return { id: `${response}/${revision}`, client, person, project, response, revision, title: work.title, body, at: clock.now() }
}
