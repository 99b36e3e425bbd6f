// Marking text: the caret, the range that is marked, and what pointer and keys make of them.

import type { Point } from '../../engine/gesture'
import { Signal } from '../../engine/signal'
import type { SurfaceControls } from '../../engine/surface'
import type { Id, Json } from '../../engine/types'
import type { View } from '../../engine/view'
import type { TextDocument } from './document'
import { commentOf } from './comments'
import type { Guess } from './guesses'
import { caretRect, rectsOf } from './paint'
import { offsetOf } from './places'

const DRAG_PX = 4
const EDGE_PX = 28

interface Options {
  readonly disabled: boolean
  readonly onActivity: () => void
}

/** Holds positions in UTF-16 units; the screen redraws when `version` grows. */
export class Marker extends Signal {
  scrollTo: (block: number) => void = () => undefined
  /** The span whose comment is being written. */
  asks: Id | null = null
  /** What is suggested in a block, in order, and what hears that one was clicked. */
  guesses: (index: number) => readonly Guess[] = () => []
  onAsk: (key: string) => void = () => undefined
  /** Where marking began, and where it is now. Equal: a caret and nothing marked. */
  private anchor: number | null = null
  private focus = 0
  private pressed: { readonly point: Point; readonly position: number } | null = null
  private host: HTMLElement | null = null
  private lastClick: { readonly position: number; readonly id: Id } | null = null
  private lastPointer: Point = { x: 0, y: 0 }

  constructor(
    private readonly doc: TextDocument,
    private readonly view: View,
  ) {
    super()
  }

  get caret(): number | null {
    return this.anchor === null || this.pressed !== null ? null : this.focus
  }

  /** What is marked, at whole characters, words or sentences. */
  get range(): { readonly start: number; readonly end: number } | null {
    if (this.anchor === null || this.anchor === this.focus) return null
    return this.doc.select(this.anchor, this.focus, this.view.state.snap)
  }

  attach(host: HTMLElement, { disabled, onActivity }: Options): () => void {
    this.host = host
    if (disabled) return () => undefined
    const handlers = {
      pointerdown: (event: PointerEvent) => this.down(event),
      pointermove: (event: PointerEvent) => this.move(event),
      pointerup: (event: PointerEvent) => this.up(event),
      pointercancel: () => this.clear(),
      dblclick: (event: MouseEvent) => this.takeWord(event),
    }
    const listen = Object.entries(handlers).map(([name, handle]) => {
      const heard = (event: Event): void => {
        if (name === 'pointerdown') onActivity()
        ;(handle as (event: Event) => void)(event)
      }
      host.addEventListener(name, heard)
      return () => host.removeEventListener(name, heard)
    })
    return () => {
      for (const stop of listen) stop()
    }
  }

  private down(event: PointerEvent): void {
    if (event.button !== 0 || isWithin(event, '.span-comment')) return
    const tag = event.target instanceof Element ? event.target.closest<HTMLElement>('.sp-tag, .sp-link') : null
    this.host?.focus({ preventScroll: true })
    event.preventDefault()
    if (tag?.dataset['id']) return tag.classList.contains('sp-link') ? this.view.select(tag.dataset['id']) : this.view.choose(tag.dataset['id'])
    const position = this.positionAt(event.clientX, event.clientY)
    if (position === null) return
    this.pressed = { point: { x: event.clientX, y: event.clientY }, position }
    this.host?.setPointerCapture(event.pointerId)
    if (event.shiftKey && this.anchor !== null) this.focus = position
    else [this.anchor, this.focus] = [position, position]
    this.changed()
  }

  private move(event: PointerEvent): void {
    const box = this.host?.getBoundingClientRect()
    if (box) this.lastPointer = { x: event.clientX - box.left, y: event.clientY - box.top }
    if (this.pressed === null || this.view.state.linking !== null) return
    const far = Math.hypot(event.clientX - this.pressed.point.x, event.clientY - this.pressed.point.y) >= DRAG_PX
    const position = far ? this.positionAt(event.clientX, event.clientY) : null
    if (position === null || position === this.focus) return
    this.focus = position
    this.scrollAtEdge(event.clientY)
    this.changed()
  }

  private up(event: PointerEvent): void {
    const { pressed } = this
    this.pressed = null
    if (pressed === null) return
    if (this.range !== null) this.mark(event.ctrlKey || event.metaKey || event.altKey)
    else this.click(event, pressed.position)
    this.changed()
  }

  /** A click chooses the shortest span under it; again at the same place, the next one. */
  private click(event: PointerEvent, position: number): void {
    const found = this.spansAt(event.clientX, event.clientY, position)
    const at = this.lastClick?.position === position ? found.indexOf(this.lastClick.id) + 1 : 0
    const chosen = found[at % Math.max(1, found.length)]
    this.lastClick = chosen === undefined ? null : { position, id: chosen }
    if (this.view.state.linking !== null) {
      if (chosen !== undefined) this.view.choose(chosen)
    } else if (event.shiftKey && chosen !== undefined) this.view.toggle(chosen)
    else {
      if (chosen === undefined) this.askAt(position)
      this.view.select(...(chosen === undefined ? [] : [chosen]))
    }
  }

  private askAt(position: number): void {
    const guess = this.guesses(this.doc.blockAt(position)).find(({ start, end }) => start <= position && position <= end)
    if (guess) this.onAsk(guess.key)
  }

  private spansAt(x: number, y: number, position: number): Id[] {
    const near = this.doc.between(position - 1, position + 1).filter((p) => !this.view.hides(p.id))
    const under = near.filter((piece) => {
      const index = this.doc.blockAt(Math.max(piece.start, Math.min(position, piece.end - 1)))
      const block = this.doc.blocks[index]
      if (!block) return false
      const rects = rectsOf(this.wordsOf(index), Math.max(0, piece.start - block.start), piece.end - block.start)
      return rects.some((r) => x >= r.left - 1 && x <= r.right + 1 && y >= r.top - 4 && y <= r.bottom + 6)
    })
    return under.sort((a, b) => a.end - a.start - (b.end - b.start)).map((p) => p.id)
  }

  private takeWord(event: MouseEvent): void {
    if (isWithin(event, '.span-comment')) return
    const caret = this.positionAt(event.clientX, event.clientY)
    if (caret === null || (this.view.state.selection.size > 0 && this.view.state.redrawn === null)) return
    const position = this.letterAt(event.clientX, event.clientY, caret)
    const word = this.doc.select(position, position + 1, 'word')
    if (word === null) return
    ;[this.anchor, this.focus] = [word.start, word.end]
    this.mark()
  }

  /** Makes a span of what is marked, with the current label; or adds it to the selected one as a segment. */
  private mark(adds = false): boolean {
    const { range } = this
    const drawn = this.drawn()
    if (range === null || drawn === null) return false
    const value = drawn.kind.fromSelection(this.doc.toPoints(range.start, range.end))
    const { redrawn } = this.view.state
    const into = redrawn?.join ? redrawn.id : adds ? this.view.single : null
    const part = this.doc.partAt(range.start)
    const id = (into && this.join(into, value, redrawn?.join ?? null, part)) ?? this.doc.work.draw(drawn.field, drawn.label, value, redrawn?.join ? null : (redrawn?.id ?? null), part)
    this.asks = commentOf(this.doc.work, id) === null ? null : id
    ;[this.anchor, this.focus] = [range.end, range.end]
    this.view.set({ redrawn: null, selection: new Set([id]) })
    this.changed()
    return true
  }

  /** The annotation to which a value was joined; null where it takes none. */
  private join(id: Id, value: Json, name: string | null, part: string | undefined): Id | null {
    const annotation = this.doc.work.store.get(id)
    if (annotation?.on?.part !== part) return null
    const kind = annotation && this.doc.kindOf(annotation)
    const join = kind?.joins?.find((one) => name === null || one.id === name)
    const joined = annotation && this.doc.ranges(annotation).length > 0 ? join?.join(annotation.value, value) : null
    if (joined === null || joined === undefined) return null
    this.doc.work.setValues(new Map([[id, joined]]))
    return id
  }

  /** Opens the comment of a span, or closes the one that is open; then keys go on in the text, unless the focus went elsewhere. */
  ask(id: Id | null, goesOn = true): void {
    this.asks = id
    this.changed()
    if (id === null && goesOn) this.host?.focus({ preventScroll: true })
  }

  /** Where a span ends on the page, within the laid out text. */
  footOf(id: Id, body: HTMLElement): { readonly left: number; readonly top: number } | null {
    const annotation = this.doc.work.store.get(id)
    const last = annotation ? this.doc.ranges(annotation).at(-1) : undefined
    if (!last) return null
    const index = this.doc.blockAt(Math.max(last.start, last.end - 1))
    const block = this.doc.blocks[index]
    const rect = block && rectsOf(this.wordsOf(index), Math.max(0, last.start - block.start), last.end - block.start).at(-1)
    const origin = body.getBoundingClientRect()
    return rect ? { left: rect.left - origin.left, top: rect.bottom - origin.top } : null
  }

  /** Whether a caret stands in the text, which arrows then move. */
  get hasCaret(): boolean {
    return this.anchor !== null
  }

  private drawn(): ReturnType<TextDocument['drawn']> {
    return this.doc.drawn(this.view.state)
  }

  private clear(): void {
    this.pressed = null
    this.anchor = null
    this.changed()
  }

  /** The position in the text under a point of the window. */
  private positionAt(x: number, y: number): number | null {
    const hit = caretFromPoint(x, y)
    const block = hit?.node.parentElement?.closest<HTMLElement>('[data-block]') ?? this.nearestBlock(y)
    const index = block ? Number(block.dataset['block']) : -1
    const own = this.doc.blocks[index]
    if (!own) return null
    const words = hit?.node.parentElement?.closest<HTMLElement>('.text-words')
    if (words && hit?.node instanceof Text) return own.start + offsetOf(words, hit.node, hit.offset)
    const box = block?.getBoundingClientRect()
    return box && y > box.top + box.height / 2 ? own.end : own.start
  }

  /** The letter under a point. In the far half of a letter the caret stands behind it, where the next word may begin. */
  private letterAt(x: number, y: number, caret: number): number {
    const index = this.doc.blockAt(caret)
    const start = this.doc.blocks[index]?.start ?? 0
    const before = this.doc.step(caret, -1, 'char')
    if (before < start || before === caret) return caret
    const rects = rectsOf(this.wordsOf(index), before - start, caret - start)
    return rects.some((r) => x >= r.left && x <= r.right && y >= r.top - 4 && y <= r.bottom + 6) ? before : caret
  }

  private nearestBlock(y: number): HTMLElement | null {
    const all = [...(this.host?.querySelectorAll<HTMLElement>('[data-block]') ?? [])]
    return all.find((block) => block.getBoundingClientRect().bottom >= y) ?? all.at(-1) ?? null
  }

  private wordsOf(block: number): HTMLElement | null {
    return this.host?.querySelector<HTMLElement>(`[data-block="${block}"] .text-words`) ?? null
  }

  private scrollAtEdge(y: number): void {
    const box = this.host?.getBoundingClientRect()
    if (!box || !this.host) return
    if (y < box.top + EDGE_PX) this.host.scrollTop -= 18
    if (y > box.bottom - EDGE_PX) this.host.scrollTop += 18
  }

  readonly controls: SurfaceControls = {
    focus: () => this.host?.focus({ preventScroll: true }),
    fit: () => this.host?.scrollTo({ top: 0 }),
    zoom: () => undefined,
    zoomToSelection: () => {
      const id = this.view.single
      if (id !== null) this.controls.reveal(id)
      return id !== null
    },
    step: (by) => this.step(by),
    inSight: () => this.inSight(),
    suggested: () => this.blocksInSight().flatMap((index) => this.guesses(index)),
    reveal: (id) => {
      const annotation = this.doc.work.store.get(id)
      const [first] = annotation ? this.doc.ranges(annotation) : []
      if (first) this.scrollTo(this.doc.blockAt(first.start))
    },
    arrow: (by, held) => (held.alt ? this.stretch(by, held.shift) : this.moveCaret(by, held.shift, held.ctrl)),
    enter: () => {
      if (this.mark()) return
      const { single } = this.view
      if (single !== null && commentOf(this.doc.work, single) !== null) this.ask(single)
      else if (this.anchor === null) this.placeCaret()
    },
    cancel: () => {
      const had = this.anchor !== null
      this.clear()
      return had
    },
    holdSpace: () => false,
    pointer: () => this.lastPointer,
    doing: () => null,
    back: () => undefined,
    removeCorner: () => undefined,
    hasCaret: () => this.hasCaret,
    marked: () => (this.range ? this.doc.toPoints(this.range.start, this.range.end) : null),
  }

  private step(by: 1 | -1): void {
    const order = [...new Set(this.doc.inOrder().map((p) => p.id))].filter((id) => !this.view.hides(id))
    const at = order.findIndex((id) => this.view.state.selection.has(id))
    const next = order.at(at < 0 ? (by > 0 ? 0 : -1) : (at + by) % order.length)
    if (next === undefined) return
    this.view.select(next)
    this.controls.reveal(next)
  }

  private blocksInSight(): number[] {
    const box = this.host?.getBoundingClientRect()
    const seen = [...(this.host?.querySelectorAll<HTMLElement>('[data-block]') ?? [])].filter((block) => {
      const own = block.getBoundingClientRect()
      return box !== undefined && own.bottom > box.top && own.top < box.bottom
    })
    return seen.map((element) => Number(element.dataset['block'])).sort((a, b) => a - b)
  }

  private inSight(): Id[] {
    const found = this.blocksInSight().flatMap((index) => {
      const block = this.doc.blocks[index]
      return block ? this.doc.between(block.start, block.end).map((piece) => piece.id) : []
    })
    return [...new Set(found)].filter((id) => !this.view.hides(id))
  }

  /** The caret begins at the first line in sight. */
  private placeCaret(): void {
    const top = this.host?.getBoundingClientRect().top ?? 0
    const first = [...(this.host?.querySelectorAll<HTMLElement>('[data-block]') ?? [])].find((b) => b.getBoundingClientRect().bottom > top + 20)
    const block = this.doc.blocks[Number(first?.dataset['block'] ?? 0)]
    ;[this.anchor, this.focus] = [block?.start ?? 0, block?.start ?? 0]
    this.view.select()
    this.changed()
  }

  private moveCaret(by: Point, extend: boolean, byWord: boolean): void {
    if (this.anchor === null) return this.placeCaret()
    const next = by.y === 0 ? this.sideways(by.x, byWord) : this.overLines(by.y)
    this.focus = next
    if (!extend) this.anchor = next
    this.view.select()
    this.scrollTo(this.doc.blockAt(next))
    this.changed()
  }

  private sideways(x: number, byWord: boolean): number {
    const words = this.wordsOf(this.doc.blockAt(this.focus))
    const isRtl = words ? getComputedStyle(words).direction === 'rtl' : false
    return this.doc.step(this.focus, x > 0 !== isRtl ? 1 : -1, byWord ? 'word' : 'char')
  }

  private overLines(y: number): number {
    const index = this.doc.blockAt(this.focus)
    const rect = caretRect(this.wordsOf(index), this.focus - (this.doc.blocks[index]?.start ?? 0))
    const line = this.host ? Number.parseFloat(getComputedStyle(this.host).lineHeight) : 0
    const there = rect && this.positionAt(rect.left + 1, rect.top + rect.height / 2 + y * line)
    if (there !== null && there !== undefined && there !== this.focus) return there
    const beyond = this.doc.blocks[index + (y > 0 ? 1 : -1)]
    return beyond ? (y > 0 ? beyond.start : beyond.end) : this.focus
  }

  /** Moves the end of the selected span, or (with Shift) its start, by a character, word or sentence. */
  private stretch(by: Point, start: boolean): void {
    const annotation = this.view.single ? this.doc.work.store.get(this.view.single) : null
    const pieces = annotation ? this.doc.ranges(annotation) : []
    const [piece, last] = [pieces[0], pieces.at(-1)]
    const kind = annotation && this.doc.kindOf(annotation)
    if (!annotation || !piece || !last || !kind || by.x === 0) return
    const step = by.x > 0 ? 1 : -1
    const { snap } = this.view.state
    const moved = this.doc.within(piece.start, this.doc.step(start ? piece.start : last.end, step, snap))
    const [from, to] = start ? [moved, last.end] : [piece.start, moved]
    const value = kind.reaching(annotation.value, ...this.doc.toPoints(from, to))
    if (value !== null) this.doc.work.setValues(new Map([[annotation.id, value]]))
  }
}

function isWithin(event: Event, selector: string): boolean {
  return event.target instanceof Element && event.target.closest(selector) !== null
}

function caretFromPoint(x: number, y: number): { readonly node: Node; readonly offset: number } | null {
  if ('caretPositionFromPoint' in document) {
    const found = document.caretPositionFromPoint(x, y)
    return found ? { node: found.offsetNode, offset: found.offset } : null
  }
  // Safari before 26 knows only its own name for it.
  const range = (document as Document).caretRangeFromPoint(x, y)
  return range ? { node: range.startContainer, offset: range.startOffset } : null
}
