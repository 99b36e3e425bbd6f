// What is said between the screen and one panel: answers that the panel may give, each checked by its kind.

import { factsOf } from '../../../engine/check'
import type { Kinds } from '../../../engine/check'
import type { Field, Panel } from '../../../engine/schema'
import { same } from '../../../engine/same'
import type { Annotation, Json } from '../../../engine/types'
import type { Work } from '../../../engine/work'
import { type FromHost, type FromPanel, type Look, VERSION } from './contract'

export interface Asked {
  readonly work: Work
  readonly kinds: Kinds
  readonly panel: Panel
  readonly look: Look
  /** Sends to the panel. */
  readonly post: (said: FromHost) => void
  readonly onHeight: (pixels: number) => void
  readonly onProblem: (text: string) => void
  readonly onKey: (said: Extract<FromPanel, { type: 'key' }>) => void
  /** The bytes of a picture. */
  readonly blob: (url: string) => Promise<Blob>
}

type Content = Extract<FromHost, { type: 'show' }>['streams'][string]

export class Conversation {
  private known: Readonly<Record<string, Json>> = {}
  private look: Look

  constructor(private readonly asked: Asked) {
    this.look = asked.look
  }

  /** Tells the panel everything that the schema lets it see. */
  async begin(): Promise<void> {
    const { panel, post } = this.asked
    const streams = Object.fromEntries(await Promise.all(panel.streams.map(async (name) => [name, await this.content(name)] as const)))
    this.known = this.answers()
    const fields = Object.fromEntries(this.fields.map(({ key, kind, title, definition, required, options }) => [key, { kind, title, definition, required, options }]))
    post({ karat: VERSION, type: 'show', panel: panel.key, streams: present(streams), fields, answers: this.known, look: this.look })
  }

  /** Tells of answers and of a look that are other than what it was told last. */
  update(look: Look): void {
    const answers = this.answers()
    if (!same(answers, this.known)) this.asked.post({ karat: VERSION, type: 'answers', answers: (this.known = answers) })
    if (!same({ ...look }, { ...this.look })) this.asked.post({ karat: VERSION, type: 'look', look: (this.look = look) })
  }

  hear(said: FromPanel): void {
    const { onHeight, onProblem, onKey } = this.asked
    if (said.type === 'height') onHeight(said.height)
    else if (said.type === 'problem') onProblem(said.text)
    else if (said.type === 'key') onKey(said)
    else this.answer(said.field, said.type === 'set' ? said.value : undefined)
  }

  private answer(name: string, value: Json | undefined): void {
    const { work, kinds, post } = this.asked
    const field = this.fields.find((f) => f.key === name)
    const kind = field && kinds.get(field.kind)
    const refuse = (problems: readonly { path: string; expected: string; do: string }[]) => post({ karat: VERSION, type: 'refused', field: name, problems })
    if (!field || kind?.surface !== 'form') return refuse([{ path: '', expected: `one of ${this.asked.panel.fields.join(', ')}`, do: 'Answer only the fields that the schema gives to this panel.' }])
    if (work.isFinal) return refuse([{ path: '', expected: 'nothing: this answer is final', do: 'Look at `look.readonly`.' }])
    const problems = value === undefined ? [] : kind.check(value, field, factsOf(work, annotationOf(field, value)))
    if (problems.length > 0) return refuse(problems.map(({ path, expected, do: remedy }) => ({ path, expected, do: remedy })))
    this.known = { ...this.known, [name]: value ?? null }
    work.setAnswer(field, value)
  }

  private get fields(): readonly Field[] {
    return this.asked.work.schema.fields.filter((field) => this.asked.panel.fields.includes(field.key))
  }

  private answers(): Record<string, Json> {
    return Object.fromEntries(this.fields.map((field) => [field.key, this.asked.work.answer(field) ?? null]))
  }

  private async content(name: string): Promise<Content | null> {
    const { work, blob } = this.asked
    const stream = work.task.item.streams[name]
    if (!stream) return null
    const facts = JSON.parse(JSON.stringify(stream.facts)) as Record<string, Json>
    const text = work.texts[name]
    if (text !== undefined) return { kind: stream.kind, text, facts }
    return stream.url ? { kind: stream.kind, blob: await blob(stream.url), facts } : { kind: stream.kind, facts }
  }
}

function present<T>(given: Readonly<Record<string, T | null>>): Record<string, T> {
  return Object.fromEntries(Object.entries(given).flatMap(([key, value]) => (value === null ? [] : [[key, value] as const])))
}

function annotationOf(field: Field, value: Json): Annotation {
  return { id: field.key, field: field.key, kind: field.kind, version: 1, label: null, value, ...(field.on === null ? {} : { on: { stream: field.on } }) }
}
