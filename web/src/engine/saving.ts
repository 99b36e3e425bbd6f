// Whether all that was done is on the server: one word for many parts.

import type { DraftSync } from './draft'
import type { FailureKind } from './failure'
import type { Outbox } from './outbox'
import type { Undos } from './undos'

export type SaveKind = 'saved' | 'saving' | 'offline' | 'signed_out' | 'two_versions' | 'refused'

export interface SaveState {
  readonly kind: SaveKind
  /** Changes kept on this device and not yet on the server. */
  readonly count: number
  readonly since: number | null
}

export interface Parts {
  /** Of the open work; null while there is none. */
  readonly open: DraftSync | null
  /** Of all work that is begun. */
  readonly syncs: readonly DraftSync[]
  readonly outbox: Outbox
  readonly undos: Undos
  readonly failure: FailureKind | null
}

/** The worst of what holds; what waits for the next pause of the hand is not saved yet either. */
export function saveKindOf({ open, syncs, outbox, undos, failure }: Parts): SaveKind {
  const states = new Set<string | null>([...syncs.map((sync) => sync.status), outbox.status, undos.stuck, failure])
  if (states.has('signed_out')) return 'signed_out'
  if (open !== null && open.conflicts.length > 0) return 'two_versions'
  if (states.has('offline')) return 'offline'
  if (open?.status === 'refused') return 'refused'
  return states.has('waiting') || states.has('sending') || outbox.count + undos.count > 0 ? 'saving' : 'saved'
}
