// A relation: what one annotation of a response has to do with another, from one to the other or between the two.

import type { LinkKind } from '../engine/kind'
import { isRecord, problem } from '../engine/problem'
import type { Field, Label } from '../engine/schema'
import type { Annotation, Id, Json, Problem } from '../engine/types'

export type Relation = { readonly from: Id; readonly to: Id }

/** Fields to the labels that are meant; no labels: all of the field. */
type Ends = Readonly<Record<string, readonly string[]>>

const SIDES = ['from', 'to'] as const

function check(value: Json): Problem[] {
  if (!isRecord(value)) return [problem('', value, 'a mapping', 'Give {from, to}.')]
  const extra = Object.keys(value).find((key) => key !== 'from' && key !== 'to')
  if (extra !== undefined) return [problem(extra, value[extra] ?? null, 'no such key', `Remove ${extra}.`)]
  for (const side of SIDES) {
    const end = value[side]
    if (end === undefined) return [problem(side, null, 'a value', 'Name the annotation that is meant.')]
    if (typeof end !== 'string') return [problem(side, end, 'text', 'Name the annotation by its id.')]
  }
  const empty = SIDES.filter((side) => value[side] === '')
  if (empty.length > 0) return empty.map((side) => problem(side, '', 'the id of an annotation', 'Name the annotation that is meant.'))
  return value['from'] === value['to'] ? [problem('to', value['to'] ?? null, 'another annotation than `from`', 'Choose another end.')] : []
}

function checkAmong(annotations: readonly Annotation[], field: Field, siblings: ReadonlyMap<Id, Annotation>): { index: number; problem: Problem }[] {
  const said = new Set<string>()
  const so = { from: new Map<Id, number>(), to: new Map<Id, number>() }
  return annotations.flatMap((annotation, index) => {
    const value = annotation.value as Relation // its shape was checked before
    const key = JSON.stringify([annotation.label, ...endsOf(value, isDirected(field))])
    let wrong = [...absent(value, siblings)]
    if (wrong.length === 0) wrong = unfitting(annotation.label, value, field, siblings)
    if (wrong.length === 0 && said.has(key)) wrong = [problem('', value, 'a relation that is not there yet', 'Remove one of the two.')]
    said.add(key)
    if (wrong.length === 0) {
      for (const side of SIDES) so[side].set(value[side], (so[side].get(value[side]) ?? 0) + 1)
      wrong = SIDES.flatMap((side) => {
        const most = field.options[`most_${side}`]
        return typeof most === 'number' && (so[side].get(value[side]) ?? 0) > most ? [problem(side, value[side], `at most ${most} ${side} one annotation`, 'Remove another one first.')] : []
      })
    }
    return wrong.map((p) => ({ index, problem: p }))
  })
}

function absent(value: Relation, siblings: ReadonlyMap<Id, Annotation>): Problem[] {
  return SIDES.flatMap((side) => (siblings.has(value[side]) ? [] : [problem(side, value[side], 'the id of an annotation of this response that has a place', 'Add that annotation, or remove the relation.')]))
}

/** The ends that may not be meant; without direction, the two may change places. */
function unfitting(label: string | null, value: Relation, field: Field, siblings: ReadonlyMap<Id, Annotation>): Problem[] {
  const [from, to] = [siblings.get(value.from), siblings.get(value.to)]
  if (!from || !to) return []
  const allowed = { from: endsAllowed(field, label, 'from'), to: endsAllowed(field, label, 'to') }
  if (!isDirected(field) && fitsAll(to, allowed.from) && fitsAll(from, allowed.to)) return []
  return SIDES.flatMap((side) => {
    const end = side === 'from' ? from : to
    const wrong = allowed[side].find((ends) => !fits(end, ends))
    return wrong ? [problem(side, end.label === null ? end.field : `${end.field} (${end.label})`, `an annotation of ${inWords(wrong)}`, 'Choose another end, or another label.')] : []
  })
}

/** What the field allows at one end, and what the label does. */
function endsAllowed(field: Field, label: string | null, side: 'from' | 'to'): readonly Ends[] {
  const narrow = label === null ? undefined : record(record(field.options['ends'])[label])[side]
  return [record(field.options[side]) as Ends, record(narrow) as Ends] // the server lets only lists of labels through
}

function fitsAll(annotation: Annotation, all: readonly Ends[]): boolean {
  return all.every((ends) => fits(annotation, ends))
}

function fits(annotation: Annotation, ends: Ends): boolean {
  if (Object.keys(ends).length === 0) return true
  const labels = ends[annotation.field]
  return labels !== undefined && (labels.length === 0 || (annotation.label !== null && labels.includes(annotation.label)))
}

function inWords(ends: Ends): string {
  return Object.entries(ends).map(([name, labels]) => (labels.length > 0 ? `${name} (${labels.join(', ')})` : name)).join(' or ')
}

function isDirected(field: Field): boolean {
  return field.options['directed'] !== false
}

function endsOf({ from, to }: Relation, directed: boolean): readonly [Id, Id] {
  return directed || from <= to ? [from, to] : [to, from]
}

function record(value: Json | undefined): Readonly<Record<string, Json>> {
  return value !== undefined && isRecord(value) ? value : {}
}

/** The labels that a relation from one to the other may have. */
function labelsBetween(field: Field, from: Annotation, to: Annotation): readonly Label[] {
  const siblings = new Map([[from.id, from], [to.id, to]])
  return field.labels.filter((label) => unfitting(label.key, { from: from.id, to: to.id }, field, siblings).length === 0)
}

function rebind({ from, to }: Relation, names: (id: Id) => Id | null): Relation | null {
  const [source, target] = [names(from), names(to)]
  return source === null || target === null || source === target ? null : { from: source, to: target }
}

export const relation: LinkKind<Relation> = {
  name: 'relation',
  version: 1,
  title: 'Relation',
  surface: 'link',
  tool: { title: 'Relate', key: 'L', icon: 'link' },
  check,
  checkAmong,
  isLink: (value) => check(value).length === 0,
  ids: ({ from, to }) => [from, to],
  rebind,
  isDirected,
  make: (from, to) => ({ from, to }),
  labelsBetween,
}
