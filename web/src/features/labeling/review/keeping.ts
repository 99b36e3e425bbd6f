// Verdicts and notes of a review that is not handed in yet, kept on this device: a reload goes on with them.

import type { Id } from '../../../engine/types'
import type { Defect, Judged } from './shapes'

export interface Kept {
  readonly verdicts: readonly (readonly [string, Pick<Judged, 'verdict' | 'defects' | 'note'>])[]
  readonly noted: readonly (readonly [string, readonly Defect[]])[]
  readonly note: string
  readonly begunFrom: string | null
}

const nameOf = (assignment: Id): string => `karat.review.${assignment}`

export function kept(assignment: Id): Kept | null {
  const found = sessionStorage.getItem(nameOf(assignment))
  return found === null ? null : (JSON.parse(found) as Kept)
}

export function keep(assignment: Id, what: Kept): void {
  sessionStorage.setItem(nameOf(assignment), JSON.stringify(what))
}

export function forget(assignment: Id): void {
  sessionStorage.removeItem(nameOf(assignment))
}
