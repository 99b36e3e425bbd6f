// Orders of candidates with ties: what pressing, moving and tying makes of them.

import { isRecord, isList } from '../engine/problem'
import type { Json } from '../engine/types'

/** Places from best to worst; those in one place are tied. */
export type Order = readonly (readonly string[])[]

export interface Ranking {
  readonly order: Order
  readonly none_good: boolean
  readonly strength: number
}

/** A value as it is, sound or not; null where it has no order at all. */
export function rankingOf(value: Json | undefined): Ranking | null {
  if (!isRecord(value)) return null
  const { order, none_good, strength } = value
  if (!isList(order) || !order.every((place) => isList(place) && place.every((key) => typeof key === 'string'))) return null
  return { order: order as Order, none_good: none_good === true, strength: typeof strength === 'number' ? strength : 1 }
}

/** The value as it travels: ties in the order of their keys, and nothing that is the default. */
export function valueOf({ order, none_good, strength }: Ranking): Json {
  const places = order.map((place) => place.toSorted(byCodePoint)).filter((place) => place.length > 0)
  return { order: places, ...(none_good ? { none_good } : {}), ...(strength > 1 && places.length > 1 ? { strength } : {}) }
}

/** Puts a candidate after all that have a place; one that has a place is taken out. */
export function placedNext(order: Order, key: string): Order {
  return order.some((place) => place.includes(key)) ? without(order, key) : [...order, [key]]
}

/** Ties the last place with the one before, or parts what is tied there. */
export function tiedLast(order: Order): Order {
  const last = order.at(-1) ?? []
  if (last.length > 1) return [...order.slice(0, -1), last.slice(0, -1), last.slice(-1)]
  const before = order.at(-2)
  return before === undefined ? order : [...order.slice(0, -2), [...before, ...last]]
}

/** Moves a candidate to a place of its own before the place at `to`, or into that place where `tie` is set. */
export function movedTo(order: Order, key: string, to: number, tie: boolean): Order {
  const marked: Order = tie ? order.map((place, i) => (i === to && !place.includes(key) ? [...place, key] : place.filter((k) => k !== key || i === to))) : [...order.slice(0, to).map((place) => place.filter((k) => k !== key)), [key], ...order.slice(to).map((place) => place.filter((k) => k !== key))]
  return marked.filter((place) => place.length > 0)
}

/** One place up or down: out of a tie first, then past the neighbours. */
export function stepped(order: Order, key: string, by: 1 | -1): Order {
  const at = order.findIndex((place) => place.includes(key))
  if (at < 0) return placedNext(order, key)
  const tied = (order[at]?.length ?? 0) > 1
  if (tied) return movedTo(order, key, by < 0 ? at : at + 1, false)
  if (by < 0) return at === 0 ? order : movedTo(order, key, at - 1, false)
  return at === order.length - 1 ? order : movedTo(order, key, at + 2, false)
}

export function without(order: Order, key: string): Order {
  return order.map((place) => place.filter((k) => k !== key)).filter((place) => place.length > 0)
}

function byCodePoint(a: string, b: string): number {
  const [x, y] = [[...a], [...b]]
  for (let i = 0; i < Math.min(x.length, y.length); i += 1) {
    const d = (x[i]?.codePointAt(0) ?? 0) - (y[i]?.codePointAt(0) ?? 0)
    if (d !== 0) return d
  }
  return x.length - y.length
}
