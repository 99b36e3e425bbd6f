// The styles of a text that was written in Markdown or HTML: what each line is, and which of its words look different.

import type { CodePoints } from '../../engine/codepoints'
import type { StyleMark } from '../../engine/types'
import type { Block } from '../../ui/blocks'

/** Words of a block that look alike, in UTF-16 units from its beginning. */
export interface Run {
  readonly start: number
  readonly end: number
  readonly className: string
}

/** How a block looks: its classes, the sign before it, how far it stands in, and its runs without gaps. */
export interface Dress {
  readonly className: string
  readonly sign: string
  readonly depth: number
  readonly runs: readonly Run[]
}

const OF_LINES: ReadonlySet<string> = new Set(['heading', 'item', 'quote', 'pre', 'cell', 'header'])
const DEEPEST = 8
export const UNDRESSED: Dress = { className: '', sign: '', depth: 0, runs: [] }

interface Piece {
  readonly start: number
  readonly end: number
  readonly style: string
  readonly level: number
  readonly number: number | null
}

export class Styles {
  /** The furthest end of the first marks up to each: where to begin to look. */
  private readonly reach: readonly number[]
  private readonly known = new Map<string, Dress>()

  constructor(
    private readonly marks: readonly StyleMark[],
    private readonly points: CodePoints,
  ) {
    let furthest = 0
    this.reach = marks.map(([, end]) => (furthest = Math.max(furthest, end)))
  }

  of(block: Block): Dress {
    if (this.marks.length === 0) return UNDRESSED
    const key = `${block.start}-${block.end}`
    const known = this.known.get(key)
    if (known) return known
    const made = dressed(block, this.between(block))
    this.known.set(key, made)
    return made
  }

  private between({ start, end }: Block): Piece[] {
    const [from, to] = [this.points.fromUtf16(start), this.points.fromUtf16(end)]
    let [low, high] = [0, this.marks.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.reach[middle] ?? 0) > from) high = middle
      else low = middle + 1
    }
    const found: Piece[] = []
    for (let i = low; i < this.marks.length; i += 1) {
      const [first, last, style, level, number] = this.marks[i] ?? [0, 0, '', 0, null]
      if (first >= to) break
      if (last > from) found.push({ start: Math.max(0, this.points.toUtf16(first) - start), end: Math.min(end, this.points.toUtf16(last)) - start, style, level, number })
    }
    return found
  }
}

function dressed(block: Block, pieces: readonly Piece[]): Dress {
  const lines = pieces.filter(({ style }) => OF_LINES.has(style))
  const words = pieces.filter(({ style }) => !OF_LINES.has(style))
  const item = lines.find(({ style }) => style === 'item')
  const depth = lines.reduce((sum, { style, level }) => sum + (style === 'item' || style === 'quote' ? level : 0), 0)
  const names = new Set(lines.flatMap(({ style, level }) => (style === 'heading' || (style === 'cell' && level === 1) || (style === 'header' && level === 1) ? [style, `${style}-${level}`] : [style])))
  return {
    className: [...names].map((name) => `st-${name}`).join(' '),
    sign: item && block.startsLine ? signOf(item) : '',
    depth: Math.min(depth, DEEPEST),
    runs: runsOf(words, block.end - block.start),
  }
}

function signOf({ number, level }: Piece): string {
  if (number === null) return ''
  return number === 0 ? (['•', '◦', '▪'][(level - 1) % 3] ?? '•') : `${number}.`
}

/** One after the other, each with all the styles that lie on it. */
function runsOf(words: readonly Piece[], length: number): Run[] {
  if (words.length === 0) return []
  const at = [...new Set([0, length, ...words.flatMap(({ start, end }) => [start, end])])].sort((a, b) => a - b)
  return at.slice(0, -1).map((start, i) => {
    const end = at[i + 1] ?? length
    const names = words.filter((word) => word.start <= start && word.end >= end).map(({ style }) => `st-${style}`)
    return { start, end, className: names.join(' ') }
  })
}

/** Puts words into an element with all their styles, as the page and the ruler have them. */
export function dress(words: HTMLElement, text: string, { className, sign, depth, runs }: Dress): void {
  words.className = ['text-words', className, depth > 0 ? `st-in-${depth}` : '', ...(words.classList.contains('text-ruler') ? ['text-ruler'] : [])].filter(Boolean).join(' ')
  if (sign === '') delete words.dataset['sign']
  else words.dataset['sign'] = sign
  if (runs.length === 0) words.textContent = text
  else
    words.replaceChildren(
      ...runs.map(({ start, end, className }) => {
        const part = document.createElement('span')
        part.className = className
        part.textContent = text.slice(start, end)
        return part
      }),
    )
}
