// The words of the selected span elsewhere in its text, to be given its label all at once.

import { CodePoints } from '../../engine/codepoints'
import { occurrences, type Ways } from '../../engine/occurrences'
import type { Id, Json } from '../../engine/types'
import type { Screen } from './screen'

export class Occurrences {
  /** The span whose words are looked for, and in which ways; null while none are. */
  asked: ({ readonly id: Id } & Ways) | null = null

  constructor(private readonly screen: Screen) {}

  find(ways: Partial<Ways> = {}): void {
    const id = this.asked?.id ?? this.screen.single?.annotation.id
    if (id === undefined) return
    this.asked = { whole: true, exact: false, ...this.asked, ...ways, id }
    this.screen.changed()
  }

  close(): void {
    this.asked = null
    this.screen.changed()
  }

  /** Where else the words stand and are not yet marked so, as values of the span's kind. */
  get found(): { readonly words: string; readonly values: readonly Json[] } {
    const { asked } = this
    const { work, kinds } = this.screen
    const annotation = asked && work?.store.get(asked.id)
    const field = annotation && work?.field(annotation.field)
    const kind = annotation && kinds.get(annotation.kind)
    const text = annotation ? work?.textOf(annotation) : undefined
    if (!work || !asked || !annotation || !field || kind?.surface !== 'text' || text === undefined || kind.check(annotation.value, field, {}).length > 0) return { words: '', values: [] }
    const points = new CodePoints(text)
    const [range] = kind.ranges(annotation.value)
    if (!range) return { words: '', values: [] }
    const words = text.slice(points.toUtf16(range[0]), points.toUtf16(range[1]))
    const there = new Set(work.store.list().filter((a) => a.field === field.key && a.label === annotation.label && a.on?.part === annotation.on?.part).map((a) => JSON.stringify(a.value)))
    const values = occurrences(text, words, asked).map(({ start, end }) => kind.fromSelection([points.fromUtf16(start), points.fromUtf16(end)]))
    return { words, values: values.filter((value) => !there.has(JSON.stringify(value))) }
  }

  labelAll(): void {
    const { work, view } = this.screen
    const annotation = this.asked && work?.store.get(this.asked.id)
    const field = annotation && work?.field(annotation.field)
    if (work && annotation && field) view.select(...work.addAll(field, annotation.label, this.found.values, annotation.on?.part))
    this.close()
  }
}
