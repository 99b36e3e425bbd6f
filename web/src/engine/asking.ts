// What a session asks the server in passing: nothing here changes what is open or on its way.

import type { Kinds } from './check'
import type { Channel, Clock, Journal, LabelingApi, Lookup, Media, NewId } from './ports'
import type { Schema } from './schema'
import { Signal } from './signal'
import type { Feedback, Id } from './types'
import type { Work } from './work'

export interface SessionOptions {
  readonly api: LabelingApi
  readonly journal: Journal
  readonly channel: Channel
  readonly clock: Clock
  readonly newId: NewId
  readonly media: Media
  readonly kinds: Kinds
  readonly person: Id
  readonly project: Id
  readonly schema: Schema
  readonly schemaVersion: number
  /** Whether an item that is handed in stays on the screen, to show what came of it, until the person goes on. */
  readonly keeps?: () => boolean
  /** The server has this item's answer. */
  readonly arrived?: (item: Id) => void
}

export class Asking extends Signal {
  constructor(protected readonly options: SessionOptions) {
    super()
  }

  /** What this person handed in last, newest first. */
  recent(cursor: string | null = null): ReturnType<LabelingApi['mine']> {
    return this.options.api.mine(this.options.project, cursor)
  }

  /** Why a held item that was answered before is to be done again; null where nobody sent it back. */
  async sentBack(work: Work): Promise<Feedback | null> {
    const { task } = work
    if (task.assignment === null || !task.before || this.options.api.feedback === undefined) return null
    const last = (await this.options.api.feedback(task.item.id)).at(-1)
    return last?.verdict === 'rejected' ? last : null
  }

  /** Looks entries of a vocabulary up; null in a preview. */
  get lookup(): Lookup | null {
    const { api, project } = this.options
    return api.lookup?.(project) ?? null
  }

  /** Where a panel of the project's own is to be framed; null in a preview. */
  panelUrl(module: string): string | null {
    return this.options.api.panel?.(this.options.project, module) ?? null
  }
}
