// A step: one part of a stream, picked where the keyboard is; or none of them.

import type { ReactNode } from 'react'
import type { ControlProps, FormKind, KeyedOption, PartMark } from '../engine/kind'
import { isRecord, problem } from '../engine/problem'
import type { Field } from '../engine/schema'
import type { Facts, Json, Parts, Problem } from '../engine/types'
import { Key } from '../ui/parts'
import { m } from './messages'

/** A character for each role, by its place; see `karat.model.parts`. */
const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
const FEW = 12
const REMEDY = 'Give the value the shape of a step.'
/** Where the keyboard is before it was moved, where parts are only counted. */
const FIRST = '0'
const HERE = 'here'
const NONE = 'none'

function optionsOf({ options }: Field): { readonly none: boolean; readonly among: readonly Json[] } {
  const { none, among } = options
  return { none: none !== false, among: Array.isArray(among) ? among : [] }
}

/** The part of a value: a key, null for none of them, undefined where it is no value of this kind. */
function partOf(value: Json | undefined): string | null | undefined {
  if (!isRecord(value)) return undefined
  const part = value['part'] ?? null
  return typeof part === 'string' || part === null ? part : undefined
}

function check(value: Json, field: Field, facts: Facts): Problem[] {
  if (!isRecord(value)) return [problem('', value, 'a mapping', REMEDY)]
  for (const [key, part] of Object.entries(value)) {
    if (key !== 'part') return [problem(key, part, 'no such key', REMEDY)]
    if (typeof part !== 'string' && part !== null) return [problem('part', part, 'text or null', REMEDY)]
  }
  const part = partOf(value) ?? null
  if (part === null) return optionsOf(field).none ? [] : [problem('part', undefined, 'a part', 'Pick one; only a field with `none: true` takes none.')]
  const parts = Object.values(facts.each ?? {})[0]
  if (parts === undefined) return []
  const known = keysAmong(field, parts)
  return known.includes(part) ? [] : [problem('part', part, expectedOf(parts, known), 'Pick a part of this item.')]
}

/** The parts that can be picked. */
function keysAmong(field: Field, parts: Parts): readonly string[] {
  const all = parts.keys ?? Array.from({ length: parts.count ?? 0 }, (_, i) => String(i))
  const { among } = optionsOf(field)
  if (among.length === 0) return all
  const wanted = new Set((parts.roles ?? []).flatMap((role, i) => (among.includes(role) ? [DIGITS[i]] : [])))
  return all.filter((_, i) => wanted.has(parts.role?.[i]))
}

function expectedOf(parts: Parts, known: readonly string[]): string {
  if (parts.keys === undefined && known.length === parts.count && known.length > 0) return `"0" to "${known.length - 1}"`
  if (known.length === 0) return 'none, as there are no such parts'
  return `one of ${known.slice(0, FEW).join(', ')}${known.length > FEW ? ` … (${known.length})` : ''}`
}

function keys(field: Field): KeyedOption[] {
  const here = { value: HERE, title: m.stepHere, key: null }
  return optionsOf(field).none ? [here, { value: NONE, title: m.noStep, key: '0' }] : [here]
}

/** The step at the keyboard, or none; the same again takes the answer back. */
function press(field: Field, value: Json | undefined, option: string | null, parts: readonly string[] = [], here: string | null = null): Json | undefined {
  if (option === null) return value
  const part = option === HERE ? (here ?? parts[0] ?? FIRST) : null
  if (partOf(value) === part && !field.required) return undefined
  return part === null ? {} : { part }
}

function Control({ field, value, onChange, keys: pressed, disabled, id, here = null, parts = [] }: ControlProps): ReactNode {
  const part = partOf(value)
  const at = here ?? parts[0] ?? FIRST
  const button = (option: string, title: string, on: boolean): ReactNode => (
    <button type="button" role="radio" aria-checked={on} disabled={disabled} onClick={() => onChange(press(field, value, option, parts, here))}>
      {title} {pressed.options[option] && <Key>{pressed.options[option]}</Key>}
    </button>
  )
  return (
    <div className="col g2" id={id}>
      <span className="seg" role="radiogroup" aria-label={field.title}>
        {button(HERE, m.stepOf(numberOf(at, parts)), part === at)}
        {optionsOf(field).none && button(NONE, m.noStep, part === null)}
      </span>
      {typeof part === 'string' && part !== at && <span className="t2 f12">{m.stepChosen(numberOf(part, parts))}</span>}
    </div>
  )
}

/** From 1; parts that have keys, such as the messages of a tree, are counted as they are listed. */
function numberOf(part: string, parts: readonly string[] = []): number {
  const at = parts.indexOf(part)
  return at < 0 ? Number(part) + 1 : at + 1
}

function summary(value: Json, _field: Field, parts?: readonly string[]): string {
  const part = partOf(value)
  return part === undefined ? '' : part === null ? m.noStep : m.stepOf(numberOf(part, parts))
}

function markOf(value: Json, part: string, field?: Field): PartMark | null {
  return partOf(value) === part ? { text: field?.title ?? m.stepOf(numberOf(part)), best: false } : null
}

export const step: FormKind<ReactNode> = {
  name: 'step',
  version: 1,
  title: 'Step',
  surface: 'form',
  check,
  Control,
  values: keys,
  keys,
  press,
  summary,
  markOf,
}
