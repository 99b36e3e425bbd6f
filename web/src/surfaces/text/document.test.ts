import { describe, expect, test } from 'vitest'
import { Activity } from '../../engine/activity'
import type { Kinds } from '../../engine/check'
import type { TextKind } from '../../engine/kind'
import { readSchema } from '../../engine/schema'
import { ManualClock } from '../../engine/testing/clock'
import { Work } from '../../engine/work'
import { partTexts } from '../../engine/talk'
import { blocksOf } from '../../ui/blocks'
import { TextDocument } from './document'
import { Sections } from './sections'
import { snapped } from './snap'

const SCHEMA = readSchema({ streams: { text: { kind: 'text' } }, fields: { parts: { kind: 'span', on: 'text', many: true, labels: { a: {} } } } })

/** A document whose long lines are cut at given places, as a page would cut them where they wrap. */
function documentOf(text: string, ...cuts: number[]): TextDocument {
  const task = { assignment: null, item: { id: 'i', revision: 1, streams: { text: { kind: 'text', text, facts: {} } }, metadata: {} }, response: { id: 'r', revision: 1 }, draft: null }
  const doc = new TextDocument(text, new Work(task, SCHEMA, { text }, new Activity(new ManualClock()), () => 'id'), 'text', new Map())
  doc.cut((_, start, end) => cuts.filter((at) => at > start && at < end))
  return doc
}

const LONG = 'Lorem ipsum dolor sit amet. '.repeat(80)

describe('blocks', () => {
  test('hold every character once, line ends aside', () => {
    const text = `short\n${LONG}\n\r\nend`

    expect(blocksOf(text).map((b) => text.slice(b.start, b.end) + (b.endsLine ? '\n' : '')).join('')).toBe(`short\n${LONG}\n\nend\n`)
  })

  test('of a line that was cut are all read the way the line begins', () => {
    const text = `שלום ${LONG}`

    expect(new Set(blocksOf(text).map((b) => b.direction))).toEqual(new Set(['rtl']))
    expect(blocksOf('short').map((b) => b.direction)).toEqual([null])
  })
})

describe('over the seam of a line that is cut', () => {
  test('a word is one word, though the line wraps within it', () => {
    const doc = documentOf(LONG, 1_402)
    const at = LONG.lastIndexOf(' ', 1_402) + 1

    expect(doc.select(1_401, 1_402, 'word')).toEqual({ start: at, end: LONG.indexOf(' ', at) })
    expect(doc.select(1_402, 1_403, 'word')).toEqual({ start: at, end: LONG.indexOf(' ', at) })
  })

  test('a sentence is one sentence', () => {
    const doc = documentOf(LONG, 1_410)

    const found = doc.select(1_410, 1_411, 'sentence')

    expect(LONG.slice(found?.start, found?.end)).toBe('Lorem ipsum dolor sit amet.')
  })

  test('the caret goes on in both directions', () => {
    const doc = documentOf(LONG, 1_400)

    expect([doc.step(1_399, 1, 'char'), doc.step(1_400, 1, 'char'), doc.step(1_400, -1, 'char')]).toEqual([1_400, 1_401, 1_399])
  })

  test('a range over it holds every letter between its ends', () => {
    expect(documentOf(LONG, 1_400).select(1_397, 1_404, 'char')).toEqual({ start: 1_397, end: 1_404 })
  })
})

test('at the end of a line the caret goes to the next line', () => {
  const doc = documentOf('ab\ncd')

  expect([doc.step(2, 1, 'char'), doc.step(3, -1, 'char')]).toEqual([3, 2])
})

describe('marks', () => {
  const cut = (text: string, from: number, to: number, snap: 'char' | 'word' | 'sentence') => {
    const found = snapped(text, from, to, snap)
    return found && text.slice(found.start, found.end)
  }

  test.each([
    ['a family is one character', '👨‍👩‍👧 ok', 1, 3, 'char', '👨‍👩‍👧'],
    ['a flag is one character', '🇳🇬 ok', 2, 3, 'char', '🇳🇬'],
    ['a letter has its marks', 'e\u0301\u0323te\u0301', 0, 1, 'char', 'e\u0301\u0323'],
    ['Devanagari has its vowels', 'नमस्ते', 0, 1, 'char', 'न'],
    ['Arabic by word', 'قال الطبيب إن', 5, 6, 'word', 'الطبيب'],
    ['mixed directions by word', 'the שלום word', 5, 6, 'word', 'שלום'],
    ['Japanese by word', '医者は患者に', 0, 1, 'word', '医者'],
    ['Chinese by sentence', '他走了。她来了。', 5, 6, 'sentence', '她来了。'],
    ['English by sentence', 'It rains. It pours.', 12, 13, 'sentence', 'It pours.'],
  ] as const)('%s', (_, text, from, to, snap, wanted) => {
    expect(cut(text, from, to, snap)).toBe(wanted)
  })
})

describe('in parts of a stream', () => {
  const SPAN = { name: 'span', surface: 'text', check: () => [], ranges: (value: unknown) => value } as unknown as TextKind
  const KINDS: Kinds = new Map([['span', SPAN]])
  const CHAT = readSchema({ streams: { chat: { kind: 'dialogue' } }, fields: { parts: { kind: 'span', on: 'chat', many: true, labels: { a: {} } } } })
  const texts = ['Hé 🙂', 'Yes.']
  const chat = JSON.stringify(texts.map((content) => ({ role: 'user', content })))
  const made = (...annotations: { part: string; value: [number, number][] }[]): TextDocument => {
    const task = { assignment: null, item: { id: 'i', revision: 1, streams: { chat: { kind: 'dialogue', text: chat, facts: {} } }, metadata: {} }, response: { id: 'r', revision: 1 }, draft: { seq: 1, annotations: annotations.map(({ part, value }, i) => ({ id: String(i), field: 'parts', kind: 'span', version: 1, on: { stream: 'chat', part }, label: 'a', value })) } }
    const work = new Work(task, CHAT, { chat }, new Activity(new ManualClock()), () => 'id')
    return new TextDocument(new Sections(partTexts('dialogue', chat) ?? []), work, 'chat', KINDS)
  }

  test('spans count code points from the beginning of their own part', () => {
    const doc = made({ part: '0', value: [[3, 4]] }, { part: '1', value: [[0, 3]] })

    expect(doc.inOrder().map(({ start, end }) => doc.text.slice(start, end))).toEqual(['🙂', 'Yes'])
    expect(doc.work.store.list().map((a) => doc.work.textOf(a))).toEqual(texts)
  })

  test('what is marked in a part is counted from its beginning, and does not reach into the next', () => {
    const doc = made()
    const begin = doc.text.indexOf('Yes')

    expect(doc.select(begin - 2, begin + 3, 'char')).toEqual({ start: 3, end: 5 })
    expect([doc.toPoints(begin, begin + 3), doc.partAt(begin), doc.partAt(begin - 1)]).toEqual([[0, 3], '1', '0'])
  })

  test('a span that lies beyond its part, or in none, is not drawn over others', () => {
    const doc = made({ part: '0', value: [[3, 9]] }, { part: '7', value: [[0, 1]] })

    expect(doc.inOrder().map(({ start, end }) => doc.text.slice(start, end))).toEqual(['🙂'])
  })
})
