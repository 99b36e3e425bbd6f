// What a review is made of, as the server sends it and as the screen keeps it.

import type { components } from '../../../api/schema.gen'
import type { Annotation, Id, Json } from '../../../engine/types'

type Wire = components['schemas']
export type Verdict = Wire['Judged']['verdict']
export type Severity = NonNullable<Wire['Defect']['severity']>
export type Review = Wire['Review']

/** One thing that is wrong with an answer. */
export interface Defect {
  readonly code: string
  readonly severity?: Severity | null
  readonly field?: string | null
  readonly annotation?: Id | null
  readonly note?: string
}

export interface DefectKind {
  readonly title: string
  readonly severity?: Severity
}

/** An answer that stands, as it is to be judged. */
export interface ToReview {
  readonly response: Id
  readonly revision: number
  readonly author: { readonly id: Id; readonly name: string } | null
  readonly schema: number
  readonly annotations: readonly Annotation[]
  readonly at: string
  readonly active_ms: number
  readonly accepted: boolean
}

/** What a claimed review shows. */
export interface ReviewTask {
  readonly item: Id
  readonly stage: string
  readonly do: 'review' | 'adjudicate'
  readonly answers: readonly ToReview[]
  readonly earlier: readonly Review[]
  readonly consensus: Readonly<Record<string, { readonly annotations: readonly Annotation[]; readonly score: number | null; readonly tie: boolean }>> | null
  readonly defects: Readonly<Record<string, DefectKind>>
}

/** What two answers say differently on one field. */
export interface FieldDifference {
  readonly field: string
  readonly distance: number
  readonly pairs: readonly { readonly a: Id; readonly b: Id; readonly distance: number }[]
  readonly only_a: readonly Id[]
  readonly only_b: readonly Id[]
}

/** An answer beside the fix that took its place. */
export interface Changed {
  readonly judged: readonly Annotation[]
  readonly fixed: readonly Annotation[]
  readonly differences: readonly FieldDifference[]
}

/** A verdict as it is handed in. */
export interface Judged {
  readonly response: Id
  readonly revision: number
  readonly verdict: Verdict
  readonly defects: readonly Defect[]
  readonly note: string
}

/** As it travels in a parcel. */
export const asJson = (judged: Judged): Json => ({ ...judged, defects: judged.defects.map((defect) => ({ ...defect })) })
