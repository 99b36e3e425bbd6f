// The words of one page: which one a point means, and what a range of the text covers.

import type { Point } from '../../engine/gesture'
import type { Primitive, Range } from '../../engine/kind'
import type { DocumentLayer, PageWord } from '../../engine/pages'
import { CodePoints } from '../../engine/codepoints'

type Rect = Extract<Primitive, { type: 'rect' }>

/** How much farther a word above or below is than one beside. */
const LINE = 4

export class PageWords {
  readonly words: readonly PageWord[]

  constructor(
    private readonly layer: DocumentLayer,
    page: number,
    private readonly points: CodePoints = new CodePoints(layer.text),
  ) {
    this.words = layer.pages[page]?.words ?? []
  }

  /** Where the words lie. */
  frames(): { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number }[] {
    return this.words.map(([, , left, top, right, bottom]) => ({ left, top, right, bottom }))
  }

  /** The index of the word that a point means: the one under it, else the nearest in its line; -1 on a page without words. */
  nearest(point: Point): number {
    let [best, least] = [-1, Infinity]
    for (const [i, word] of this.words.entries()) {
      const away = awayFrom(word, point)
      if (away < least) [best, least] = [i, away]
    }
    return best
  }

  /** The index of the word under a point, give or take a margin; -1 where there is none. */
  under(point: Point, margin = 0): number {
    return this.words.findIndex(([, , left, top, right, bottom]) => point.x >= left - margin && point.x <= right + margin && point.y >= top - margin && point.y <= bottom + margin)
  }

  /** The code points from one word to another, whichever comes first. */
  between(a: number, b: number): Range | null {
    const [first, last] = [this.words[Math.min(a, b)], this.words[Math.max(a, b)]]
    return first && last ? [first[0], last[1]] : null
  }

  /** What ranges cover on this page: one box for each line of words, cut where a range begins within a word. */
  boxes(ranges: readonly Range[]): Rect[] {
    return ranges.flatMap(([start, end]) => {
      const found: Rect[] = []
      let before: PageWord | null = null
      for (let i = this.firstAfter(start); i < this.words.length; i += 1) {
        const word = this.words[i]
        if (!word || word[0] >= end) break
        const box = cut(word, start, end)
        const last = found.at(-1)
        if (last && before && this.isOneLine(before, word)) found[found.length - 1] = around(last, box)
        else found.push(box)
        before = word
      }
      return found
    })
  }

  /** The words that lie in boxes by their middles, in reading order, with new lines as on the page. */
  textWithin(bounds: { readonly minX: number; readonly minY: number; readonly maxX: number; readonly maxY: number }): string {
    let [text, before]: [string, PageWord | null] = ['', null]
    for (const word of this.words) {
      const [x, y] = [(word[2] + word[4]) / 2, (word[3] + word[5]) / 2]
      if (x < bounds.minX || x > bounds.maxX || y < bounds.minY || y > bounds.maxY) continue
      if (before) text += this.isOneLine(before, word) ? ' ' : '\n'
      text += this.slice(word[0], word[1])
      before = word
    }
    return text
  }

  /** The word above or below one: the nearest by its middle in the next line there. */
  beside(index: number, by: 1 | -1): number {
    const word = this.words[index]
    if (!word) return index
    const middle = (word[2] + word[4]) / 2
    const edge = by > 0 ? word[5] : word[3]
    const there = this.words.map((other, i) => ({ i, away: by * ((other[3] + other[5]) / 2 - edge), aside: Math.max(0, other[2] - middle, middle - other[4]) })).filter(({ away }) => away > 0)
    const nearest = there.sort((a, b) => a.away + a.aside - (b.away + b.aside))[0]
    return nearest?.i ?? index
  }

  slice(start: number, end: number): string {
    return this.layer.text.slice(this.points.toUtf16(start), this.points.toUtf16(end))
  }

  /** Words stand in the order of the text: the first that ends behind a code point. */
  private firstAfter(start: number): number {
    let [low, high] = [0, this.words.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.words[middle]?.[1] ?? 0) <= start) low = middle + 1
      else high = middle
    }
    return low
  }

  private isOneLine(a: PageWord, b: PageWord): boolean {
    return b[0] - a[1] <= 1 && this.slice(a[1], b[0]) !== '\n'
  }
}

function awayFrom([, , left, top, right, bottom]: PageWord, { x, y }: Point): number {
  const dx = Math.max(left - x, 0, x - right)
  const dy = Math.max(top - y, 0, y - bottom)
  return dx + LINE * dy
}

function cut([first, last, left, top, right, bottom]: PageWord, start: number, end: number): Rect {
  const share = (right - left) / (last - first)
  return { type: 'rect', left: left + share * Math.max(0, start - first), top, right: right - share * Math.max(0, last - end), bottom }
}

function around(a: Rect, b: Rect): Rect {
  return { type: 'rect', left: Math.min(a.left, b.left), top: Math.min(a.top, b.top), right: Math.max(a.right, b.right), bottom: Math.max(a.bottom, b.bottom) }
}
