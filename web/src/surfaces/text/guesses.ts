// What a list of words suggests in a text: found block by block as it comes into sight, never where a span of the field is.

import type { Field } from '../../engine/schema'
import type { Suggestion, Suggesting } from '../../engine/suggesting'
import type { Found } from '../../engine/word-list'
import type { Block } from '../../ui/blocks'
import type { TextDocument } from './document'

/** Around a piece of a long line, so much more is read: words may go on over its seams. */
const AROUND = 240

export interface Guess extends Suggestion {
  /** UTF-16 units of the document. */
  readonly start: number
  readonly end: number
  readonly index: number | null
}

export class Guesses {
  private readonly found = new Map<string, readonly Found[]>()

  constructor(
    private readonly doc: TextDocument,
    private readonly all: readonly Suggesting[],
  ) {}

  /** What is suggested within a block, in the order of the text. */
  in(block: Block, passed: ReadonlySet<string>): Guess[] {
    return this.all.flatMap((one, n) => this.of(one, n, block).flatMap((found) => this.guess(one.field, found, passed))).sort((a, b) => a.start - b.start)
  }

  private of({ field, list }: Suggesting, n: number, block: Block): readonly Found[] {
    const key = `${n}/${block.start}-${block.end}`
    const known = this.found.get(key)
    if (known) return known
    const { text } = this.doc
    const from = block.startsLine ? block.start : Math.max(text.lastIndexOf('\n', block.start - 1) + 1, block.start - AROUND)
    const to = block.endsLine ? block.end : Math.min(block.end + AROUND, endOfLine(text, block.end))
    const labels = new Set(field.labels.map((label) => label.key))
    const found = list
      .find(text.slice(from, to))
      .map(({ start, end, label }) => ({ start: start + from, end: end + from, label }))
      .filter(({ start, label }) => start >= block.start && start < block.end && labels.has(label))
    this.found.set(key, found)
    return found
  }

  private guess(field: Field, { start, end, label }: Found, passed: ReadonlySet<string>): Guess[] {
    const { doc } = this
    const key = `${field.key}/${start}-${end}`
    const kind = doc.kinds.get(field.kind)
    if (kind?.surface !== 'text' || passed.has(key) || doc.between(start, end).some(({ id }) => doc.work.store.get(id)?.field === field.key)) return []
    const part = doc.partAt(start)
    const index = field.labels.find((one) => one.key === label)?.index ?? null
    return [{ key, field, label, start, end, index, words: doc.text.slice(start, end), value: kind.fromSelection(doc.toPoints(start, end)), ...(part === undefined ? {} : { part }) }]
  }
}

function endOfLine(text: string, from: number): number {
  const at = text.indexOf('\n', from)
  return at < 0 ? text.length : at
}
