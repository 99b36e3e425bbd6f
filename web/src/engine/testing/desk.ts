// Sessions on a fake server, as many tabs as a test needs.

import type { Kinds } from '../check'
import { MemoryChannel, MemoryJournal } from '../memory'
import { WHO_LIVES_MS } from '../pace'
import { readSchema } from '../schema'
import { Session, type Start } from '../session'
import type { Annotation, Id, TaskItem } from '../types'
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

const objects = SCHEMA.fields[0]!
export const weather = SCHEMA.fields[1]!

/** Draws a car on the open item, `left` telling one from another. */
export const draw = (session: Session, left: number): Id => session.work!.add(objects, 'car', { left, top: 1, right: left + 9, bottom: 9 })
export const moveTo = (session: Session, id: Id, left: number): void => session.work!.setValues(new Map([[id, { left, top: 1, right: left + 9, bottom: 9 }]]))
export const drafted = (desk: Desk, item: Id): Annotation[] => [...(desk.server.drafts.get(item)?.annotations.values() ?? [])]
export const lefts = (annotations: readonly { value: unknown }[]): number[] => annotations.map((a) => (a.value as { left: number }).left)

/** A browser: its journal and its tabs; the server and the clock are outside. */
export class Desk {
  readonly clock = new ManualClock()
  readonly server = new FakeServer(ITEMS)
  readonly journal = new MemoryJournal()
  /** Items whose pictures were asked for. */
  readonly prepared: Id[] = []
  private readonly channel = new MemoryChannel()
  private readonly tabs = new Map<Session, { closed: boolean }>()
  private ids = 0
  /** Whether what is handed in stays on the screen. */
  keeps = (): boolean => false

  /** Closes a tab without a word, as a crash does. */
  forget(session: Session): void {
    const tab = this.tabs.get(session)
    if (tab) tab.closed = true
  }

  /** Opens a tab. */
  tab(start: Start = { queue: true }, kinds: Kinds = new Map()): Session {
    const tab = { closed: false }
    const channel = this.channel.tab()
    const session = new Session(
      {
        api: this.server,
        journal: this.journal,
        channel: { send: (message) => tab.closed || channel.send(message), listen: (hear) => channel.listen((message) => tab.closed || hear(message)) },
        clock: this.clock,
        newId: () => `id-${(this.ids += 1)}`,
        media: { prepare: (task) => void this.prepared.push(task.item.id) },
        kinds,
        person: 'person-1',
        project: 'project-1',
        schema: SCHEMA,
        schemaVersion: 1,
        keeps: () => this.keeps(),
      },
      start,
    )
    this.tabs.set(session, tab)
    return session
  }

  async opened(start: Start = { queue: true }, kinds: Kinds = new Map()): Promise<Session> {
    const session = this.tab(start, kinds)
    void session.begin()
    await this.clock.pass(0)
    if (session.phase === 'loading') await this.clock.pass(WHO_LIVES_MS)
    return session
  }
}
