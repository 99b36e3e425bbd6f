// Who agrees with whom, people and models alike, on a field or one of its labels: a cell opens the items on which two differ.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { conditionsOf, type AuthorRef, type SchemaDocument } from '../../api'
import * as api from '../../api/boards'
import { format, Go, hasEnough, itemsPath, PartFailure, SkeletonRows } from '../../ui'
import { m as b } from './board/messages'
import { m } from './messages'

const FEW = 30
export type Order = 'near' | 'name' | 'least'

/** The step of the seven-step scale in which a value stands; 0.67 and 0.80 are limits of it. */
export function stepOf(value: number): number {
  return [0.6, 0.67, 0.74, 0.8, 0.84, 0.9].filter((limit) => value >= limit).length
}

/** Authors in an order: as they came, with neighbours who agree; by name; or those who agree least with the others first. */
export function ordered(authors: readonly AuthorRef[], cells: readonly api.PairCell[], order: Order): AuthorRef[] {
  if (order === 'near') return [...authors]
  if (order === 'name') return authors.toSorted((x, y) => x.name.localeCompare(y.name))
  const mean = (id: string) => {
    const own = cells.filter((c) => (c.a === id || c.b === id) && c.value !== null)
    const n = own.reduce((sum, c) => sum + c.n, 0)
    return n === 0 ? 1 : own.reduce((sum, c) => sum + (c.value ?? 0) * c.n, 0) / n
  }
  return authors.toSorted((x, y) => mean(x.id) - mean(y.id))
}

export function Matrix({ project, schema }: { project: string; schema: SchemaDocument | undefined }) {
  const [asked, setAsked] = useState<{ field?: string; label?: string }>({})
  const [order, setOrder] = useState<Order>('near')
  const pairs = useQuery({ queryKey: ['reports', project, 'pairs', asked.field ?? '', asked.label ?? ''], queryFn: () => api.pairs(project, asked.field, asked.label), placeholderData: (before) => before })
  const { data } = pairs
  const fields = Object.entries(schema?.fields ?? {})
  const select = { className: 'input s', style: { width: 'auto', maxWidth: 130, height: 24 } }
  return (
    <>
      <h2 className="ch">{m.matrix} <span className="c">{m.matrixText}</span></h2>
      {data && data.cells.length > 0 && (
        <div className="row g2 wrap cb" style={{ paddingBottom: 4 }}>
          {fields.length > 1 && (
            <select {...select} aria-label={m.ofField} value={data.field} onChange={(e) => setAsked({ field: e.target.value })}>
              {fields.map(([key, field]) => <option key={key} value={key}>{field.title || key}</option>)}
            </select>
          )}
          {Object.keys(data.labels).length > 1 && (
            <select {...select} aria-label={b.ofLabel} value={data.label ?? ''} onChange={(e) => setAsked({ field: data.field, ...(e.target.value ? { label: e.target.value } : {}) })}>
              <option value="">{b.whole}</option>
              {Object.entries(data.labels).map(([key, title]) => <option key={key} value={key}>{title || key}</option>)}
            </select>
          )}
          {data.authors.length > 2 && (
            <select {...select} aria-label={b.order} value={order} onChange={(e) => setOrder(e.target.value as Order)}>
              {(['near', 'name', 'least'] as const).map((key) => <option key={key} value={key}>{b.orders[key]}</option>)}
            </select>
          )}
        </div>
      )}
      {pairs.isPending && <SkeletonRows rows={5} height={32} />}
      {pairs.isError && <PartFailure error={pairs.error} onRetry={() => void pairs.refetch()} />}
      {data && (data.cells.length === 0 ? <p className="t3 cb">{asked.field ? b.noPairs : m.matrixNone}</p> : <Cells project={project} authors={ordered(data.authors, data.cells, order)} cells={data.cells} />)}
      {data && data.cells.length > 0 && (data.blinded || data.more > 0) && <p className="t3 f12 cb">{data.blinded && b.blinded} {data.more > 0 && b.moreAuthors(format.count(data.more))}</p>}
    </>
  )
}

function Cells({ project, authors, cells }: { project: string; authors: readonly AuthorRef[]; cells: readonly api.PairCell[] }) {
  const found = new Map(cells.flatMap((c) => [[`${c.a} ${c.b}`, c], [`${c.b} ${c.a}`, c]]))
  const first = (name: string) => name.split(/[\s@]/)[0] ?? name
  return (
    <div className="mx-wrap">
      <table className="mx">
        <thead><tr><td />{authors.map((a) => <th key={a.id} scope="col" title={a.name}>{first(a.name)}</th>)}</tr></thead>
        <tbody>
          {authors.map((row) => (
            <tr key={row.id}>
              <th scope="row" title={row.name}>{first(row.name)}</th>
              {authors.map((column) => (row.id === column.id ? <td key={column.id} className="dg" /> : <Cell key={column.id} project={project} row={row.name} column={column.name} cell={found.get(`${row.id} ${column.id}`)} />))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Cell({ project, row, column, cell }: { project: string; row: string; column: string; cell: api.PairCell | undefined }) {
  if (!cell || cell.value === null) return <td className="few" />
  const few = cell.n < FEW || !hasEnough({ ...cell, enough: cell.n >= FEW })
  const said = few ? m.few(format.count(cell.n)) : format.fraction(cell.value).replace(/^0/, '')
  const interval = few || cell.low === null || cell.high === null ? '' : `${format.fraction(cell.low)}–${format.fraction(cell.high)}`
  const about = b.cell(row, column, few ? b.tooFew(format.count(cell.n)) : said, interval, format.count(cell.n), cell.filter ? b.differ(format.count(cell.differ), cell.differ) : b.differBlind(format.count(cell.differ)))
  return (
    <td className={few ? 'few' : ''} title={about} style={few ? undefined : { background: `var(--seq-${stepOf(cell.value)})` }}>
      {cell.filter && cell.differ > 0 ? <Go to={itemsPath(project, conditionsOf(cell.filter), { sort: 'disagreement', descending: true })} aria-label={about}><span>{said}</span></Go> : <span aria-label={about}>{said}</span>}
    </td>
  )
}
