// A fix beside the answer that it took the place of.

import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { reviews } from '../../../api'
import type { Schema } from '../../../engine/schema'
import { KINDS } from '../../../kinds'
import { PartFailure, SkeletonRows, Tag } from '../../../ui'
import { changesOfPairs } from './changes'
import { m } from './messages'
import type { Changed } from './shapes'
import { annotationPairs, titleOf, wordsOf } from './words'

/** Annotation by annotation; `mine` names whose answer it was. */
export function Fixed({ review, schema, mine }: { review: string; schema: Schema; mine: string }): ReactNode {
  const found = useQuery({ queryKey: ['review-difference', review], queryFn: () => reviews.difference(review), staleTime: Infinity })
  if (found.isPending) return <SkeletonRows rows={2} />
  if (found.isError) return <PartFailure error={found.error} onRetry={() => void found.refetch()} />
  // The specification knows annotations only as values; the server has checked them.
  const changes = changesOfPairs(annotationPairs(found.data as unknown as Changed))
  if (changes.length === 0) return <p className="t3 f12">{m.feedback.sameAsYours}</p>
  return (
    <table className="cards changed">
      <thead><tr><th>{m.field}</th><th>{mine}</th><th>{m.feedback.theirs}</th><th /></tr></thead>
      <tbody>
        {changes.map(({ what, before, after }) => (
          <tr key={(after ?? before)?.id}>
            <td className="md">{titleOf((after ?? before)?.field ?? '', schema)}</td>
            <td>{wordsOf(before, schema, KINDS)}</td>
            <td>{wordsOf(after, schema, KINDS)}</td>
            <td><Tag>{m.kinds[what]}</Tag></td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
