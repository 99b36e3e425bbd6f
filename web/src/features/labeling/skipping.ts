// What skipping means in a project: the reasons to choose from, and what becomes of the item.

import { BROKEN } from '../../engine/session'
import { m } from './messages'

/** As the server tells it: reasons by key, and a rule for each stage at which people label, the first one first. */
export interface Skipping {
  readonly reasons: Readonly<Record<string, string>>
  readonly rules: Readonly<Record<string, { readonly requeue: 'others' | 'me' | 'none'; readonly sends: boolean }>>
}

/** The reasons, each with its key on the keyboard's row of digits as long as there are digits. */
export function reasonsOf(skipping: Skipping | undefined): { key: string; title: string; digit: number | null }[] {
  const entries = Object.entries(skipping?.reasons ?? { other: m.skipOther })
  return entries.map(([key, title], i) => ({ key, title, digit: i < 9 ? i + 1 : null }))
}

/** What happens to the item at a stage, who reads why, and what becomes of what was done on it. */
export function skipWords(skipping: Skipping | undefined, stage: string | undefined, reason: string): string[] {
  const rules = skipping?.rules ?? {}
  const rule = (stage === undefined ? undefined : rules[stage]) ?? Object.values(rules)[0]
  const then = rule === undefined ? [] : [rule.requeue === 'others' && rule.sends ? m.skipThen.sends : m.skipThen[rule.requeue], m.skipSeen]
  return [...then, reason === BROKEN ? m.skipKept : m.skipLost]
}
