import { describe, expect, test } from 'vitest'
import { at, move, play, Running, up } from '../../engine/gesture'
import type { CanvasKind, TextKind } from '../../engine/kind'
import type { DocumentLayer } from '../../engine/pages'
import { fieldOf } from '../../engine/testing/field'
import type { Json } from '../../engine/types'
import { span } from '../../kinds/span'
import { Cursor } from '../../surfaces/pages/cursor'
import { fitted, inSight, pane, stacked } from '../../surfaces/pages/layout'
import { markedOn } from '../../surfaces/pages/marking'
import { PageWords } from '../../surfaces/pages/words'

// "Total due 9€" on two lines, "P.S." on the second page; 𝒳 takes two UTF-16 units.
const LAYER: DocumentLayer = {
  text: 'Total 𝒳\n9.00\n\nP.S.',
  pages: [
    { width: 100, height: 50, words: [[0, 5, 10, 10, 30, 20], [6, 7, 32, 10, 40, 20], [8, 12, 10, 30, 30, 40]] },
    { width: 100, height: 50, words: [[14, 18, 10, 10, 30, 20]] },
  ],
}
const page = (n: number): PageWords => new PageWords(LAYER, n)
const rect = (left: number, top: number, right: number, bottom: number) => ({ type: 'rect', left, top, right, bottom })

describe('words of a page', () => {
  test('a point means the word under it, else the nearest in its line', () => {
    expect([page(0).nearest(at(12, 12)), page(0).nearest(at(90, 19)), page(0).nearest(at(0, 45))]).toEqual([0, 1, 2])
    expect([page(0).under(at(31, 15)), page(0).under(at(31, 15), 1)]).toEqual([-1, 0])
  })

  test('a range covers one box a line, cut where it begins within a word', () => {
    expect(page(0).boxes([[0, 12]])).toEqual([rect(10, 10, 40, 20), rect(10, 30, 30, 40)])
    expect(page(0).boxes([[10, 12]])).toEqual([rect(20, 30, 30, 40)])
    expect(page(1).boxes([[0, 12]])).toEqual([])
  })

  test('the words in a region are read by their middles, with its lines', () => {
    expect(page(0).textWithin({ minX: 0, minY: 0, maxX: 100, maxY: 50 })).toBe('Total 𝒳\n9.00')
    expect(page(0).textWithin({ minX: 31, minY: 0, maxX: 100, maxY: 50 })).toBe('𝒳')
  })
})

describe('spans on a page', () => {
  // The span's own kind, whose values the list of kinds does not know.
  const kind = span as unknown as TextKind
  const marked = (taken = false): CanvasKind => markedOn(kind, page(0), () => taken)
  const field = fieldOf('span')
  const draw = (taken: boolean, ...inputs: Parameters<typeof play<Json>>[1]): Json | null => play(marked(taken).draw(at(12, 12), { width: 100, height: 50 }, field), inputs)

  test('a drag marks from word to word, over lines', () => {
    expect(draw(false, move(20, 35), up(20, 35))).toEqual([[0, 12]])
  })

  test('a click marks a word, unless it is marked already', () => {
    expect(draw(false, up(13, 12))).toEqual([[0, 5]])
    expect(draw(true, up(13, 12))).toBeNull()
  })

  test('a page without words marks nothing', () => {
    const empty = markedOn(kind, new PageWords({ text: '', pages: [{ width: 9, height: 9, words: [] }] }, 0), () => false)
    const running = new Running(empty.draw(at(1, 1), { width: 9, height: 9 }, field))
    running.send(up(8, 8))
    expect([running.done, running.result]).toEqual([true, null])
  })

  test('its ends are pulled to words', () => {
    const value = [[0, 5]] as unknown as Json
    expect(marked().handles(value, field).map((h) => h.id)).toEqual(['start', 'end'])
    expect(marked().moveHandle(value, 'end', at(35, 15), { width: 100, height: 50 })).toEqual([[0, 7]])
    expect(marked().moveBy(value, at(5, 5), { width: 100, height: 50 })).toBe(value)
  })
})

describe('the cursor of the keyboard', () => {
  test('goes from word to word, line to line and page to page, and marks what Shift passes', () => {
    const cursor = new Cursor([page(0), page(1)])
    cursor.move(at(1, 0), false, 0)
    expect(cursor.range).toEqual([0, 5])
    cursor.move(at(0, 1), true, 0)
    expect(cursor.range).toEqual([0, 12])
    cursor.move(at(0, 1), false, 0)
    expect([cursor.range, cursor.at]).toEqual([[14, 18], { page: 1, word: 0 }])
  })
})

describe('pages one under another', () => {
  const SCREEN = { width: 232, height: 100 }

  test('fill the width, and those in sight are known', () => {
    expect(fitted(LAYER.pages, SCREEN)).toBe(2)
    const stack = stacked(LAYER.pages, 2, SCREEN)
    expect(stack.places.map((p) => [p.left, p.top, p.width])).toEqual([[16, 16, 200], [16, 132, 200]])
    expect([inSight(stack, 0, 100, 0), inSight(stack, 100, 100, 0), inSight(stack, 200, 100, 0)]).toEqual([[0], [0, 1], [1]])
  })

  test('a window on a page stays on it and covers what is shown', () => {
    expect([pane(20, 300, 100), pane(-50, 300, 100), pane(-250, 300, 100), pane(-10, 40, 100)]).toEqual([
      { at: 20, length: 100 },
      { at: 0, length: 100 },
      { at: -50, length: 100 },
      { at: -10, length: 40 },
    ])
  })
})
