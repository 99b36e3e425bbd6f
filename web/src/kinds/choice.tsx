// A choice: one or several of the field's options, which may form a tree.

import type { ReactNode } from 'react'
import type { ControlProps, FormKind, KeyedOption } from '../engine/kind'
import { isList, problem, shown } from '../engine/problem'
import type { Field } from '../engine/schema'
import type { Json, Problem } from '../engine/types'
import { ChoiceList, ChoiceRow } from './choice-list'
import { ChoiceSearch } from './choice-search'
import { type Answer, fitsRow, isMultiple, keysOf, optionsOf, toggled, treeOf } from './options'

/** Options that are worth a line and a key each; more are found by typing. */
const LISTED = 10

function check(value: Json, field: Field): Problem[] {
  const { byKey, order } = treeOf(field)
  const unknown = (path: string, key: string) => problem(path, key, oneOf(order), 'Choose an option of this field, or add it to the schema.')
  if (typeof value === 'string') {
    if (isMultiple(field)) return [problem('', value, 'a list of options', `Write [${shown(value)}]: several may be chosen here.`)]
    return byKey.has(value) ? [] : [unknown('', value)]
  }
  if (!isList(value)) return [problem('', value, 'text or a list', 'Give the key of an option.')]
  const texts = value.flatMap((key, i) => (typeof key === 'string' ? [] : [problem(`[${i}]`, key, 'text', 'Give the key of an option.')]))
  if (texts.length > 0) return texts
  if (!isMultiple(field)) return [problem('', value, 'one option', 'Choose one; only a field with `multiple: true` takes a list.')]
  const keys = value as readonly string[] // just tested
  const strangers = keys.flatMap((key, i) => (byKey.has(key) ? [] : [unknown(`[${i}]`, key)]))
  if (strangers.length > 0) return strangers
  const wanted = order.filter((key) => keys.includes(key))
  return shown(keys) === shown(wanted) ? [] : [problem('', value, shown(wanted), 'Name each option once, in the order of the schema.')]
}

function oneOf(keys: readonly string[]): string {
  const few = 12
  return `one of ${keys.slice(0, few).join(', ')}${keys.length > few ? ` … (${keys.length} options)` : ''}`
}

function Control(props: ControlProps): ReactNode {
  const { field } = props
  if (isSearched(field)) return <ChoiceSearch {...props} />
  return props.compact || fitsRow(field) ? <ChoiceRow {...props} /> : <ChoiceList {...props} />
}

function isSearched(field: Field): boolean {
  const { order, isFlat } = treeOf(field)
  return !isFlat || order.length > LISTED
}

/** A key for each option that stands on a line of its own; rows step through their values with one key. */
function keys(field: Field): KeyedOption[] {
  return fitsRow(field) ? [] : values(field)
}

function values(field: Field): KeyedOption[] {
  return isSearched(field) ? [] : optionsOf(field).map(({ key, title, hotkey }) => ({ value: key, title, key: hotkey }))
}

function press(field: Field, value: Json | undefined, option: string | null): Json | undefined {
  if (option !== null) return toggled(field, value as Answer, option)
  if (isSearched(field) || isMultiple(field)) return undefined
  const { order } = treeOf(field)
  const next = order[(order.indexOf(typeof value === 'string' ? value : '') + 1) % order.length]
  return next
}

/** A digit is the option at its place. */
function digit(field: Field, value: Json | undefined, pressed: number): Json | undefined {
  const option = isSearched(field) ? undefined : optionsOf(field)[pressed - 1]
  return option && toggled({ ...field, required: true }, value as Answer, option.key)
}

export const choice: FormKind<ReactNode> = {
  name: 'choice',
  version: 1,
  title: 'Choice',
  surface: 'form',
  check,
  Control,
  values,
  keys,
  press,
  digit,
  summary: (value, field) => keysOf(value as Answer).map((key) => treeOf(field).byKey.get(key)?.title ?? key).join(', '),
}
