// A line as both pages tell it, one's own and everybody's, and what can be opened behind it.
import type { OwnLine, PayLine, SourcesOf, Worked } from '../../api/pay'

export interface Told {
  id: string
  formula: number
  currency: string
  digits: number
  amount: number
  made: readonly Worked[]
  answers: number
  activeMs: number
  paidMs: number
  reviewMs: number
  flags: number
}

const sum = (of: readonly number[]) => of.reduce((a, b) => a + b, 0)

export function toldOwn(line: OwnLine): Told {
  const { id, formula, currency, digits, amount, made, flags } = line
  return { id, formula, currency, digits, amount, made, flags, answers: sum(line.answers), activeMs: line.raw_ms + line.review_ms, paidMs: line.label_ms + line.course_ms + line.review_ms, reviewMs: line.review_ms }
}

export function toldOf(line: PayLine): Told {
  const { label_ms = 0, raw_ms = 0, course_ms = 0, review_ms = 0, answers = [], flags = 0 } = line.inputs
  const { id, formula, currency, digits, amount, made } = line
  return { id, formula, currency, digits, amount, made, flags, answers: sum(answers), activeMs: raw_ms + review_ms, paidMs: label_ms + course_ms + review_ms, reviewMs: review_ms }
}

/** What there is to open behind a line, and how many where that is known. */
export function sourcesOf(line: Told): { of: SourcesOf; n: number | null }[] {
  const found: { of: SourcesOf; n: number | null; is: boolean }[] = [
    { of: 'answers', n: line.answers > 0 ? line.answers : null, is: line.answers !== 0 || line.activeMs > line.reviewMs },
    { of: 'reviews', n: null, is: line.reviewMs > 0 },
    { of: 'flags', n: line.flags, is: line.flags > 0 },
    { of: 'corrections', n: null, is: line.made.some((part) => part.of === 'corrections') },
  ]
  return found.filter((one) => one.is).map(({ of, n }) => ({ of, n }))
}
