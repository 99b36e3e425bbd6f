// Comments on spans: an answer about a span, of kind text and called `comment`, is written where the span is.

import { attributesOf, type Field } from '../../engine/schema'
import type { Annotation, Id } from '../../engine/types'
import type { Work } from '../../engine/work'

/** The name of the attribute that is written at the span. */
const COMMENT = 'comment'

export interface Commented {
  readonly annotation: Annotation
  readonly attribute: Field
  readonly text: string
}

/** The comment of a span; null where its label asks for none. */
export function commentOf(work: Work, id: Id): Commented | null {
  const annotation = work.store.get(id)
  const field = annotation && work.field(annotation.field)
  const attribute = field ? attributesOf(field, annotation.label).find((one) => one.key === COMMENT && one.kind === 'text') : undefined
  const given = annotation?.attributes?.[COMMENT]
  return annotation && attribute ? { annotation, attribute, text: typeof given === 'string' ? given : '' } : null
}
