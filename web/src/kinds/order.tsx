// An order: annotations one after another, such as the regions of a page as they are read. It is made by choosing one after the other.

import type { LinkKind } from '../engine/kind'
import { isRecord, problem } from '../engine/problem'
import type { Field, Label } from '../engine/schema'
import type { Annotation, Id, Json, Problem } from '../engine/types'

type Order = readonly Id[]

function check(value: Json): Problem[] {
  if (!Array.isArray(value)) return [problem('', value, 'a list', 'Give ids of annotations, from first to last.')]
  const other = value.findIndex((one) => typeof one !== 'string')
  if (other >= 0) return [problem(`[${other}]`, value[other] ?? null, 'text', 'Name annotations by their ids.')]
  const found = value.flatMap((one, i) => (one === '' ? [problem(`[${i}]`, one, 'the id of an annotation', 'Name annotations by their ids.')] : []))
  if (value.length < 2) found.push(problem('', value, 'at least two annotations', 'Add one, or remove the order.'))
  return [...found, ...value.flatMap((one, i) => (one !== '' && value.indexOf(one) < i ? [problem(`[${i}]`, one, 'each annotation once', 'Leave it in one place only.')] : []))]
}

function checkAmong(annotations: readonly Annotation[], field: Field, siblings: ReadonlyMap<Id, Annotation>): { index: number; problem: Problem }[] {
  const seen = new Set<Id>()
  return annotations.flatMap((annotation, index) =>
    (annotation.value as Order).flatMap((one, at) => { // its shape was checked before
      const wrong = wrongWith(one, field, siblings) ?? (seen.has(one) ? problem('', one, 'an annotation that stands in no other order', 'Leave it in one order only.') : null)
      seen.add(one)
      return wrong === null ? [] : [{ index, problem: { ...wrong, path: `[${at}]` } }]
    }),
  )
}

function wrongWith(one: Id, field: Field, siblings: ReadonlyMap<Id, Annotation>): Problem | null {
  const there = siblings.get(one)
  if (there === undefined) return problem('', one, 'the id of an annotation of this response that has a place', 'Add that annotation, or take it out of the order.')
  if (fits(there, field)) return null
  const meant = Object.entries(amongOf(field)).map(([name, labels]) => (labels.length > 0 ? `${name} (${labels.join(', ')})` : name)).join(' or ')
  return problem('', there.label === null ? there.field : `${there.field} (${there.label})`, `an annotation of ${meant}`, 'Take it out of the order.')
}

/** Fields to the labels that are meant; no labels: all of the field. */
function amongOf(field: Field): Readonly<Record<string, readonly string[]>> {
  const { among } = field.options
  return among !== undefined && isRecord(among) ? (among as Record<string, readonly string[]>) : {} // the server lets only lists of labels through
}

function fits(annotation: Annotation, field: Field): boolean {
  const among = amongOf(field)
  const labels = among[annotation.field]
  if (labels === undefined) return Object.keys(among).length === 0
  return labels.length === 0 || (annotation.label !== null && labels.includes(annotation.label))
}

function labelsBetween(field: Field, from: Annotation, to: Annotation): readonly Label[] {
  return fits(from, field) && fits(to, field) ? field.labels : []
}

function rebind(value: Order, names: (id: Id) => Id | null): Order | null {
  const left = [...new Set(value.map(names))].filter((id) => id !== null)
  return left.length > 1 ? left : null
}

/** The second goes right behind the first; where the first is not there yet, it comes before the second. */
function put(value: Order, from: Id, to: Id): Order {
  const rest = value.includes(from) ? value.filter((id) => id !== to) : value
  const at = rest.includes(from) ? rest.indexOf(from) + 1 : rest.indexOf(to)
  if (at < 0) return [...rest, from, to]
  return [...rest.slice(0, at), rest.includes(from) ? to : from, ...rest.slice(at)]
}

export const order: LinkKind<Order> = {
  name: 'order',
  version: 1,
  title: 'Order',
  surface: 'link',
  tool: { title: 'Number in turn', key: 'I', icon: 'sort' },
  check,
  checkAmong,
  isLink: (value) => check(value).length === 0,
  ids: (value) => value,
  rebind,
  isDirected: () => true,
  make: (from, to) => [from, to],
  put,
  labelsBetween,
}
