// Questions that are answered one after another by keys: a field on each part of a stream, a criterion of a rubric.

import type { FormKind, Question } from '../../engine/kind'
import type { Field } from '../../engine/schema'
import type { Id } from '../../engine/types'
import type { Work } from '../../engine/work'
import { fieldsOfParts, hasCells } from './fields'
import type { Screen } from './screen'

/** One question: a field, the part it is about (null: the item), and which of the questions of its value (null: it has one). */
export interface Cell {
  readonly field: Field
  readonly part: string | null
  readonly question: string | null
}

const ONE: readonly Question[] = []

export class Cells {
  /** Where the keyboard is; null where it is at none. */
  now: Cell | null = null
  private cached: { readonly work: Work; readonly version: number; readonly list: readonly Cell[] } | null = null

  constructor(private readonly screen: Screen) {}

  /** Every cell that is asked now: part by part as they are shown, within a part in the order of the schema, then the item's. */
  get list(): readonly Cell[] {
    const { work } = this.screen
    if (work === null) return []
    if (this.cached?.work !== work || this.cached.version !== work.store.version) this.cached = { work, version: work.store.version, list: this.all(work) }
    return this.cached.list
  }

  /** The fields that are asked on a part, or on the item. */
  fieldsOn(stream: string, part: string): readonly Field[] {
    const { work } = this.screen
    if (work === null) return []
    return fieldsOfParts(this.screen).filter((field) => field.on === stream && this.partsOf(work, field).has(part) && work.isAskedOn(field, part))
  }

  /** Whether an annotation is the answer of a cell. */
  isOf(id: Id): boolean {
    const field = this.screen.work?.field(this.screen.work.store.get(id)?.field ?? '')
    return field !== undefined && field !== null && field.each !== null
  }

  isNow(field: Field, part: string | null): boolean {
    return this.now !== null && this.now.field.key === field.key && this.now.part === part
  }

  /** The part of a stream where the keyboard is. */
  partOn(stream: string): string | null {
    return this.now?.field.on === stream ? this.now.part : null
  }

  go(cell: Cell | null): void {
    const { now } = this
    if (now?.field === cell?.field && now?.part === cell?.part && now?.question === cell?.question) return
    this.now = cell
    this.screen.changed()
  }

  /** The keyboard goes to a part, keeping its column; parts of which nothing is asked leave it where it is, unless that is no
      longer `shown`: what nobody sees is not answered. */
  goPart(stream: string, part: string, shown?: readonly string[]): void {
    if (this.partOn(stream) === part) return
    const there = this.list.filter((cell) => cell.part === part && cell.field.on === stream)
    const same = there.find((cell) => cell.field === this.now?.field && cell.question === this.now.question)
    const cell = same ?? there[0]
    const at = this.partOn(stream)
    if (cell) this.go(cell)
    else if (at !== null && shown?.includes(at) === false) this.go(null)
  }

  /** Another field or question of the same part or item was taken by the pointer. */
  take(field: Field, part: string | null, question: string | null = null): void {
    this.go(this.list.find((cell) => cell.field === field && cell.part === part && (question === null || cell.question === question)) ?? null)
  }

  step(by: 1 | -1): void {
    const { list } = this
    const at = this.place
    this.go(list[at < 0 ? (by > 0 ? 0 : list.length - 1) : Math.max(0, Math.min(list.length - 1, at + by))] ?? null)
  }

  /** The same column of the next part, or of the one before. */
  jump(by: 1 | -1): void {
    const { now } = this
    if (now === null) return this.step(by)
    const column = this.list.filter((cell) => cell.field === now.field && cell.question === now.question)
    this.go(column[column.findIndex((cell) => cell.part === now.part) + by] ?? now)
  }

  /** The next that is still open, from here on and round again; false where none is. */
  goOpen(): boolean {
    const { list } = this
    const at = this.place
    const open = [...list.slice(at + 1), ...list.slice(0, at + 1)].find((cell) => !this.isAnswered(cell))
    if (open) this.go(open)
    return open !== undefined
  }

  isAnswered({ field, part, question }: Cell): boolean {
    const value = this.screen.work?.answer(field, part)
    const kind = this.kindOf(field)
    return question !== null && kind?.isAnswered ? kind.isAnswered(value, question) : value !== undefined
  }

  /** A digit answers the cell; one that was open is followed by the next. */
  press(digit: number): void {
    const { work } = this.screen
    const { now } = this
    if (work === null || now === null) return
    const value = this.kindOf(now.field)?.digit?.(now.field, work.answer(now.field, now.part), digit, now.question)
    if (value === undefined) return
    const wasOpen = !this.isAnswered(now)
    work.setAnswer(now.field, value, now.part)
    if (wasOpen && now.field.options['multiple'] !== true) this.step(1)
  }

  /** Takes the answer of the cell back. */
  clear(): void {
    const { now } = this
    if (now !== null) this.screen.work?.setAnswer(now.field, undefined, now.part)
  }

  /** Another item is open: the keyboard begins at its first open question, unless digits mean something else here. */
  opened(): void {
    this.now = null
    this.cached = null
    if (!this.screen.hasDigits) this.go(this.list.find((cell) => !this.isAnswered(cell)) ?? this.list[0] ?? null)
  }

  /** What the control of a cell shows as the keys of its options. */
  keysOf(field: Field, part: string | null): Readonly<Record<string, string>> {
    const kind = this.kindOf(field)
    if (!this.isNow(field, part) || field.kind === 'rating' || !kind?.digit || kind.questions) return {}
    return Object.fromEntries(kind.values(field).slice(0, 9).map((option, i) => [option.value, String(i + 1)]))
  }

  private get place(): number {
    const { now } = this
    return now === null ? -1 : this.list.findIndex((cell) => cell.field === now.field && cell.part === now.part && cell.question === now.question)
  }

  private kindOf(field: Field): FormKind<unknown> | null {
    const kind = this.screen.kinds.get(field.kind)
    return kind?.surface === 'form' ? kind : null
  }

  private sets = new WeakMap<Work, Map<string, ReadonlySet<string>>>()

  private partsOf(work: Work, field: Field): ReadonlySet<string> {
    const known = this.sets.get(work) ?? new Map<string, ReadonlySet<string>>()
    this.sets.set(work, known)
    const found = known.get(field.key) ?? new Set(work.askedOf(field))
    known.set(field.key, found)
    return found
  }

  private all(work: Work): Cell[] {
    const found: Cell[] = []
    const add = (field: Field, part: string | null): void => {
      const questions = this.kindOf(field)?.questions?.(field) ?? ONE
      if (questions.length === 0) found.push({ field, part, question: null })
      for (const question of questions) found.push({ field, part, question: question.key })
    }
    const fields = fieldsOfParts(this.screen)
    for (const stream of new Set(fields.map((field) => field.on))) {
      const here = fields.filter((field) => field.on === stream)
      const orders = here.map((field) => work.askedOf(field))
      const longest = orders.toSorted((a, b) => b.length - a.length)[0] ?? []
      const order = orders.every((one) => one.length === longest.length) ? longest : [...this.inOrder(work, here)]
      for (const part of order) {
        for (const field of here) if (this.partsOf(work, field).has(part) && work.isAskedOn(field, part)) add(field, part)
      }
    }
    for (const field of this.screen.schema.fields) if (field.each === null && hasCells(this.screen, field) && work.isAskedOn(field, null)) add(field, null)
    return found
  }

  /** The parts of any of these fields, in the order of the stream. */
  private inOrder(work: Work, fields: readonly Field[]): Iterable<string> {
    const whole = fields.map((field) => ({ ...field, of: [] })).flatMap((field) => work.askedOf(field))
    return new Set(whole)
  }
}
