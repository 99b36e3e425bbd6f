// One text with its spans: where they lie, on which level each is underlined, and what stands where.

import type { Kinds } from '../../engine/check'
import { CodePoints } from '../../engine/codepoints'
import type { Range, TextKind } from '../../engine/kind'
import type { Field } from '../../engine/schema'
import { Space } from '../../engine/space'
import type { Snap, ViewState } from '../../engine/view'
import type { Annotation, Id, StyleMark } from '../../engine/types'
import type { Work } from '../../engine/work'
import { type Block, type Cut, blockAt, blocksOf } from '../../ui/blocks'
import { type Section, Sections } from './sections'
import { snapped, stepped } from './snap'
import { Styles } from './styles'

export interface Piece {
  readonly id: Id
  readonly start: number
  readonly end: number
}

/** All positions are UTF-16 units; only what goes to the server is in code points. */
export class TextDocument {
  readonly points: CodePoints
  blocks: readonly Block[]
  readonly sections: Sections | null
  readonly styles: Styles
  private readonly space = new Space()
  private levels: Map<Id, number> | null = null

  readonly text: string

  constructor(
    /** One text, or the texts of parts of the stream. */
    content: string | Sections,
    readonly work: Work,
    readonly stream: string,
    readonly kinds: Kinds,
    marks: readonly StyleMark[] = [],
  ) {
    this.sections = content instanceof Sections ? content : null
    const text = (this.text = content instanceof Sections ? content.text : content)
    this.points = new CodePoints(text)
    this.styles = new Styles(marks, this.points)
    this.blocks = blocksOf(text)
    this.space.load(work.store.list().flatMap((a) => this.entries(a)))
  }

  /** Cuts the text into other blocks: the page has another width. */
  cut(cut: Cut): void {
    this.blocks = blocksOf(this.text, cut)
  }

  update(id: Id): void {
    for (const key of this.keysOf(id)) this.space.drop(key)
    const annotation = this.work.store.get(id)
    for (const [key, bounds] of annotation ? this.entries(annotation) : []) this.space.put(key, bounds)
    this.levels = null
  }

  private entries(annotation: Annotation): [string, { minX: number; maxX: number; minY: number; maxY: number }][] {
    return this.ranges(annotation).map(({ start, end }, i) => [`${i}/${annotation.id}`, { minX: start, maxX: end, minY: 0, maxY: 0 }])
  }

  private keysOf(id: Id): string[] {
    const keys: string[] = []
    for (let i = 0; this.space.bounds(`${i}/${id}`) !== null; i += 1) keys.push(`${i}/${id}`)
    return keys
  }

  /** The segments of a span; none for annotations of other streams and for values that cannot be read. */
  ranges(annotation: Annotation): readonly Piece[] {
    const kind = this.kinds.get(annotation.kind)
    const field = this.work.field(annotation.field)
    const stream = annotation.on?.stream ?? field?.on
    if (kind?.surface !== 'text' || field === null || stream !== this.stream || kind.check(annotation.value, field, {}).length > 0) return []
    const section = this.sections?.of(annotation.on?.part)
    if (section === null) return []
    const before = section ? this.points.fromUtf16(section.start) : 0
    const last = section?.end ?? this.text.length
    return kind.ranges(annotation.value).map(([start, end]) => ({ id: annotation.id, start: Math.min(last, this.points.toUtf16(before + start)), end: Math.min(last, this.points.toUtf16(before + end)) }))
  }

  /** Pieces of spans between two positions, from left to right. */
  between(start: number, end: number): Piece[] {
    return this.space
      .search({ minX: start, maxX: end, minY: 0, maxY: 0 })
      .flatMap((key) => {
        const bounds = this.space.bounds(key)
        return bounds && bounds.maxX > start && bounds.minX < end ? [{ id: key.slice(key.indexOf('/') + 1), start: bounds.minX, end: bounds.maxX }] : []
      })
      .sort((a, b) => a.start - b.start || b.end - a.end)
  }

  /** The underline of a span counted from the text: spans that overlap get different ones. */
  level(id: Id): number {
    this.levels ??= this.layOut()
    return this.levels.get(id) ?? 0
  }

  private layOut(): Map<Id, number> {
    const levels = new Map<Id, number>()
    const ends: number[] = []
    for (const { id, start, end } of this.inOrder()) {
      const free = ends.findIndex((taken) => taken <= start)
      const level = levels.get(id) ?? (free < 0 ? ends.length : free)
      ends[level] = Math.max(ends[level] ?? 0, end)
      levels.set(id, level)
    }
    return levels
  }

  /** Every piece by its place in the text. */
  inOrder(): Piece[] {
    return this.between(-1, this.text.length + 1)
  }

  blockAt(position: number): number {
    return blockAt(this.blocks, position)
  }

  textOf(block: Block): string {
    return this.text.slice(block.start, block.end)
  }

  /** What two positions select, at whole characters, words or sentences. */
  select(anchor: number, focus: number, snap: Snap): { readonly start: number; readonly end: number } | null {
    const there = this.within(anchor, focus)
    const [from, to] = anchor <= there ? [anchor, there] : [there, anchor]
    // Words and sentences are looked for around the selection, not in the whole text.
    const { start, end } = this.around(from, Math.max(from, to - 1))
    const found = snapped(this.text.slice(start, end), from - start, Math.min(to, end) - start, snap)
    return found && { start: found.start + start, end: found.end + start }
  }

  /** The blocks of two positions, and those on the other side of a seam: a word may go on there. */
  private around(from: number, to: number): { readonly start: number; readonly end: number } {
    let [first, last] = [this.blockAt(from), this.blockAt(to)]
    if (this.blocks[first]?.startsLine === false) first -= 1
    if (this.blocks[last]?.endsLine === false) last += 1
    return { start: this.blocks[first]?.start ?? 0, end: this.blocks[last]?.end ?? 0 }
  }

  /** The caret's next place, over the ends of lines. */
  step(at: number, by: 1 | -1, snap: Snap): number {
    const index = this.blockAt(at)
    const block = this.blocks[index]
    if (!block) return at
    if (by > 0 && at >= block.end && block.endsLine) return this.blocks[index + 1]?.start ?? at
    if (by < 0 && at <= block.start && block.startsLine) return this.blocks[index - 1]?.end ?? at
    const { start, end } = this.around(at, at)
    return start + stepped(this.text.slice(start, end), Math.min(at, end) - start, by, snap)
  }

  kindOf(annotation: Annotation): TextKind | null {
    const kind = this.kinds.get(annotation.kind)
    return kind?.surface === 'text' ? kind : null
  }

  /** What marking makes now: a span of the current label, else of the first label of this text. */
  drawn({ label }: ViewState): { readonly field: Field; readonly kind: TextKind; readonly label: string | null } | null {
    const fields = this.work.schema.fields.filter((f) => f.on === this.stream && this.kinds.get(f.kind)?.surface === 'text')
    const field = fields.find((f) => f.key === label?.field) ?? fields[0]
    const kind = field && this.kinds.get(field.kind)
    if (!field || kind?.surface !== 'text') return null
    return { field, kind, label: (label?.field === field.key ? label.label : field.labels[0]?.key) ?? null }
  }

  /** Code points; in a part, from its beginning. */
  toPoints(start: number, end: number): Range {
    const before = this.points.fromUtf16(this.sections?.at(start)?.start ?? 0)
    return [this.points.fromUtf16(start) - before, this.points.fromUtf16(end) - before]
  }

  /** A position kept in the part in which another one lies: nothing marked goes on in the next. */
  within(home: number, position: number): number {
    const section = this.sections?.at(home)
    return section ? Math.max(section.start, Math.min(section.end, position)) : position
  }

  /** The part that a position lies in. */
  partAt(position: number): string | undefined {
    return this.sections?.at(position)?.part
  }

  /** The part that begins with a block. */
  sectionOf(block: Block): Section | null {
    const section = this.sections?.at(block.start)
    return section?.start === block.start ? section : null
  }
}
