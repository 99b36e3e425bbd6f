// Spans on laid-out text: a ground, an underline for each level, a tag. Drawn from measured places, so the text itself
// stays whole: ligatures, joined letters and both directions look as without spans.

import { hueAndMark } from '../../engine/schema'
import { MARK_PATHS } from '../marks'
import { partsOf, placeAt } from './places'

export interface SpanLook {
  readonly id: string
  /** Within the block. */
  readonly start: number
  readonly end: number
  readonly level: number
  readonly index: number | null
  readonly title: string
  /** The number of its cluster, and whether something selected is of that cluster. */
  readonly cluster: { readonly number: number; readonly lit: boolean } | null
  readonly isFilled: boolean
  /** Whether the tag belongs here: where the span begins. */
  readonly isNamed: boolean
  readonly selected: boolean
  readonly dim: boolean
  /** The letter by which it can be chosen as the end of a link. */
  readonly hint: string | null
  /** A link begins here. */
  readonly begins: boolean
}

/** Words that are suggested, within the block. */
export interface GuessLook {
  readonly start: number
  readonly end: number
  readonly index: number | null
  readonly asked: boolean
}

export interface BlockLook {
  readonly spans: readonly SpanLook[]
  readonly guesses: readonly GuessLook[]
  readonly marked: { readonly start: number; readonly end: number } | null
  readonly caret: number | null
}

const MARK_PX = 8
const RULE_PX = 2
const RULE_STEP_PX = 4
const SVG = 'http://www.w3.org/2000/svg'

const waiting: (() => void)[] = []

/** Changes the page when all who asked have measured: each change before that would make the browser lay out the text anew. */
function soon(write: () => void): void {
  if (waiting.length === 0) queueMicrotask(() => waiting.splice(0).forEach((one) => one()))
  waiting.push(write)
}

/** Draws everything that lies on one block into its layer, before the next frame. `text` is the element with the block's words. */
export function paintBlock(layer: HTMLElement, text: HTMLElement | null, look: BlockLook): void {
  const origin = layer.getBoundingClientRect()
  const isRtl = text ? getComputedStyle(text).direction === 'rtl' : false
  const parts: HTMLElement[] = []
  const taken = new Map<number, [number, number][]>()
  for (const guess of look.guesses) for (const rect of rectsOf(text, guess.start, guess.end)) parts.push(guessed(rect, origin, guess))
  for (const span of look.spans) {
    const rects = rectsOf(text, span.start, span.end)
    for (const rect of rects) parts.push(...(span.isFilled ? [ground(rect, origin, span)] : []), rule(rect, origin, span))
    const [first] = rects
    if (span.hint !== null && first) parts.push(hint(first, origin, span.hint))
    if (span.begins) for (const rect of rects) parts.push(box('sp-begin', rect, origin, 3, 4))
    if (span.isNamed && first) {
      const made = tag(first, origin, span, isRtl, taken)
      if (made) parts.push(made)
    }
  }
  if (look.marked) for (const rect of rectsOf(text, look.marked.start, look.marked.end)) parts.push(box('sp-marked', rect, origin, 3, 4))
  if (look.caret !== null) {
    const rect = caretRect(text, look.caret)
    if (rect) parts.push(box('sp-caret', rect, origin, 2, 2))
  }
  soon(() => layer.replaceChildren(...parts))
}

/** The lines that a part of an element's words covers, each as one rectangle. */
export function rectsOf(words: HTMLElement | null, start: number, end: number): DOMRect[] {
  if (words === null || start >= end) return []
  const range = document.createRange()
  const rects = partsOf(words, start, end).flatMap((part) => {
    range.setStart(part.node, part.start)
    range.setEnd(part.node, part.end)
    return [...range.getClientRects()]
  })
  return joined(rects.filter((r) => r.width > 0))
}

/** Where the caret stands before a position. */
export function caretRect(words: HTMLElement | null, at: number): DOMRect | null {
  const place = words && placeAt(words, at)
  if (!place || place.node.length === 0) return null
  const range = document.createRange()
  range.setStart(place.node, place.offset)
  range.setEnd(place.node, place.offset)
  const own = range.getClientRects()[0]
  if (own) return own
  range.setStart(place.node, Math.max(0, place.offset - 1))
  const last = [...range.getClientRects()].at(-1)
  return last ? new DOMRect(last.right, last.top, 0, last.height) : null
}

function joined(rects: readonly DOMRect[]): DOMRect[] {
  const lines: DOMRect[] = []
  for (const rect of rects) {
    const last = lines.at(-1)
    if (last && Math.abs(last.top - rect.top) < 3 && rect.left <= last.right + 1 && rect.left >= last.left) {
      lines[lines.length - 1] = new DOMRect(last.left, last.top, Math.max(last.right, rect.right) - last.left, last.height)
    } else lines.push(rect)
  }
  return lines
}

function box(name: string, rect: DOMRect, origin: DOMRect, above: number, below: number): HTMLElement {
  const element = document.createElement('i')
  element.className = name
  const { style } = element
  style.left = `${rect.left - origin.left}px`
  style.top = `${rect.top - origin.top - above}px`
  style.width = `${rect.width}px`
  style.height = `${rect.height + above + below}px`
  return element
}

function ground(rect: DOMRect, origin: DOMRect, span: SpanLook): HTMLElement {
  const element = box(span.selected ? 'sp-ground selected' : span.cluster?.lit ? 'sp-ground lit' : 'sp-ground', rect, origin, 3, 4)
  element.style.setProperty('--c', hue(span.cluster ? span.cluster.number - 1 : span.index))
  if (span.dim) element.style.opacity = '.25'
  return element
}

function guessed(rect: DOMRect, origin: DOMRect, { index, asked }: GuessLook): HTMLElement {
  const element = box(asked ? 'sp-guess asked' : 'sp-guess', rect, origin, 3, 4)
  element.style.setProperty('--c', hue(index))
  return element
}

function rule(rect: DOMRect, origin: DOMRect, span: SpanLook): HTMLElement {
  const element = box('sp-rule', rect, origin, 0, 0)
  element.style.setProperty('--c', hue(span.index))
  element.style.top = `${rect.bottom - origin.top + 4 - RULE_PX + span.level * RULE_STEP_PX}px`
  element.style.height = `${RULE_PX}px`
  if (span.dim) element.style.opacity = '.25'
  return element
}

function tag(rect: DOMRect, origin: DOMRect, span: SpanLook, isRtl: boolean, taken: Map<number, [number, number][]>): HTMLElement | null {
  const number = span.cluster ? String(span.cluster.number) : ''
  const width = MARK_PX + 6 + span.title.length * 5.6 + (number === '' ? 0 : 9 + number.length * 6)
  const row = Math.round(rect.top / 8)
  const others = taken.get(row) ?? []
  let left = isRtl ? rect.right - width : rect.left
  for (const [from, to] of others) if (left < to && left + width > from) left = to + 4
  // A tag that would stand far from its span says nothing; the span's name is in the panel and on hover.
  if (Math.abs(left - (isRtl ? rect.right - width : rect.left)) > 90) return null
  taken.set(row, [...others, [left, left + width]].sort(([a], [b]) => (a ?? 0) - (b ?? 0)) as [number, number][])
  const element = document.createElement('button')
  element.type = 'button'
  element.tabIndex = -1
  element.className = 'sp-tag'
  element.dataset['id'] = span.id
  element.style.left = `${left - origin.left}px`
  element.style.top = `${rect.bottom - origin.top + 5 + span.level * RULE_STEP_PX}px`
  if (span.dim) element.style.opacity = '.4'
  if (number !== '') element.append(clusterOf(number, hue(Number(number) - 1)))
  if (span.index !== null) element.append(mark(span.index))
  element.append(span.title)
  return element
}

function hint(rect: DOMRect, origin: DOMRect, letter: string): HTMLElement {
  const element = document.createElement('b')
  element.className = 'sp-hint'
  element.style.left = `${rect.left - origin.left - 6}px`
  element.style.top = `${rect.top - origin.top - 13}px`
  element.textContent = letter
  return element
}

function clusterOf(number: string, colour: string): HTMLElement {
  const element = document.createElement('b')
  element.className = 'sp-cluster'
  element.style.setProperty('--c', colour)
  element.textContent = number
  return element
}

function mark(index: number): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('viewBox', '0 0 10 10')
  svg.setAttribute('class', 'm')
  svg.setAttribute('aria-hidden', 'true')
  svg.style.color = hue(index)
  const path = document.createElementNS(SVG, 'path')
  path.setAttribute('d', MARK_PATHS[hueAndMark(index).mark - 1] ?? '')
  path.setAttribute('fill', 'currentColor')
  path.setAttribute('fill-rule', 'evenodd')
  svg.append(path)
  return svg
}

function hue(index: number | null): string {
  return index === null ? 'var(--text-3)' : `var(--l${hueAndMark(index).hue})`
}
