// A project's schema as the screen needs it: fields in order, labels with their hue, mark and key.

import { isList } from './problem'
import type { Json } from './types'

export interface Example {
  readonly text: string
  readonly good: boolean
}

export interface Label {
  readonly key: string
  readonly title: string
  readonly definition: string
  readonly examples: readonly Example[]
  /** Counts through all labels of the schema; gives hue and mark. */
  readonly index: number
  readonly hotkey: string | null
  readonly attributes: readonly Field[]
}

export interface Field {
  readonly key: string
  readonly kind: string
  readonly title: string
  readonly definition: string
  readonly on: string | null
  readonly many: boolean
  readonly required: boolean
  readonly labels: readonly Label[]
  readonly attributes: readonly Field[]
  readonly when: Readonly<Record<string, string>>
  readonly initial: Json
  /** The name of the parts of its stream that it is answered once for each of; null: once an item. */
  readonly each: string | null
  /** Roles of the parts on which it is asked; none for all. */
  readonly of: readonly string[]
  /** What only this kind reads. */
  readonly options: Readonly<Record<string, Json>>
}

export interface Stream {
  readonly key: string
  readonly kind: string
  readonly title: string
  /** It may disturb: covered until it is asked for. */
  readonly veil?: boolean
}

/** A panel that the project brings itself: which file, what it sees, and what it may answer. */
export interface Panel {
  readonly key: string
  readonly title: string
  readonly module: string
  readonly streams: readonly string[]
  readonly fields: readonly string[]
  readonly place: 'side' | 'main'
  readonly height: number
}

export interface Schema {
  readonly streams: readonly Stream[]
  readonly fields: readonly Field[]
  readonly panels?: readonly Panel[]
  /** Whether each item is one card with one question, answered and handed in by one key. */
  readonly card?: boolean
}

const COMMON = new Set(['kind', 'on', 'many', 'required', 'title', 'definition', 'labels', 'attributes', 'default', 'when', 'searchable', 'each', 'of'])
const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0']

/** Reads the schema document that the server sends; the server has checked it. */
export function readSchema(document: unknown): Schema {
  const top = record(document)
  const reader = new Reader()
  return {
    streams: Object.entries(record(top['streams'])).map(([key, value]) => ({
      key,
      kind: text(record(value)['kind']),
      title: text(record(value)['title']) || titled(key),
      veil: record(value)['veil'] === true,
    })),
    fields: Object.entries(record(top['fields'])).map(([key, value]) => reader.field(key, record(value))),
    ...(top['layout'] === 'card' ? { card: true } : {}),
    panels: Object.entries(record(top['panels'])).map(([key, value]) => panelOf(key, record(value))),
  }
}

function panelOf(key: string, value: Record<string, unknown>): Panel {
  return {
    key,
    title: text(value['title']) || titled(key),
    module: text(value['module']),
    streams: list(value['streams']).map(text),
    fields: list(value['fields']).map(text),
    place: value['place'] === 'main' ? 'main' : 'side',
    height: typeof value['height'] === 'number' ? value['height'] : 240,
  }
}

class Reader {
  private labels = 0
  private digits = [...DIGITS]

  field(key: string, value: Record<string, unknown>): Field {
    return {
      key,
      kind: text(value['kind']),
      title: text(value['title']) || titled(key),
      definition: text(value['definition']),
      on: text(value['on']) || null,
      many: value['many'] === true,
      required: value['required'] === true,
      labels: this.labelsOf(record(value['labels'])),
      attributes: this.attributes(record(value['attributes'])),
      when: record(value['when']) as Record<string, string>, // the server lets only text through
      each: text(value['each']) || null,
      of: list(value['of']).map(text),
      initial: (value['default'] ?? null) as Json, // it came as JSON
      options: Object.fromEntries(Object.entries(value).filter(([name]) => !COMMON.has(name))) as Record<string, Json>,
    }
  }

  private labelsOf(given: Record<string, unknown>): Label[] {
    const entries = Object.entries(given).map(([key, value]) => [key, record(value)] as const)
    const chosen = new Set(entries.map(([, value]) => text(value['key'])).filter(Boolean))
    this.digits = this.digits.filter((digit) => !chosen.has(digit))
    return entries.map(([key, value]) => {
      const index = this.labels++
      return {
        key,
        title: text(value['title']) || key,
        definition: text(value['definition']),
        examples: list(value['examples']).map((e) => ({ text: text(record(e)['text']), good: record(e)['good'] !== false })),
        index: typeof value['color'] === 'number' ? value['color'] : index,
        hotkey: text(value['key']).toUpperCase() || this.digits.shift() || null,
        attributes: this.attributes(record(value['attributes'])),
      }
    })
  }

  private attributes(given: Record<string, unknown>): Field[] {
    return Object.entries(given).map(([key, value]) => this.field(key, record(value)))
  }
}

/** Whether a stream is covered until somebody lifts the veil: the schema says so of all items, or `veil` in the metadata of one. */
export function isVeiled(stream: Stream | undefined, metadata: Readonly<Record<string, unknown>>): boolean {
  return stream?.veil === true || metadata['veil'] === true
}

/** The attributes that an annotation with this label carries: the field's, then the label's own. */
export function attributesOf(field: Field, label: string | null): readonly Field[] {
  const own = field.labels.find((l) => l.key === label)?.attributes ?? []
  const names = new Set(own.map((a) => a.key))
  return [...field.attributes.filter((a) => !names.has(a.key)), ...own]
}

/** Those of the attributes that are asked at all, given the answers so far; an answer that is not asked for itself counts for nothing. */
export function askedAmong(attributes: readonly Field[], answers: Readonly<Record<string, Json>>): readonly Field[] {
  const keys = new Set<string>()
  return attributes.filter((attribute) => {
    const isAsked = Object.entries(attribute.when).every(([key, wanted]) => keys.has(key) && holds(answers[key], wanted))
    if (isAsked) keys.add(attribute.key)
    return isAsked
  })
}

/** Whether an answer is the wanted one or has it among several. */
export function holds(answer: Json | undefined, wanted: string): boolean {
  return isList(answer) ? answer.includes(wanted) : answer !== undefined && answer !== null && String(answer) === wanted
}

/** The answers an annotation starts with. */
export function initialAttributes(field: Field, label: string | null): Record<string, Json> {
  const given = attributesOf(field, label).filter((a) => a.initial !== null)
  return Object.fromEntries(given.map((a) => [a.key, a.initial]))
}

export function labelOf(field: Field, key: string | null): Label | null {
  return field.labels.find((label) => label.key === key) ?? null
}

/** A key as people read it: `night_shift` is "Night shift". */
export function titled(key: string): string {
  const words = key.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** Hue and mark of the label with this index, 1 to 12 each; they shift against one another from the 13th on. */
export function hueAndMark(index: number): { readonly hue: number; readonly mark: number } {
  return { hue: (index % 12) + 1, mark: ((index + Math.floor(index / 12)) % 12) + 1 }
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
