// Which cards of a page are chosen: one after another, a range, all; and where the keyboard stands.

import type { Id } from '../../../engine/types'

export interface Chosen {
  /** Where the keyboard stands. */
  readonly at: Id | null
  /** Where a range begins. */
  readonly from: Id | null
  readonly ids: ReadonlySet<Id>
  /** An answer was given to these: the next choice begins anew. */
  readonly spent: boolean
}

export const NONE: Chosen = { at: null, from: null, ids: new Set(), spent: false }

/** Chooses one more card, or one less. */
export function toggled(chosen: Chosen, id: Id): Chosen {
  const ids = new Set(chosen.spent ? [] : chosen.ids)
  if (chosen.spent || !ids.delete(id)) ids.add(id)
  return { at: id, from: id, ids, spent: false }
}

/** Chooses everything from where a range began to here. */
export function extended(chosen: Chosen, id: Id, order: readonly Id[]): Chosen {
  const start = order.indexOf(chosen.from ?? chosen.at ?? id)
  const [low, high] = [Math.max(0, Math.min(start, order.indexOf(id))), Math.max(start, order.indexOf(id))]
  const kept = chosen.spent ? [] : [...chosen.ids]
  return { at: id, from: order[Math.max(0, start)] ?? id, ids: new Set([...kept, ...order.slice(low, high + 1)]), spent: false }
}

/** Moves the keyboard without choosing. */
export function moved(chosen: Chosen, id: Id): Chosen {
  return { at: id, from: id, ids: chosen.spent ? new Set() : chosen.ids, spent: false }
}

/** Chooses all of these, or none where all are chosen. */
export function whole(chosen: Chosen, order: readonly Id[]): Chosen {
  const all = order.length > 0 && order.every((id) => chosen.ids.has(id))
  return { ...chosen, ids: new Set(all ? [] : order), spent: false }
}

/** What an answer goes to, in the order of the page: what is chosen, else the card on which the keyboard stands. */
export function meant(chosen: Chosen, order: readonly Id[]): readonly Id[] {
  const ids = order.filter((id) => chosen.ids.has(id))
  return ids.length > 0 ? ids : order.filter((id) => id === chosen.at)
}
