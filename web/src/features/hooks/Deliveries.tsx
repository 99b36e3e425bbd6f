// What one address was told of, and what came of it; sent again by hand.
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { hooks as api, type Delivery, type Hook } from '../../api'
import { Button, format, PartFailure, SkeletonRows, Tag, toast, toastError } from '../../ui'
import { m } from './messages'
import { causeOf } from './words'

const TONES = { waiting: 'info', sent: 'ok', failed: 'bad' } as const
const AGAIN_MS = 3_000

export function Deliveries({ workspace, hook }: { workspace: string; hook: Hook }) {
  const client = useQueryClient()
  const list = useInfiniteQuery({ queryKey: ['hooks', workspace, hook.id], queryFn: ({ pageParam }) => api.deliveries(workspace, hook.id, pageParam), initialPageParam: null as string | null, getNextPageParam: (last) => last.next, refetchInterval: AGAIN_MS })
  const rows = list.data?.pages.flatMap((page) => page.items) ?? []
  const again = (one: Delivery) => api.retry(workspace, hook.id, one.id).then(() => { void client.invalidateQueries({ queryKey: ['hooks'] }); toast(m.retried) }, toastError)
  return (
    <section className="card" aria-label={m.deliveries}>
      <h2 className="ch">{m.deliveries} <span className="c mono tr">{hook.url}</span></h2>
      {list.isPending && <SkeletonRows rows={4} height={32} />}
      {list.isError && <PartFailure error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && rows.length === 0 && <p className="t3 cb">{m.noDeliveries}</p>}
      {rows.length > 0 && (
        <table className="cards">
          <thead><tr><th>{m.event}</th><th>{m.state}</th><th>{m.result}</th><th className="right">{m.tries}</th><th className="right">{m.when}</th><td className="fit" /></tr></thead>
          <tbody>
            {rows.map((one) => (
              <tr key={one.id}>
                <td className="mono">{one.name}</td>
                <td><Tag tone={TONES[one.state]}>{m.states[one.state]}</Tag></td>
                <td className="t2 hook-result"><span className="tr" title={one.error}>{one.error || (one.status ? m.answered(one.status) : '')}</span>{one.error && <span className="hook-cause">{causeOf(one.error)}</span>}</td>
                <td className="right">{one.tries}</td>
                <td className="right t2 nowrap">{format.ago(one.at)}{one.state === 'waiting' && one.tries > 0 && <span className="t3">, {m.next(format.moment(one.next_at))}</span>}</td>
                <td>{(one.state !== 'waiting' || one.tries > 0) && <Button look="quiet" size="small" onClick={() => void again(one)}>{m.retry}</Button>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {list.hasNextPage && <div className="cb"><Button size="small" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{m.older}</Button></div>}
    </section>
  )
}
