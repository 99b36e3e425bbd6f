// What reviewers said of one's own answers, with the fix beside the answer; never who said it.

import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { type ReactNode, useMemo, useState } from 'react'
import { projects as api, reviews } from '../../../api'
import { readSchema, type Schema } from '../../../engine/schema'
import { Button, Empty, Failure, format, Go, SkeletonRows, Tag } from '../../../ui'
import { Fixed } from './Fixed'
import { m } from './messages'
import type { Review } from './shapes'
import { titleOf, TONES } from './words'
import './review.css'

/** `above`: what else one is told of one's work. `act`: what can be done about a verdict that is against one's answer. */
export function FeedbackPage({ project: id, above, act }: { project: string; above?: ReactNode; act?: (review: string) => ReactNode }): ReactNode {
  const project = useQuery({ queryKey: ['project', id], queryFn: () => api.one(id) })
  const schema = useMemo(() => (project.data ? readSchema(project.data.schema) : null), [project.data])
  const said = useInfiniteQuery({ queryKey: ['feedback', id], queryFn: ({ pageParam }) => reviews.feedback(id, pageParam), initialPageParam: undefined as string | undefined, getNextPageParam: (page) => page.next ?? undefined })
  const rows = said.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <>
      <header className="top"><h1>{m.feedback.title}</h1><span className="t3 f12 tr">{project.data?.title}</span></header>
      <div className="page">
        {above}
        {said.isPending && <SkeletonRows rows={6} />}
        {said.isError && <Failure error={said.error} onRetry={() => void said.refetch()} />}
        {said.data && rows.length === 0 && (above ? <section className="card"><h2 className="ch">{m.feedback.text}</h2><p className="t3 cb">{m.feedback.noneText}</p></section> : <Empty title={m.feedback.none}>{m.feedback.noneText}</Empty>)}
        {rows.length > 0 && schema && (
          <section className="card feedback">
            <h2 className="ch">{m.feedback.text}</h2>
            <ul>{rows.map((review) => <One key={review.id} review={review} project={id} schema={schema} act={review.verdict === 'accepted' ? undefined : act} />)}</ul>
            {said.hasNextPage && <p className="cb"><Button busy={said.isFetchingNextPage} onClick={() => void said.fetchNextPage()}>{m.feedback.all}</Button></p>}
          </section>
        )}
      </div>
    </>
  )
}

function One({ review, project, schema, act }: { review: Review; project: string; schema: Schema; act: ((review: string) => ReactNode) | undefined }): ReactNode {
  const [isOpen, setOpen] = useState(false)
  return (
    <li className="verdict-said">
      <div className="row g2">
        <Tag tone={TONES[review.verdict]}>{m.verdicts[review.verdict]}</Tag>
        <Go to={`/p/${project}/label/${review.item}`} className="link tr">{m.feedback.item} {review.item.slice(0, 8)}</Go>
        <span className="grow" />
        {act?.(review.id)}
        {review.fix && <Button size="small" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>{isOpen ? m.feedback.hide : m.feedback.show}</Button>}
        <span className="t3 f12">{format.ago(review.at)}</span>
      </div>
      <ul className="what">
        {review.defects.map((defect, i) => (
          <li key={i}><span className="md">{review.titles?.[defect.code] ?? defect.code}</span>{defect.field && <span className="t2"> {titleOf(defect.field, schema)}</span>}{defect.note && <span className="t2"> {defect.note}</span>}</li>
        ))}
      </ul>
      {review.note && <p className="note">{review.note}</p>}
      {!review.counts && <p className="t3 f12">{m.feedback.late}</p>}
      {isOpen && <Fixed review={review.id} schema={schema} mine={m.feedback.yours} />}
    </li>
  )
}
