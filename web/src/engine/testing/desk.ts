// Sessions on a fake server, as many tabs as a test needs.

import type { Kinds } from '../check'
import { MemoryChannel, MemoryJournal } from '../memory'
import { readSchema } from '../schema'
import { Session, type Start } from '../session'
import type { TaskItem } from '../types'
import { ManualClock } from './clock'
import { FakeServer } from './server'

export const SCHEMA = readSchema({
  streams: { photo: { kind: 'image' } },
  fields: {
    objects: { kind: 'box', on: 'photo', many: true, labels: { car: { attributes: { occluded: { kind: 'choice', default: 'no', options: { no: {}, yes: {} } } } }, bus: {} } },
    weather: { kind: 'choice', options: { sun: {}, rain: {} } },
  },
})

export const ITEMS: readonly TaskItem[] = ['a', 'b', 'c', 'd', 'e'].map((id) => ({
  id,
  revision: 1,
  key: `street-${id}`,
  streams: { photo: { kind: 'image', url: `/${id}.jpg`, facts: { width: 640, height: 480 } } },
  metadata: {},
}))

/** A browser: its journal and its tabs; the server and the clock are outside. */
export class Desk {
  readonly clock = new ManualClock()
  readonly server = new FakeServer(ITEMS)
  readonly journal = new MemoryJournal()
  private readonly channel = new MemoryChannel()
  private ids = 0

  /** Opens a tab. Closing it without a word is simply to forget it. */
  tab(start: Start = { queue: true }, kinds: Kinds = new Map()): Session {
    return new Session(
      {
        api: this.server,
        journal: this.journal,
        channel: this.channel.tab(),
        clock: this.clock,
        newId: () => `id-${(this.ids += 1)}`,
        media: { prepare: () => undefined },
        kinds,
        person: 'person-1',
        project: 'project-1',
        schema: SCHEMA,
        schemaVersion: 1,
      },
      start,
    )
  }

  async opened(start: Start = { queue: true }, kinds: Kinds = new Map()): Promise<Session> {
    const session = this.tab(start, kinds)
    await session.begin()
    await this.clock.pass(0)
    return session
  }
}
