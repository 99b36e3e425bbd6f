// The journal in the browser's own database: it outlives tabs, crashes and restarts.

import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import { MemoryJournal } from '../../engine/memory'
import type { Holding, Journal, JournalEdit, Parcel } from '../../engine/ports'
import type { Id } from '../../engine/types'

interface Tables extends DBSchema {
  edits: { key: [Id, number]; value: JournalEdit; indexes: { person: Id; item: Id } }
  parcels: { key: string; value: Parcel; indexes: { person: Id } }
  holdings: { key: Id; value: Holding }
}

/** Opens the journal; where the browser keeps nothing (private windows) it lives as long as the page. */
export async function openJournal(name = 'karat.journal'): Promise<Journal> {
  try {
    return new BrowserJournal(await openDB<Tables>(name, 1, { upgrade }))
  } catch {
    return new MemoryJournal()
  }
}

function upgrade(db: IDBPDatabase<Tables>): void {
  const edits = db.createObjectStore('edits', { keyPath: ['client', 'n'] })
  edits.createIndex('person', 'person')
  edits.createIndex('item', 'item')
  db.createObjectStore('parcels', { keyPath: 'id' }).createIndex('person', 'person')
  db.createObjectStore('holdings', { keyPath: 'client' })
}

class BrowserJournal implements Journal {
  constructor(private readonly db: IDBPDatabase<Tables>) {}

  async edits(person: Id): Promise<readonly JournalEdit[]> {
    return (await this.db.getAllFromIndex('edits', 'person', person)).sort((a, b) => a.n - b.n)
  }

  async parcels(person: Id): Promise<readonly Parcel[]> {
    return this.db.getAllFromIndex('parcels', 'person', person)
  }

  async keep(edits: readonly JournalEdit[]): Promise<void> {
    // Relaxed: on its way to the disk with the page's next breath; a killed tab does not lose it.
    const tx = this.db.transaction('edits', 'readwrite', { durability: 'relaxed' })
    for (const edit of edits) void tx.store.put(edit)
    tx.commit()
    await tx.done
  }

  async forget(client: Id, numbers: readonly number[]): Promise<void> {
    const tx = this.db.transaction('edits', 'readwrite', { durability: 'relaxed' })
    for (const n of numbers) void tx.store.delete([client, n])
    tx.commit()
    await tx.done
  }

  async post(parcel: Parcel): Promise<void> {
    const tx = this.db.transaction(['edits', 'parcels'], 'readwrite')
    void tx.objectStore('parcels').put(parcel)
    const keys = await tx.objectStore('edits').index('item').getAllKeys(parcel.body.item)
    // Another tab's edits, or another person's, are not in this parcel.
    for (const key of keys.filter(([client]) => client === parcel.client)) void tx.objectStore('edits').delete(key)
    tx.commit()
    await tx.done
  }

  async delivered(id: string): Promise<void> {
    await this.db.delete('parcels', id)
  }

  async hold(holding: Holding): Promise<void> {
    if (holding.items.length === 0) await this.db.delete('holdings', holding.client)
    else await this.db.put('holdings', holding)
  }

  async holdings(person: Id, project: Id): Promise<readonly Holding[]> {
    return (await this.db.getAll('holdings')).filter((h) => h.person === person && h.project === project)
  }
}
