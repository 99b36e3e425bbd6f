// What a judgement makes gold: an item of a decision by its result, one of a review by what stands after it.

import type { GoldUse, Id, Judged } from '../../../engine/types'
import type { Judged as Said } from './shapes'

interface Wanted {
  readonly use: GoldUse | null
  readonly project: Id
  /** Whether the judgement gives the item its result. */
  readonly isResult: boolean
  /** Whether something is said instead of what was judged. */
  readonly fixes: boolean
  readonly said: readonly Said[]
}

/** What a judgement says of gold; nothing where none is wanted, or no answer is right. */
export function goldFrom({ use, project, isResult, fixes, said }: Wanted): Pick<Judged, 'gold' | 'gold_use' | 'gold_key'> {
  if (use === null) return {}
  const made = { gold: project, gold_use: use }
  if (isResult) return made
  if (fixes) return { ...made, gold_key: 'fix' }
  const accepted = said.find(({ verdict }) => verdict === 'accepted')
  return accepted === undefined ? {} : { ...made, gold_key: { response: accepted.response, revision: accepted.revision } }
}
