// A rubric: a score on one scale for each of several criteria, and why.

import type { ReactNode } from 'react'
import type { FormKind, Question } from '../engine/kind'
import type { Field } from '../engine/schema'
import type { Json } from '../engine/types'
import { m } from './messages'
import { check, rubricOf, rulesOf, weighted } from './rubric-check'
import { hasScore, RubricControl, without } from './rubric-control'

function questions(field: Field): readonly Question[] {
  return rulesOf(field).criteria.map(({ key, title }) => ({ key, title }))
}

/** A digit is the step of the criterion where the keyboard is. */
function digit(field: Field, value: Json | undefined, pressed: number, question: string | null): Json | undefined {
  const { min, max } = rulesOf(field)
  if (question === null || pressed < min || pressed > max) return undefined
  const said = rubricOf(value)
  return without({ ...said, scores: { ...said.scores, [question]: pressed } })
}

function summary(value: Json, field: Field): string {
  const total = weighted(field, value)
  if (total !== null) return m.score(total)
  return m.scored(Object.keys(rubricOf(value).scores).length, rulesOf(field).criteria.length)
}

export const rubric: FormKind<ReactNode> = {
  name: 'rubric',
  version: 1,
  title: 'Rubric',
  surface: 'form',
  check,
  Control: RubricControl,
  values: () => [],
  keys: () => [],
  press: () => undefined,
  summary,
  questions,
  digit,
  isAnswered: hasScore,
  inWords: (value, field) => rulesOf(field).criteria.map(({ key, title }) => `${title} ${rubricOf(value).scores[key] ?? '–'}`).join(', '),
}
