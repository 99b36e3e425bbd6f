// Parts of a stream that a field is answered once for each of: the turns of a conversation, the answers to compare.

import type { Field } from './schema'
import { letterOf } from './talk'
import type { Facts, Id, Parts } from './types'

/** A character for each role, by its place; see `karat.model.parts`. */
const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
const NONE: readonly string[] = []

/** The keys of all parts, in the order in which this person sees them. */
export function keysOf(parts: Parts): readonly string[] {
  return parts.keys ?? Array.from({ length: parts.count ?? 0 }, (_, i) => String(i))
}

/** The parts on which a field is asked, in the order of the stream; none for a field that is answered once an item. */
export function partsAsked(field: Field, facts: Facts | undefined): readonly string[] {
  const parts = field.each === null ? undefined : facts?.each?.[field.each]
  if (parts === undefined) return NONE
  if (field.of.length === 0) return keysOf(parts)
  const wanted = new Set((parts.roles ?? []).flatMap((role, i) => (field.of.includes(role) ? [DIGITS[i]] : [])))
  return keysOf(parts).filter((_, i) => wanted.has(parts.role?.[i]))
}

/** The id of a field's one annotation, or of its one on a part: the same in every tab and on every machine. */
export function idOf(field: Field, part: string | null): Id {
  return part === null || field.each === null ? field.key : `${field.key}/${part}`
}

/** What people call a part: turns and messages by their number from 1 on, others by the letter of their place, as nothing tells where they come from. */
export function nameOf(parts: Parts, key: string): string {
  if (parts.keys === undefined) return String(Number(key) + 1)
  const place = parts.keys.indexOf(key)
  return parts.keys.length <= 26 && parts.roles === undefined ? letterOf(place) : String(place + 1)
}
