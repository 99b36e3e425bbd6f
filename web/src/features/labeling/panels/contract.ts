// What a panel says, read from whatever arrived: it is code that nobody here wrote.

import type { FromPanel } from '../../../../../docs/panels/karat-panel'
import type { Json } from '../../../engine/types'

export type { FromHost, FromPanel, Look } from '../../../../../docs/panels/karat-panel'

export const VERSION = 1
export const LOWEST = 60
export const HIGHEST = 1200
const LARGEST = 1_000_000
const LONGEST_PROBLEM = 300
const LONGEST_KEY = 32

/** The message if it is one of the contract's, with what does not belong taken out; null if not. */
export function readPanel(given: unknown): FromPanel | null {
  if (!isRecord(given) || given['karat'] !== VERSION) return null
  const { field, value, height, text, key, code } = given
  switch (given['type']) {
    case 'set': {
      const read = plain(value)
      return typeof field === 'string' && read !== undefined ? { karat: VERSION, type: 'set', field, value: read } : null
    }
    case 'remove':
      return typeof field === 'string' ? { karat: VERSION, type: 'remove', field } : null
    case 'height':
      return typeof height === 'number' && Number.isFinite(height) ? { karat: VERSION, type: 'height', height: Math.min(HIGHEST, Math.max(LOWEST, Math.round(height))) } : null
    case 'problem':
      return typeof text === 'string' && text !== '' ? { karat: VERSION, type: 'problem', text: text.slice(0, LONGEST_PROBLEM) } : null
    case 'key':
      if (!isShort(key) || !isShort(code)) return null
      return { karat: VERSION, type: 'key', key, code, ctrlKey: given['ctrlKey'] === true, altKey: given['altKey'] === true, shiftKey: given['shiftKey'] === true, metaKey: given['metaKey'] === true }
    default:
      return null
  }
}

/** Whether a window says that a panel in it waits for its port. */
export function isReady(given: unknown): boolean {
  return isRecord(given) && given['karat'] === VERSION && given['type'] === 'ready'
}

/** The value as JSON would carry it; undefined where JSON cannot, or where it is too large. */
function plain(value: unknown): Json | undefined {
  try {
    const text = JSON.stringify(value)
    return typeof text === 'string' && text.length <= LARGEST ? (JSON.parse(text) as Json) : undefined
  } catch {
    // A circle, or a number of any length: nothing that an answer could be.
    return undefined
  }
}

function isShort(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= LONGEST_KEY
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
