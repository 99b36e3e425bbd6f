// What pressing a key makes of a ranking, and which keys there are.

import type { KeyedOption } from '../engine/kind'
import { shown } from '../engine/problem'
import type { Field } from '../engine/schema'
import { letterOf } from '../engine/talk'
import type { Json } from '../engine/types'
import { m } from './messages'
import { type Order, placedNext, type Ranking, rankingOf, tiedLast, valueOf } from './orders'
import { optionsOf } from './ranking-check'

/** Candidates that a digit each can place. */
const DIGITS = 9

/** The answers of a pair from the first to the second, then both bad: `1+2` is the first, by two steps. */
export function pairOptions(field: Field): readonly KeyedOption[] {
  const { ties, noneGood, strengths } = optionsOf(field)
  const steps = Array.from({ length: strengths }, (_, i) => i + 1)
  const side = (place: 0 | 1, by: number) => ({ value: `${place + 1}+${by}`, title: m.better(letterOf(place), by), key: null })
  return [
    ...steps.toReversed().map((by) => side(0, by)),
    ...(ties ? [{ value: '=', title: m.tie, key: null }] : []),
    ...steps.map((by) => side(1, by)),
    ...(noneGood ? [{ value: '0', title: m.bothBad, key: '0' }] : []),
  ]
}

function listOptions(field: Field): readonly KeyedOption[] {
  const { ties, noneGood } = optionsOf(field)
  return [
    ...Array.from({ length: DIGITS }, (_, i) => ({ value: String(i + 1), title: m.placeNext(letterOf(i)), key: String(i + 1) })),
    ...(ties ? [{ value: '=', title: m.tieLast, key: '=' }] : []),
    ...(noneGood ? [{ value: '0', title: m.noneGood, key: '0' }] : []),
  ]
}

export function keys(field: Field): readonly KeyedOption[] {
  return optionsOf(field).pairwise ? pairOptions(field) : listOptions(field)
}

export function press(field: Field, value: Json | undefined, option: string | null, parts: readonly string[] = []): Json | undefined {
  const was = rankingOf(value)
  const chosen = optionsOf(field).pairwise ? pairAnswer(option, parts) : listAnswer(field, was, option, parts)
  if (chosen === undefined) return value
  const next = valueOf(chosen)
  if (chosen.order.length === 0 && !chosen.none_good) return undefined
  // The same key again takes the answer back, where there may be none.
  return optionsOf(field).pairwise && shown(next) === shown(value) && !field.required ? undefined : next
}

function pairAnswer(option: string | null, [first, second]: readonly string[]): Ranking | undefined {
  if (option === null || first === undefined || second === undefined) return undefined
  if (option === '0') return { order: [], none_good: true, strength: 1 }
  if (option === '=') return { order: [[first, second]], none_good: false, strength: 1 }
  const [side, by] = option.split('+')
  return { order: side === '1' ? [[first], [second]] : [[second], [first]], none_good: false, strength: Number(by) }
}

function listAnswer(field: Field, was: Ranking | null, option: string | null, parts: readonly string[]): Ranking | undefined {
  const order: Order = was?.order ?? []
  const made = (next: Order): Ranking => ({ order: withLast(field, next, parts), none_good: was?.none_good ?? false, strength: 1 })
  if (option === null) return undefined
  if (option === '0') return was?.none_good ? { order, none_good: false, strength: 1 } : { order, none_good: true, strength: 1 }
  if (option === '=') return { ...made(order), order: tiedLast(order) }
  const key = parts[Number(option) - 1]
  return key === undefined ? undefined : made(placedNext(order, key))
}

/** Where all are to be ranked, the last one left has its place by itself. */
function withLast(field: Field, order: Order, parts: readonly string[]): Order {
  const left = parts.filter((key) => !order.flat().includes(key))
  return optionsOf(field).complete && left.length === 1 && order.length > 0 ? [...order, left] : order
}
