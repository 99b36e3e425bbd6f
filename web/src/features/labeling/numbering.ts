// Numbering in turn: each annotation that is chosen comes right behind the one before, for links of as many as one likes.

import type { LinkKind } from '../../engine/kind'
import { idsOf } from '../../engine/links'
import type { Field } from '../../engine/schema'
import type { Annotation, Id, Json } from '../../engine/types'
import type { CurrentLabel } from '../../engine/view'
import type { Work } from '../../engine/work'
import type { Screen } from './screen'

type Numbers = LinkKind & Required<Pick<LinkKind, 'put'>>

/** A kind whose annotations are numbered in turn; null for one that is between two. */
export function numbersOf(screen: Screen, field: Field | null | undefined): Numbers | null {
  const kind = field && screen.kinds.get(field.kind)
  return kind?.surface === 'link' && kind.put ? (kind as Numbers) : null
}

export class Numbering {
  /** Those that were followed by another since the first was chosen, the last one last. */
  private chain: Id[] = []

  constructor(private readonly screen: Screen) {}

  /** The field that is numbered now. */
  get field(): Field | null {
    const { work, view } = this.screen
    const field = work?.field(view.state.linking?.label?.field ?? '') ?? null
    return numbersOf(this.screen, field) && field
  }

  /** Where numbering goes on: behind the last of what was numbered last. */
  begin(field: Field): Id | null {
    this.chain = []
    const last = this.screen.work?.store.list().findLast((a) => a.field === field.key)
    return (last && idsOf(last, this.screen.kinds).at(-1)) ?? null
  }

  /** One annotation comes right behind another, and is taken from wherever it stood; then the next is chosen. */
  next(work: Work, field: Field, label: string, from: Id, to: Id): void {
    const kind = numbersOf(this.screen, field)
    if (kind === null) return
    const has = (id: Id) => (a: Annotation): boolean => idsOf(a, this.screen.kinds).includes(id)
    const own = work.store.list().filter((a) => a.field === field.key)
    const home = own.find(has(from)) ?? own.find(has(to))
    const values = new Map<Id, Json | null>()
    for (const other of own.filter(has(to))) if (other !== home) values.set(other.id, kind.rebind(other.value, (id) => (id === to ? null : id)))
    if (home) values.set(home.id, kind.put(home.value, from, to))
    work.paint(values, home ? null : { field, label, value: kind.make(from, to) })
    this.chain.push(from)
    this.turnTo(to, { field: field.key, label })
  }

  get canGoBack(): boolean {
    return this.chain.length > 0 && this.field !== null && this.screen.work?.canUndo === true
  }

  /** Takes the last number back. */
  back(): void {
    const from = this.chain.pop()
    if (from === undefined) return
    this.screen.work?.undo()
    this.turnTo(from, this.screen.view.state.linking?.label ?? null)
  }

  private turnTo(from: Id, label: CurrentLabel | null): void {
    const { view } = this.screen
    const { linking } = view.state
    if (linking) view.set({ linking: { ...linking, from, to: null, label, hints: new Map(), refused: null }, selection: new Set([from]) })
  }
}
