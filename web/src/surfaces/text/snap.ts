// Where a selection really begins and ends: never inside a character people see as one; at words or sentences if wanted.

import type { Snap } from '../../engine/view'

type Segment = { readonly start: number; readonly end: number; readonly isWord: boolean }

const GRANULARITY = { char: 'grapheme', word: 'word', sentence: 'sentence' } as const
const segmenters = new Map<string, Intl.Segmenter>()
const cut = new Map<string, readonly Segment[]>()

/** How a text is cut into characters, words or sentences. The texts are blocks, so they are short. */
export function segmentsOf(text: string, snap: Snap): readonly Segment[] {
  const key = `${snap}${text}`
  const known = cut.get(key)
  if (known) return known
  const made = [...segmenter(snap).segment(text)].map(({ index, segment, isWordLike }) => ({ start: index, end: index + segment.length, isWord: isWordLike ?? segment.trim() !== '' }))
  if (cut.size > 64) cut.clear()
  cut.set(key, made)
  return made
}

function segmenter(snap: Snap): Intl.Segmenter {
  const made = segmenters.get(snap) ?? new Intl.Segmenter(undefined, { granularity: GRANULARITY[snap] })
  segmenters.set(snap, made)
  return made
}

/**
 * A range of a text grown to whole characters, words or sentences; white space at its ends is let go.
 * Null when nothing but white space is left.
 */
export function snapped(text: string, from: number, to: number, snap: Snap): { readonly start: number; readonly end: number } | null {
  const [a, b] = from <= to ? [from, to] : [to, from]
  const touched = segmentsOf(text, snap).filter((s) => s.end > a && s.start < b)
  const words = snap === 'word' ? touched.filter((s) => s.isWord) : touched
  const kept = words.length > 0 ? words : touched
  const [first, last] = [kept[0], kept.at(-1)]
  return first && last ? trimmed(text, first.start, last.end) : null
}

function trimmed(text: string, start: number, end: number): { start: number; end: number } | null {
  const inside = text.slice(start, end)
  const front = inside.length - inside.trimStart().length
  const back = inside.length - inside.trimEnd().length
  return front + back >= inside.length ? null : { start: start + front, end: end - back }
}

/** The next place for the caret, one character or word on. */
export function stepped(text: string, at: number, by: 1 | -1, snap: Snap): number {
  const segments = segmentsOf(text, snap)
  if (by > 0) {
    const next = segments.find((s) => s.end > at && (snap !== 'word' || s.isWord))
    return next?.end ?? text.length
  }
  const before = segments.findLast((s) => s.start < at && (snap !== 'word' || s.isWord))
  return before?.start ?? 0
}
