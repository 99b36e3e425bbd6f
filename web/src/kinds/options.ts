// The options of a choice, laid flat in the order of the schema, and what choosing one makes of the answer.

import { isRecord } from '../engine/problem'
import type { Field } from '../engine/schema'
import type { Json } from '../engine/types'

export interface Option {
  readonly key: string
  readonly title: string
  readonly definition: string
  readonly hotkey: string | null
  /** Titles from the root to this option. */
  readonly path: readonly string[]
  readonly hasChildren: boolean
}

export interface OptionTree {
  readonly all: readonly Option[]
  readonly order: readonly string[]
  readonly byKey: ReadonlyMap<string, Option>
  readonly isFlat: boolean
}

export type Answer = string | readonly string[] | undefined

const trees = new WeakMap<Field, OptionTree>()

/** The field's options; made once for each field. */
export function treeOf(field: Field): OptionTree {
  const made = trees.get(field) ?? flatten(field.options['options'])
  trees.set(field, made)
  return made
}

export function optionsOf(field: Field): readonly Option[] {
  return treeOf(field).all
}

export function isMultiple(field: Field): boolean {
  return field.options['multiple'] === true
}

export function keysOf(value: Answer): readonly string[] {
  return value === undefined ? [] : typeof value === 'string' ? [value] : value
}

/** The answer after choosing an option: one replaces, several toggle and stay in the order of the schema. */
export function toggled(field: Field, value: Answer, key: string): Json | undefined {
  if (!isMultiple(field)) return value === key ? (field.required ? key : undefined) : key
  const chosen = new Set(keysOf(value))
  if (!chosen.delete(key)) chosen.add(key)
  return treeOf(field).order.filter((k) => chosen.has(k))
}

/** Whether the values stand side by side in the panel: few, short, one of them. */
export function fitsRow(field: Field): boolean {
  const { all, isFlat } = treeOf(field)
  const letters = all.reduce((sum, option) => sum + option.title.length, 0)
  return isFlat && !isMultiple(field) && all.length <= 4 && letters + 2.5 * all.length <= 26 && all.every((option) => option.hotkey === null)
}

function flatten(options: Json | undefined): OptionTree {
  const all: Option[] = []
  descend(options, [], all)
  return { all, order: all.map((o) => o.key), byKey: new Map(all.map((o) => [o.key, o])), isFlat: all.every((o) => o.path.length === 1) }
}

function descend(options: Json | undefined, above: readonly string[], into: Option[]): void {
  if (!isRecord(options)) return
  for (const [key, given] of Object.entries(options)) {
    const value = isRecord(given) ? given : {}
    const title = typeof value['title'] === 'string' && value['title'] !== '' ? value['title'] : key
    const path = [...above, title]
    const below = value['options']
    into.push({
      key,
      title,
      definition: typeof value['definition'] === 'string' ? value['definition'] : '',
      hotkey: typeof value['key'] === 'string' ? value['key'].toUpperCase() : null,
      path,
      hasChildren: isRecord(below) && Object.keys(below).length > 0,
    })
    descend(below, path, into)
  }
}
