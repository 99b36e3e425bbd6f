// The word at which the keyboard is, and those it has marked from there.

import type { Range } from '../../engine/kind'
import type { Point } from '../../engine/gesture'
import { type Brush, paintShape } from '../canvas/paint'
import { NO_HUE } from '../canvas/hues'
import type { PageWords } from './words'

interface At {
  readonly page: number
  readonly word: number
}

export class Cursor {
  private anchor: At | null = null
  private focus: At | null = null

  constructor(private readonly pages: readonly PageWords[]) {}

  get at(): At | null {
    return this.focus
  }

  /** What is marked: the words from the anchor to the focus. */
  get range(): Range | null {
    const [a, b] = [this.range1(this.anchor), this.range1(this.focus)]
    return a && b ? [Math.min(a[0], b[0]), Math.max(a[1], b[1])] : null
  }

  drop(): void {
    this.anchor = this.focus = null
  }

  /** Goes on from word to word, or from line to line; where there is no cursor yet, to the first word of a page. */
  move(by: Point, extends_: boolean, page: number): void {
    const next = this.focus === null ? this.firstOn(page) : this.after(this.focus, by)
    if (next === null) return
    this.focus = next
    if (!extends_ || this.anchor === null) this.anchor = next
  }

  paint(brush: Brush, page: number): void {
    const { range } = this
    const words = this.pages[page]
    if (range === null || !words) return
    const boxes = words.boxes([range])
    if (boxes.length > 0) paintShape(brush, boxes, { hue: NO_HUE, fill: 0.16 })
  }

  private firstOn(page: number): At | null {
    for (let i = page; i < this.pages.length; i += 1) if ((this.pages[i]?.words.length ?? 0) > 0) return { page: i, word: 0 }
    return null
  }

  private after({ page, word }: At, by: Point): At {
    const words = this.pages[page]
    if (by.y !== 0 && words) {
      const beside = words.beside(word, by.y > 0 ? 1 : -1)
      return beside === word ? this.acrossPages(page, by.y > 0 ? 1 : -1) : { page, word: beside }
    }
    const next = word + (by.x > 0 ? 1 : -1)
    return words && next >= 0 && next < words.words.length ? { page, word: next } : this.acrossPages(page, by.x > 0 ? 1 : -1)
  }

  private acrossPages(from: number, by: 1 | -1): At {
    for (let i = from + by; i >= 0 && i < this.pages.length; i += by) {
      const count = this.pages[i]?.words.length ?? 0
      if (count > 0) return { page: i, word: by > 0 ? 0 : count - 1 }
    }
    return this.focus ?? { page: from, word: 0 }
  }

  private range1(at: At | null): Range | null {
    return at === null ? null : (this.pages[at.page]?.between(at.word, at.word) ?? null)
  }
}
