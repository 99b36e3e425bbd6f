// The items most disagreed on, as a short list and as the way to all of them.
import { useQuery } from '@tanstack/react-query'
import { projects as api } from '../../api'
import { Door, PartFailure, format, Go, itemsPath, LongKey, SkeletonRows } from '../../ui'
import { m } from './messages'

export function Most({ project, field, limit }: { project: string; field?: string; limit: number }) {
  const list = useQuery({ queryKey: ['reports', project, 'disagreement', field ?? '', limit], queryFn: () => api.disagreement(project, field, limit) })
  const all = itemsPath(project, [{ responses: { op: 'ge', value: 2 } }], { sort: 'disagreement', descending: true })
  return (
    <>
      <h2 className="ch">{m.most} <span className="c">{m.mostText}</span><span className="grow" /><Go to={all} className="c link">{m.allOfThem}</Go></h2>
      {list.isPending && <SkeletonRows rows={5} height={32} />}
      {list.isError && <PartFailure error={list.error} onRetry={() => void list.refetch()} />}
      {list.data?.items.length === 0 && <p className="t3 cb">{m.mostNone}</p>}
      {list.data && list.data.items.length > 0 && (
        <table className="cards">
          <tbody>
            {list.data.items.slice(0, limit).map((one) => (
              <tr key={one.item}>
                <td style={{ maxWidth: 0, width: '70%' }}><Go to={itemsPath(project, [{ ids: [one.item] }], { item: one.item })}><LongKey>{one.key}</LongKey></Go></td>
                <td className="right"><Door to={itemsPath(project, [{ ids: [one.item] }], { item: one.item })} className="md">{format.fraction(one.distance)}</Door></td>
                <td className="right t3">n {format.count(one.n)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  )
}
