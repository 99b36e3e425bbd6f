// Whether a ranking is sound, in the words of the server.

import { isList, isRecord, problem, shown } from '../engine/problem'
import type { Field } from '../engine/schema'
import type { Facts, Json, Problem } from '../engine/types'
import { type Ranking, rankingOf, valueOf } from './orders'

const FEW = 12
const KEYS = new Set(['order', 'none_good', 'strength'])

export interface Options {
  readonly pairwise: boolean
  readonly ties: boolean
  readonly noneGood: boolean
  readonly complete: boolean
  readonly strengths: number
}

export function optionsOf({ options }: Field): Options {
  const { pairwise, ties, none_good, complete, strengths } = options
  return { pairwise: pairwise === true, ties: ties !== false, noneGood: none_good === true, complete: complete !== false, strengths: typeof strengths === 'number' ? strengths : 1 }
}

export function check(value: Json, field: Field, facts: Facts): Problem[] {
  const wrong = shapeOf(value)
  if (wrong !== null) return [wrong]
  const ranking = rankingOf(value) as Ranking // its shape was just tested
  const { order } = ranking
  const ranked = order.flat()
  const empty = order.flatMap((place, i) => (place.length === 0 ? [problem(`order[${i}]`, [], 'at least one candidate', 'Leave the place out.')] : []))
  const twice = [...new Set(ranked.filter((key, i) => ranked.indexOf(key) !== i))].map((key) => problem('order', key, 'each candidate once', 'Leave it in one place only.'))
  const { parts } = facts
  const strangers = parts === undefined ? [] : [...new Set(ranked)].filter((key) => !parts.includes(key)).map((key) => problem('order', key, `one of ${parts.slice(0, FEW).join(', ')}`, 'Name candidates of this item.'))
  const first = [...empty, ...twice, ...strangers]
  return first.length > 0 ? first : rulesOf(ranking, optionsOf(field), ranked.length, parts?.length ?? 0)
}

/** What is wrong with the parts of a value, the first that the server would meet. */
function shapeOf(value: Json): Problem | null {
  const remedy = 'Give the value the shape of a ranking.'
  if (!isRecord(value)) return problem('', value, 'a mapping', remedy)
  const order = value['order']
  for (const [key, part] of Object.entries(value)) {
    if (!KEYS.has(key)) return problem(key, part, 'no such key', remedy)
    if (key === 'order' && !isList(part)) return problem('order', part, 'a list', remedy)
    if (key === 'order' && isList(part)) {
      for (const [i, place] of part.entries()) {
        if (!isList(place)) return problem(`order[${i}]`, place, 'a list', remedy)
        const at = place.findIndex((entry) => typeof entry !== 'string')
        if (at >= 0) return problem(`order[${i}][${at}]`, place[at], 'text', remedy)
      }
    }
    if (key === 'none_good' && typeof part !== 'boolean') return problem('none_good', part, 'true or false', remedy)
    if (key === 'strength' && !Number.isInteger(part)) return problem('strength', part, 'a whole number', remedy)
    if (key === 'strength' && Number(part) < 1) return problem('strength', part, 'a whole number >= 1', remedy)
    if (key === 'strength' && Number(part) > 3) return problem('strength', part, 'a whole number <= 3', remedy)
  }
  return order === undefined ? problem('order', 'nothing', 'a value', remedy) : null
}

function rulesOf({ order, none_good, strength }: Ranking, options: Options, ranked: number, parts: number): Problem[] {
  const found = order.flatMap((place, i) => {
    const sorted = valueOf({ order: [place], none_good: false, strength: 1 })
    const wanted = (isRecord(sorted) && isList(sorted['order']) ? sorted['order'][0] : []) as Json
    return [
      ...(shown(place) === shown(wanted) ? [] : [problem(`order[${i}]`, place, shown(wanted), 'Write those that are tied in the order of their keys.')]),
      ...(place.length > 1 && !options.ties ? [problem(`order[${i}]`, place, 'one candidate', 'This field has no ties; decide which is better.')] : []),
    ]
  })
  if (none_good && !options.noneGood) found.push(problem('none_good', true, 'false', 'Only a field with none_good: true takes it.'))
  if (order.length === 0 && !none_good) found.push(problem('order', [], 'at least one place', 'Say which is best.'))
  const wanted = !options.complete ? 0 : options.pairwise ? 2 : parts
  if (order.length > 0 && ranked < wanted) found.push(problem('order', `${ranked} candidates`, `all ${wanted}`, 'Rank every candidate.'))
  if (options.pairwise && ranked > 2) found.push(problem('order', `${ranked} candidates`, 'two', 'A pairwise field compares two.'))
  if (strength > options.strengths || (strength > 1 && order.length < 2)) found.push(problem('strength', strength, `1 to ${options.strengths}, and 1 where nothing is better`, 'Say how much better in the steps of the field.'))
  return found
}
