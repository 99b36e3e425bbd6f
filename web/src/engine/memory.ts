// A journal and a channel that live as long as the page: for previews, and where the browser keeps nothing.

import type { Channel, Holding, Journal, JournalEdit, Parcel, TabMessage } from './ports'
import type { Id } from './types'

export class MemoryJournal implements Journal {
  private held: JournalEdit[] = []
  private posted: Parcel[] = []
  private readonly tabs = new Map<Id, Holding>()

  async edits(person: Id): Promise<readonly JournalEdit[]> {
    return this.held.filter((e) => e.person === person).toSorted((a, b) => a.n - b.n)
  }

  async parcels(person: Id): Promise<readonly Parcel[]> {
    return this.posted.filter((p) => p.person === person)
  }

  async keep(edits: readonly JournalEdit[]): Promise<void> {
    this.held.push(...edits)
  }

  async forget(client: Id, numbers: readonly number[]): Promise<void> {
    const gone = new Set(numbers)
    this.held = this.held.filter((e) => e.client !== client || !gone.has(e.n))
  }

  async post(parcel: Parcel): Promise<void> {
    this.posted = [...this.posted.filter((p) => p.id !== parcel.id), parcel]
    this.held = this.held.filter((e) => e.client !== parcel.client || e.item !== parcel.body.item)
  }

  async delivered(id: string): Promise<void> {
    this.posted = this.posted.filter((p) => p.id !== id)
  }

  async hold(holding: Holding): Promise<void> {
    if (holding.items.length === 0) this.tabs.delete(holding.client)
    else this.tabs.set(holding.client, holding)
  }

  async holdings(person: Id, project: Id): Promise<readonly Holding[]> {
    return [...this.tabs.values()].filter((h) => h.person === person && h.project === project)
  }
}

/** Joins the tabs of one page; a real one is a BroadcastChannel. */
export class MemoryChannel {
  private readonly tabs = new Set<(message: TabMessage, from: Channel) => void>()

  tab(): Channel {
    const channel: Channel = {
      send: (message) => {
        for (const hear of this.tabs) hear(message, channel)
      },
      listen: (hear) => {
        const other = (message: TabMessage, from: Channel) => {
          if (from !== channel) hear(message)
        }
        this.tabs.add(other)
        return () => this.tabs.delete(other)
      },
    }
    return channel
  }
}
