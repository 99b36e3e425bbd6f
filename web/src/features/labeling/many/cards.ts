// The cards of a page: what is known of an item before it is opened, and what becomes of it.

import type { Json, Task } from '../../../engine/types'
import type { Work } from '../../../engine/work'

/** What is known of an item before it is opened. */
export type Row = Pick<Task['item'], 'id' | 'key' | 'metadata'> & { readonly streams: Readonly<Record<string, { readonly kind: string; readonly url?: string; readonly text?: string }>> }

export interface Card {
  readonly row: Row
  work: Work | null
  state: 'open' | 'sending' | 'handed'
  /** Whether something was said here that is not handed in. */
  touched: boolean
  problem: string | null
}

/** The name people know an item by. */
export function titleOf(row: Row): string {
  return row.key ?? row.id.slice(0, 8)
}

/** Whether a value is, or has among others, this option. */
export function isOn(value: Json | undefined, option: string): boolean {
  return Array.isArray(value) ? value.includes(option) : value !== undefined && String(value) === option
}

/** Whether an item's name, metadata or texts hold these words, in lower case. */
export function holds(row: Row, words: string): boolean {
  return [row.key ?? '', ...Object.values(row.metadata).map(String), ...Object.values(row.streams).map((s) => s.text ?? '')].some((text) => text.toLowerCase().includes(words))
}
