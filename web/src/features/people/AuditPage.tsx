// What was changed, by whom, from where; the newest first.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { people as api, type AuditEntry, type Member } from '../../api'
import { Button, Empty, Failure, format, Go, SkeletonRows } from '../../ui'
import { details, happened, subject } from './auditWords'
import { m } from './messages'

export function AuditPage({ workspace }: { workspace: string }) {
  const list = useInfiniteQuery({ queryKey: ['audit', workspace], queryFn: ({ pageParam }) => api.audit(workspace, pageParam), initialPageParam: null as string | null, getNextPageParam: (last) => last.next })
  const members = useQuery({ queryKey: ['members', workspace], queryFn: () => api.members(workspace) })
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
              <thead><tr><th>{m.when}</th><th>{m.who}</th><th>{m.what}</th><th>{m.thing}</th><th>{m.auditMore}</th><th className="right">{m.address}</th></tr></thead>
              <tbody>
                {rows.map((row) => (
                  <tr key={row.seq}>
                    <td className="t2">{format.moment(row.at)}</td>
                    <td>{row.actor.name || m.operator}</td>
                    <td className="md">{happened(row.name)}</td>
                    <td className="t2"><On row={row} members={members.data ?? []} /></td>
                    <td className="t2" style={{ maxWidth: 0, width: '36%' }}><span className="tr" style={{ display: 'block' }} title={details(row)}>{details(row)}</span></td>
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

/** The project, else what it was done to; its id is kept for whoever looks closer. */
function On({ row, members }: { row: AuditEntry; members: readonly Member[] }) {
  const about = subject(row, members)
  return (
    <span className="row g2" title={typeof row.thing['id'] === 'string' ? row.thing['id'] : undefined}>
      {row.project && <Go to={`/p/${row.project.id}`} className="n tr">{row.project.title}</Go>}
      {about && <span className="tr">{about}</span>}
    </span>
  )
}
