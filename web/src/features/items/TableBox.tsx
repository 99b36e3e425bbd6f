// A table in the list's preview: one row down the page, several as a table.

import { useQuery } from '@tanstack/react-query'
import { items as api } from '../../api'
import { numeric, tableOf, written } from '../../engine/tables'
import { SkeletonRows } from '../../ui'
import { m } from './messages'

const MOST = 60

export function TableBox({ item, name }: { item: string; name: string }) {
  const text = useQuery({ queryKey: ['text', item, name], queryFn: ({ signal }) => api.streamText(item, name, signal), staleTime: Infinity })
  if (text.data === undefined) return text.isError ? <p className="t3 f12">{m.noText}</p> : <SkeletonRows rows={2} height={24} />
  const table = tableOf(text.data)
  const [first, ...more] = table?.rows ?? []
  if (!table || !first) return <p className="t3 f12">{m.noText}</p>
  if (more.length === 0) return <dl className="facts">{table.columns.map((column, at) => <div key={column} style={{ display: 'contents' }}><dt>{column}</dt><dd dir="auto">{written(first[at])}</dd></div>)}</dl>
  const numbers = numeric(table)
  return (
    <div className="table-box" tabIndex={0} role="region" aria-label={name}>
      <table>
        <thead><tr>{table.columns.map((column, at) => <th key={column} className={numbers[at] ? 'right' : ''}>{column}</th>)}</tr></thead>
        <tbody>{table.rows.slice(0, MOST).map((row, i) => <tr key={i}>{table.columns.map((column, at) => <td key={column} className={numbers[at] ? 'right' : ''} dir="auto">{written(row[at])}</td>)}</tr>)}</tbody>
      </table>
      {table.rows.length > MOST && <p className="t3 f12">{m.cut}</p>}
    </div>
  )
}
