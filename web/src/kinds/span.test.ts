// Spans of several segments: made by adding what is marked, held at their ends.

import { expect, test } from 'vitest'
import type { Json } from '../engine/types'
import { type Span, span } from './span'

const [segment] = span.joins ?? []
const join = (value: Span, drawn: Span) => segment?.join(value as Span & Json, drawn as Span & Json)

test('what is marked besides becomes a segment in its place', () => {
  expect(join([[10, 14]], [[2, 5]])).toEqual([[2, 5], [10, 14]])
})

test('what touches or overlaps a segment makes it longer', () => {
  expect(join([[2, 5], [10, 14]], [[4, 10]])).toEqual([[2, 14]])
})

test('the ends of a span move without its other segments, and never past them', () => {
  const value = [[2, 5], [10, 14]] as unknown as Span & Json

  expect(span.reaching(value, 3, 20)).toEqual([[3, 5], [10, 20]])
  expect(span.reaching(value, 5, 14)).toBeNull()
})
