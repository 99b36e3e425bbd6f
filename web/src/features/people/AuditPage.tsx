// What was changed, by whom, from where; the newest first.
import { useInfiniteQuery } from '@tanstack/react-query'
import { people as api, type AuditEntry } from '../../api'
import { Button, Empty, Failure, format, SkeletonRows } from '../../ui'
import { m } from './messages'

export function AuditPage({ workspace }: { workspace: string }) {
  const list = useInfiniteQuery({ queryKey: ['audit', workspace], queryFn: ({ pageParam }) => api.audit(workspace, pageParam), initialPageParam: null as string | null, getNextPageParam: (last) => last.next })
  const rows = list.data?.pages.flatMap((p) => p.items) ?? []
  return (
    <>
      <header className="top"><h1>{m.audit}</h1><span className="t3 f12">{m.auditText}</span></header>
      <div className="page">
        {list.isPending && <section className="card"><SkeletonRows rows={12} height={32} /></section>}
        {list.isError && <Failure error={list.error} onRetry={() => void list.refetch()} />}
        {list.isSuccess && rows.length === 0 && <Empty title={m.noAudit}>{m.noAuditText}</Empty>}
        {rows.length > 0 && (
          <section className="card">
            <table className="cards">
              <thead><tr><th>{m.when}</th><th>{m.who}</th><th>{m.what}</th><th>{m.thing}</th><th /><th className="right">{m.address}</th></tr></thead>
              <tbody>
                {rows.map((row) => (
                  <tr key={row.seq}>
                    <td className="t2">{format.moment(row.at)}</td>
                    <td>{row.actor.name || m.operator}</td>
                    <td className="md">{sentence(row.name)}</td>
                    <td className="t2">{String(row.thing['type'] ?? '')} <span className="mono t3" title={String(row.thing['id'] ?? '')}>{String(row.thing['id'] ?? '').slice(0, 8)}</span></td>
                    <td className="t2" style={{ maxWidth: 0, width: '40%' }}><span className="tr" style={{ display: 'block' }} title={details(row)}>{details(row)}</span></td>
                    <td className="right mono t3">{row.address}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        )}
        {list.hasNextPage && <div><Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{m.older}</Button></div>}
      </div>
    </>
  )
}

/** "member.role_changed" reads "member, role changed". */
function sentence(name: string): string {
  return name.replace('.', ', ').replace(/_/g, ' ')
}

function details(row: AuditEntry): string {
  return Object.entries(row.data).filter(([, v]) => v !== null && v !== '').map(([k, v]) => `${k.replace(/_/g, ' ')} ${worded(v)}`).join(', ')
}

function worded(value: unknown): string {
  if (Array.isArray(value)) return value.map(worded).join(' and ')
  if (typeof value === 'object') return JSON.stringify(value)
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) ? format.moment(value) : String(value)
}
