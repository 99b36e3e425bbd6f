// What reviewers said of the answers to one item, with what a fix changed.

import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useMemo, useState } from 'react'
import { reviews } from '../../../api'
import { readSchema, type Schema } from '../../../engine/schema'
import { Button, format, Tag } from '../../../ui'
import { Fixed } from './Fixed'
import { m } from './messages'
import type { Review } from './shapes'
import { TONES } from './words'
import './review.css'

export function ItemReviews({ item, schema: document }: { item: string; schema: unknown }): ReactNode {
  const schema = useMemo(() => readSchema(document), [document])
  const { data: said = [] } = useQuery({ queryKey: ['item', item, 'reviews'], queryFn: () => reviews.ofItem(item) })
  if (said.length === 0) return null
  return (
    <>
      <h2>{m.ofItem} <span className="c">{said.length}</span></h2>
      <ul className="feedback">{said.map((review) => <One key={review.id} review={review} schema={schema} />)}</ul>
    </>
  )
}

function One({ review, schema }: { review: Review; schema: Schema }): ReactNode {
  const [isOpen, setOpen] = useState(false)
  return (
    <li className="verdict-said">
      <div className="row g2">
        <Tag tone={TONES[review.verdict]}>{m.verdicts[review.verdict]}</Tag>
        <span className="grow tr">{m.ofBy(review.author?.name ?? '', review.reviewer?.name ?? '')}</span>
        {review.fix && <Button size="small" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>{isOpen ? m.feedback.hide : m.feedback.show}</Button>}
        <span className="t3 f12">{format.ago(review.at)}</span>
      </div>
      {review.defects.length > 0 && <p className="f12">{review.defects.map((defect) => review.titles?.[defect.code] ?? defect.code).join(', ')}</p>}
      {review.note && <p className="note">{review.note}</p>}
      {isOpen && <Fixed review={review.id} schema={schema} mine={review.author?.name ?? ''} />}
    </li>
  )
}
