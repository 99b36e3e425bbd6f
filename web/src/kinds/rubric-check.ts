// What is wrong with the value of a rubric, as the server says it.

import { isRecord, problem } from '../engine/problem'
import type { Field } from '../engine/schema'
import type { Json, Problem } from '../engine/types'

export const OVERALL = 'overall'
const LONGEST = 10_000

export type Asked = 'none' | 'allowed' | 'required'

export interface Criterion {
  readonly key: string
  readonly title: string
  readonly definition: string
  readonly weight: number
  /** Step to what it means. */
  readonly anchors: Readonly<Record<string, string>>
}

export interface Rules {
  readonly criteria: readonly Criterion[]
  readonly min: number
  readonly max: number
  readonly rationale: Asked
  readonly rationaleEach: Asked
}

export interface Rubric {
  readonly scores: Readonly<Record<string, number>>
  readonly rationale?: Readonly<Record<string, string>>
}

const made = new WeakMap<Field, Rules>()

/** The field's rubric; read once for each field. */
export function rulesOf(field: Field): Rules {
  const found = made.get(field) ?? read(field)
  made.set(field, found)
  return found
}

/** What is said so far; nothing where the value is no rubric. */
export function rubricOf(value: Json | undefined): Rubric {
  const scores = isRecord(value) && isRecord(value['scores']) ? value['scores'] : {}
  const rationale = isRecord(value) && isRecord(value['rationale']) ? value['rationale'] : {}
  return { scores: scores as Rubric['scores'], rationale: rationale as Record<string, string> } // checked before it is handed in
}

/** The weighted mean of the scores that are there, on the scale; null as long as one is missing. */
export function weighted(field: Field, value: Json | undefined): number | null {
  const { criteria } = rulesOf(field)
  const { scores } = rubricOf(value)
  if (criteria.some(({ key }) => scores[key] === undefined)) return null
  const total = criteria.reduce((sum, { weight }) => sum + weight, 0)
  return criteria.reduce((sum, { key, weight }) => sum + weight * (scores[key] ?? 0), 0) / total
}

export function check(value: Json, field: Field): Problem[] {
  const shape = checkShape(value)
  if (shape !== null) return [shape]
  const rules = rulesOf(field)
  const { scores, rationale = {} } = value as unknown as Rubric // its shape was just checked
  const names = rules.criteria.map(({ key }) => key)
  const range = `${rules.min} to ${rules.max}`
  return [
    ...Object.keys(scores).filter((key) => !names.includes(key)).map((key) => problem(`scores.${key}`, key, `one of ${names.join(', ')}`, 'Score criteria of this rubric.')),
    ...names.flatMap((key) => {
      const score = scores[key]
      return score !== undefined && score >= rules.min && score <= rules.max ? [] : [problem(`scores.${key}`, score, range, 'Score it on the scale.')]
    }),
    ...checkRationale(rationale, rules, names),
  ]
}

function checkRationale(given: Readonly<Record<string, string>>, rules: Rules, names: readonly string[]): Problem[] {
  const asked: readonly (readonly [string, Asked])[] = [[OVERALL, rules.rationale], ...names.map((key) => [key, rules.rationaleEach] as const)]
  const open = asked.filter(([, how]) => how !== 'none').map(([key]) => key)
  const expected = open.length > 0 ? `one of ${open.join(', ')}` : 'no rationale'
  return [
    ...Object.keys(given).filter((key) => !open.includes(key)).map((key) => problem(`rationale.${key}`, key, expected, 'Say why only where the rubric asks for it.')),
    ...asked.flatMap(([key, how]) => {
      const said = given[key] ?? ''
      const length = [...said].length
      return [
        ...(how === 'required' && said.trim() === '' ? [problem(`rationale.${key}`, said, 'a text', 'Say why.')] : []),
        ...(length > LONGEST ? [problem(`rationale.${key}`, `${length} characters`, `at most ${LONGEST} characters`, 'Shorten the text.')] : []),
      ]
    }),
  ]
}

/** The first part of the value that is not of its type. */
function checkShape(value: Json): Problem | null {
  const shape = 'Give the value the shape of a rubric.'
  if (!isRecord(value)) return problem('', value, 'a mapping', shape)
  const { scores, rationale = {}, ...rest } = value
  const [unknown] = Object.keys(rest)
  if (scores !== undefined && !isRecord(scores)) return problem('scores', scores, 'a mapping', shape)
  const score = Object.entries(scores ?? {}).find(([, one]) => !Number.isInteger(one))
  if (score) return problem(`scores.${score[0]}`, score[1], 'a whole number', shape)
  if (!isRecord(rationale)) return problem('rationale', rationale, 'a mapping', shape)
  const why = Object.entries(rationale).find(([, one]) => typeof one !== 'string')
  if (why) return problem(`rationale.${why[0]}`, why[1], 'text', shape)
  if (unknown !== undefined) return problem(unknown, value[unknown], 'no such key', shape)
  return scores === undefined ? problem('scores', undefined, 'a value', shape) : null
}

function read({ options }: Field): Rules {
  const criteria = isRecord(options['criteria']) ? options['criteria'] : {}
  const asked = (given: Json | undefined): Asked => (given === 'allowed' || given === 'required' ? given : 'none')
  return {
    criteria: Object.entries(criteria).map(([key, given]) => {
      const one = isRecord(given) ? given : {}
      const anchors = isRecord(one['anchors']) ? one['anchors'] : {}
      return {
        key,
        title: typeof one['title'] === 'string' && one['title'] !== '' ? one['title'] : key.charAt(0).toUpperCase() + key.slice(1).replaceAll('_', ' '),
        definition: typeof one['definition'] === 'string' ? one['definition'] : '',
        weight: typeof one['weight'] === 'number' ? one['weight'] : 1,
        anchors: Object.fromEntries(Object.entries(anchors).map(([step, says]) => [step, String(says)])),
      }
    }),
    min: typeof options['min'] === 'number' ? options['min'] : 1,
    max: typeof options['max'] === 'number' ? options['max'] : 5,
    rationale: asked(options['rationale']),
    rationaleEach: asked(options['rationale_each']),
  }
}
