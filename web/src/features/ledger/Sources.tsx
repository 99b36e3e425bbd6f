// What a line comes from, one kind at a time: every answer, review, question, appeal and correction, each of which opens.
import { useInfiniteQuery } from '@tanstack/react-query'
import * as api from '../../api/pay'
import { Button, Go, format, itemsPath, PartFailure, SkeletonRows } from '../../ui'
import { m } from './messages'
import { shown } from './money'

interface Given { project: string; line: string; of: api.SourcesOf; currency: string; digits: number; manages: boolean }

export function Sources({ project, line, of, currency, digits, manages }: Given) {
  const list = useInfiniteQuery({
    queryKey: ['pay-sources', line, of],
    queryFn: ({ pageParam }) => api.sources(line, of, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  })
  if (list.isPending) return <SkeletonRows rows={3} height={28} />
  if (list.isError) return <PartFailure error={list.error} onRetry={() => void list.refetch()} />
  const things = list.data.pages.flatMap((page) => page.items)
  if (things.length === 0) return <p className="t3 f12">{m.gone}</p>
  const isTimed = of === 'answers' || of === 'reviews'
  const opens = (item: string) => (manages ? itemsPath(project, [], { item }) : `/p/${project}/label/${item}`)
  return (
    <div className="pay-sources">
      <table className="cards">
        <thead>
          <tr><th>{m.when}</th><th>{m.what}</th>{isTimed && <><th className="right">{m.activeTime}</th><th className="right">{m.counts}</th></>}{of === 'answers' && <th className="right">{m.answers}</th>}{of === 'corrections' && <th className="right">{m.total}</th>}</tr>
        </thead>
        <tbody>
          {things.map((one, n) => (
            <tr key={n}>
              <td className="nowrap t2">{format.moment(one.at)}</td>
              <td>
                {one.item ? <Go className="link" to={opens(one.item)}>{one.key ?? m.item}</Go> : one.text || m.kinds[one.of]}
                {one.item && one.of !== 'answer' && <span className="t3 f12"> {m.kinds[one.of]}</span>}
              </td>
              {isTimed && <><td className="right">{format.duration(one.active_ms ?? 0)}</td><td className="right">{format.duration(one.counted_ms ?? 0)}</td></>}
              {of === 'answers' && <td className="right">{m.answersOf(one.answers ?? 0)}</td>}
              {of === 'corrections' && <td className="right md">{shown(one.amount ?? 0, currency, digits)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
      {list.hasNextPage && <Button size="small" look="quiet" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{m.more}</Button>}
    </div>
  )
}
