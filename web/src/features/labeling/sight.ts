// What is in sight of the open item's annotations: the panel's filter, what is hidden, and the layers.

import type { Field } from '../../engine/schema'
import type { Annotation, Id } from '../../engine/types'
import type { LayerMode } from '../../engine/view'
import { listedLabels } from './fields'
import type { Screen } from './screen'

export class Sight {
  filter = ''

  constructor(private readonly screen: Screen) {}

  setFilter(filter: string): void {
    const { work, view } = this.screen
    this.filter = filter
    view.set({ kept: filter.trim() === '' || work === null ? null : new Set(work.store.list().filter((a) => this.fits(a, filter)).map((a) => a.id)) })
  }

  toggleHidden(ids: readonly Id[]): void {
    const { view } = this.screen
    const hidden = new Set(view.state.hidden)
    const hide = ids.some((id) => !hidden.has(id))
    for (const id of ids) if (hide) hidden.add(id); else hidden.delete(id)
    view.set({ hidden })
  }

  setLayer(field: Field, mode: LayerMode): void {
    const { view } = this.screen
    const layers = new Map(view.state.layers).set(field.key, mode)
    view.set({ layers, selection: new Set([...view.state.selection].filter((id) => view.fieldOf(id) !== field.key)) })
  }

  /** Everything is in sight again. */
  showAll(): void {
    const { view } = this.screen
    view.set({ hidden: new Set(), shown: 'filled', layers: new Map([...view.state.layers].filter(([, mode]) => mode !== 'hidden')) })
  }

  private fits(annotation: Annotation, filter: string): boolean {
    const { work } = this.screen
    const label = listedLabels(this.screen).find(({ field, label: l }) => field.key === annotation.field && l.key === annotation.label)?.label.title ?? ''
    const words = [label, String(work?.store.numberOf(annotation.id)), ...Object.entries(annotation.attributes ?? {}).flatMap(([key, value]) => [key, String(value)])]
    return filter.toLowerCase().split(/\s+/).filter(Boolean).every((word) => words.some((w) => w.toLowerCase().includes(word)))
  }
}
