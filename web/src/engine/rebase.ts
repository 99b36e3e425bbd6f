// Puts this person's unsent changes onto what the server holds by now, losing neither side.

import { same } from './same'
import type { NewId } from './ports'
import type { Change } from './store'
import type { Annotation, Id } from './types'

/** A change of mine that the server has not got: from what the server held then to what I want. */
export type Pending = ReadonlyMap<Id, { readonly before: Annotation | null; readonly after: Annotation | null }>

/** Both sides changed the same annotation. `copy` is where mine went; null where the field takes only one. */
export interface Conflict {
  readonly id: Id
  readonly field: string
  readonly mine: Annotation
  readonly theirs: Annotation
  readonly copy: Id | null
}

export interface Rebased {
  /** What the server knows and I do not. */
  readonly remote: readonly Change[]
  /** My copies, made so that both values stay. */
  readonly copies: readonly Change[]
  readonly pending: Map<Id, { readonly before: Annotation | null; readonly after: Annotation | null }>
  readonly conflicts: readonly Conflict[]
}

/**
 * Per annotation id: only theirs changed, take it; only mine, send it again; both, keep both values.
 *
 * Where a field takes one annotation only (its id is the field's key), mine stays and theirs is reported in the
 * conflict, so that the person can take it instead. A change wins over a deletion.
 */
export function rebase(known: ReadonlyMap<Id, Annotation>, pending: Pending, theirs: ReadonlyMap<Id, Annotation>, newId: NewId): Rebased {
  const result: Rebased & { remote: Change[]; copies: Change[]; conflicts: Conflict[] } = { remote: [], copies: [], pending: new Map(), conflicts: [] }
  for (const id of new Set([...known.keys(), ...theirs.keys(), ...pending.keys()])) {
    const was = known.get(id) ?? null
    const now = theirs.get(id) ?? null
    const mine = pending.get(id)
    if (mine === undefined) {
      if (!same(was, now)) result.remote.push({ id, before: was, after: now })
    } else if (same(now, mine.after)) {
      continue
    } else if (same(was, now) || same(mine.before, now)) {
      result.pending.set(id, { before: now, after: mine.after })
    } else {
      reconcile(result, id, now, mine.after, newId)
    }
  }
  return result
}

/**
 * The last of several edits of each annotation. Where the server holds what an earlier one of them made, that one did
 * arrive and only its answer was lost: the last begins there.
 */
export function latest(edits: readonly { readonly annotation: Id; readonly before: Annotation | null; readonly after: Annotation | null }[], known: ReadonlyMap<Id, Annotation>): Pending {
  const found = new Map<Id, { before: Annotation | null; after: Annotation | null }>()
  for (const [id, all] of Map.groupBy(edits, (e) => e.annotation)) {
    const now = known.get(id) ?? null
    const last = all.at(-1)
    if (last) found.set(id, { before: all.some((e) => same(e.after, now)) ? now : last.before, after: last.after })
  }
  return found
}

function reconcile(
  result: Rebased & { remote: Change[]; copies: Change[]; conflicts: Conflict[] },
  id: Id,
  theirs: Annotation | null,
  mine: Annotation | null,
  newId: NewId,
): void {
  if (mine === null) {
    result.remote.push({ id, before: null, after: theirs })
  } else if (theirs === null) {
    result.pending.set(id, { before: null, after: mine })
  } else if (id === mine.field) {
    result.pending.set(id, { before: theirs, after: mine })
    result.conflicts.push({ id, field: mine.field, mine, theirs, copy: null })
  } else {
    const copy = newId()
    const kept = { ...mine, id: copy }
    result.remote.push({ id, before: mine, after: theirs })
    result.copies.push({ id: copy, before: null, after: kept })
    result.pending.set(copy, { before: null, after: kept })
    result.conflicts.push({ id, field: mine.field, mine: kept, theirs, copy })
  }
}
