// Going through annotations and their attributes by keys alone: one question at a time, which goes on by itself.

import { type Command, command } from '../../engine/command'
import type { FormKind, KeyedOption } from '../../engine/kind'
import { askedAmong, attributesOf, type Field } from '../../engine/schema'
import type { Annotation, Id, Json } from '../../engine/types'
import { m } from './messages'
import type { Screen } from './screen'

/** An option by each digit, as they lie on the keyboard. */
export const DIGITS = [...'1234567890']

export interface Question {
  readonly annotation: Annotation
  readonly attribute: Field
  readonly value: Json | undefined
  /** Options by digits; empty where the answer is typed, or has more of them. */
  readonly options: readonly KeyedOption[]
  /** From 1, of so many annotations. */
  readonly number: number
  readonly of: number
}

export class Walk {
  private ids: readonly Id[] = []
  private at = 0
  private key: string | null = null
  /** What was answered, by annotation and attribute. */
  private readonly answered = new Set<string>()
  state: 'off' | 'asking' | 'done' = 'off'

  constructor(private readonly screen: Screen) {}

  /** Begins at the selected annotation, or at the first that has attributes. */
  begin(): void {
    const { work, view } = this.screen
    if (work === null) return
    this.ids = work.store.list().filter((a) => this.asked(a).length > 0 && !view.hides(a.id) && view.allows(a.id)).map((a) => a.id)
    this.answered.clear()
    this.state = 'asking'
    this.screen.surface?.cancel()
    view.set({ tool: 'select', redrawn: null })
    this.go(Math.max(0, this.ids.findIndex((id) => view.state.selection.has(id))), 'first')
  }

  end(): void {
    this.state = 'off'
    this.screen.view.set({ pointed: null })
    this.screen.changed()
    this.screen.surface?.focus()
  }

  get count(): { readonly objects: number; readonly answers: number } {
    return { objects: this.ids.length, answers: this.answered.size }
  }

  /** What is asked now. An attribute that is not asked any more, since another answer changed, is left. */
  get question(): Question | null {
    const annotation = this.state === 'asking' ? this.annotation : null
    const attribute = annotation && this.asked(annotation).find((a) => a.key === this.key)
    if (!annotation || !attribute) return null
    const options = this.kindOf(attribute)?.values(attribute) ?? []
    return { annotation, attribute, value: annotation.attributes?.[attribute.key], options: options.length <= DIGITS.length ? options : [], number: this.at + 1, of: this.ids.length }
  }

  /** Takes the option of a digit, counted from 0; where one is enough, the next question follows. */
  choose(index: number): void {
    const { question } = this
    const option = question?.options[index]
    const kind = question && this.kindOf(question.attribute)
    if (!question || !option || !kind) return
    const takesMany = question.attribute.options['multiple'] === true
    const value = kind.press(question.attribute, takesMany ? question.value : undefined, option.value)
    this.answer(value)
    if (!takesMany) this.next()
  }

  answer(value: Json | undefined): void {
    const { question, screen: { work } } = this
    if (!question || work === null) return
    work.setAttribute([question.annotation.id], question.attribute.key, value)
    this.answered.add(`${question.annotation.id}/${question.attribute.key}`)
  }

  next(): void {
    const { annotation } = this
    const asked = annotation ? this.asked(annotation) : []
    const after = asked[asked.findIndex((a) => a.key === this.key) + 1]
    if (annotation && after) return this.ask(after.key)
    this.go(this.at + 1, 'first')
  }

  back(): void {
    if (this.state === 'done') {
      this.state = 'asking'
      return this.go(this.ids.length - 1, 'last')
    }
    const { annotation } = this
    const asked = annotation ? this.asked(annotation) : []
    const before = asked[asked.findIndex((a) => a.key === this.key) - 1]
    if (before) return this.ask(before.key)
    if (this.at > 0) this.go(this.at - 1, 'last')
  }

  private go(at: number, which: 'first' | 'last'): void {
    const { screen } = this
    const id = this.ids[at]
    const annotation = id === undefined ? null : (screen.work?.store.get(id) ?? null)
    if (id !== undefined && annotation === null) {
      this.ids = this.ids.filter((other) => other !== id)
      return this.go(which === 'first' ? at : at - 1, which)
    }
    if (id === undefined || annotation === null) {
      this.state = 'done'
      return screen.changed()
    }
    this.at = at
    screen.view.select(id)
    screen.surface?.zoomToSelection()
    const asked = this.asked(annotation)
    this.ask((which === 'first' ? asked[0] : asked.at(-1))?.key ?? null)
  }

  private ask(key: string | null): void {
    this.key = key
    this.screen.view.set({ pointed: key })
    this.screen.changed()
  }

  private get annotation(): Annotation | null {
    return this.screen.work?.store.get(this.ids[this.at] ?? '') ?? null
  }

  private asked(annotation: Annotation): readonly Field[] {
    const field = this.screen.work?.field(annotation.field)
    return field ? askedAmong(attributesOf(field, annotation.label), annotation.attributes ?? {}) : []
  }

  private kindOf(attribute: Field): FormKind<unknown> | null {
    const kind = this.screen.kinds.get(attribute.kind)
    return kind?.surface === 'form' ? kind : null
  }
}

export function walkCommands(screen: Screen): Command<Screen>[] {
  const hasAttributes = screen.schema.fields.some((field) => field.attributes.length > 0 || field.labels.some((label) => label.attributes.length > 0))
  if (!hasAttributes) return []
  const isWalking = (s: Screen): boolean => s.work !== null && s.dialog === null && s.walk.state !== 'off'
  const step = (id: string, keys: readonly string[], title: string, run: (s: Screen) => void): Command<Screen> =>
    command<Screen>({ id: `walk.${id}`, title, group: m.groups.selected, keys, mode: 'walking', quiet: true, when: isWalking, run })
  return [
    command<Screen>({ id: 'walk.begin', title: m.commands.walk, group: m.groups.selected, keys: ['Alt+A'], icon: 'tag', when: (s) => s.work !== null && s.dialog === null && !s.work.isFinal && s.walk.state === 'off', run: (s) => s.walk.begin() }),
    step('next', ['Enter', 'Tab'], m.commands.walkNext, (s) => (s.walk.state === 'done' ? s.walk.end() : s.walk.next())),
    step('back', ['Shift+Enter', 'Shift+Tab'], m.commands.walkBack, (s) => s.walk.back()),
    step('end', ['Esc'], m.commands.walkEnd, (s) => s.walk.end()),
    ...DIGITS.map((digit, i) => step(`option.${digit}`, [digit], m.commands.walkOption(digit), (s) => s.walk.choose(i))),
  ]
}
