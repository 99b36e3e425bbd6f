// What is made next: the tool in hand, and the label that it gives.

import type { Field, Label } from '../../engine/schema'
import type { CurrentLabel, Snap } from '../../engine/view'
import { drawnFields } from './fields'
import type { Screen } from './screen'

/** What a field may say of where marks begin and end. */
const SNAPS: Readonly<Record<string, Snap>> = { character: 'char', token: 'word', sentence: 'sentence' }

/** Tools that make nothing. */
const NOT_DRAWING = new Set(['select', 'pan', 'ruler'])

export class Tools {
  private last = ''

  constructor(private readonly screen: Screen) {
    const drawn = drawnFields(screen)
    const [first] = drawn
    const snap = SNAPS[String(drawn.find((f) => screen.kinds.get(f.kind)?.surface === 'text')?.options['snap'])]
    if (snap) screen.view.set({ snap })
    screen.view.set({ tool: first?.key ?? 'select', label: first ? firstLabel(first) : null })
  }

  take(tool: string): void {
    const { view, kinds } = this.screen
    const was = view.state.tool
    if (!NOT_DRAWING.has(was)) this.last = was
    const field = drawnFields(this.screen).find((f) => f.key === tool)
    const kind = field && kinds.get(field.kind)
    // The brush in hand once more: what is painted next is a thing of its own.
    if (was === tool && kind?.surface === 'canvas' && kind.paint) view.select()
    const keepLabel = field === undefined || view.state.label?.field === field.key
    this.screen.turnTo(field?.on)
    view.set({ tool, redrawn: null, ...(keepLabel ? {} : { label: firstLabel(field) }) })
  }

  takeLast(): void {
    const drawing = !NOT_DRAWING.has(this.screen.view.state.tool)
    this.take(drawing ? 'select' : this.last || (drawnFields(this.screen)[0]?.key ?? 'select'))
  }

  /** What is drawn next takes the place of the selected shape or span, or is joined to it. */
  redraw(join: string | null = null): void {
    const { single, view } = this.screen
    if (single === null || !drawnFields(this.screen).includes(single.field)) return
    this.take(single.field.key)
    view.set({ redrawn: { id: single.annotation.id, join }, selection: new Set([single.annotation.id]), label: single.annotation.label === null ? view.state.label : { field: single.field.key, label: single.annotation.label } })
  }

  /** Gives the selection this label, or makes it the one that is drawn next. */
  chooseLabel(field: Field, label: Label): void {
    const { work, kinds, view, links } = this.screen
    if (this.paintsLabel(field, label)) return
    const fitting = this.screen.selected.filter((a) => a.field === field.key).map((a) => a.id)
    if (kinds.get(field.kind)?.surface === 'link' && fitting.length === 0) return links.begin({ field: field.key, label: label.key })
    if (work && fitting.length > 0) work.relabel(fitting, field, label.key)
    if (kinds.get(field.kind)?.surface === 'link') return
    const onSurface = view.state.tool
    const tool = NOT_DRAWING.has(onSurface) || fitting.length > 0 ? onSurface : field.key
    if (tool === field.key) this.screen.turnTo(field.on)
    view.set({ label: { field: field.key, label: label.key }, tool })
    if (fitting.length === 0 && this.screen.surface?.marked()) this.screen.surface.enter()
  }

  /** Where each label has one painted shape, a label is turned to, not given to another's shape. */
  private paintsLabel(field: Field, label: Label): boolean {
    const { work, kinds, view } = this.screen
    const kind = kinds.get(field.kind)
    if (work === null || view.state.tool !== field.key || kind?.surface !== 'canvas' || !kind.paint?.isOnePerLabel(field)) return false
    const mine = work.store.list().find((a) => a.field === field.key && a.label === label.key)
    view.set({ label: { field: field.key, label: label.key }, selection: new Set(mine ? [mine.id] : []) })
    return true
  }
}

function firstLabel(field: Field): CurrentLabel | null {
  const [first] = field.labels
  return first ? { field: field.key, label: first.key } : null
}
