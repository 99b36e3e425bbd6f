// Who agrees with whom: a cell opens the items both answered, most disagreed on first.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { projects as api, type AgreementField } from '../../api'
import { PartFailure, format, Go, itemsPath, SkeletonRows } from '../../ui'
import { m } from './messages'

const FEW = 30

/** The step of the seven-step scale in which a value stands; 0.67 and 0.80 are limits of it. */
export function stepOf(value: number): number {
  return [0.6, 0.67, 0.74, 0.8, 0.84, 0.9].filter((limit) => value >= limit).length
}

export function Matrix({ project, fields }: { project: string; fields: readonly AgreementField[] }) {
  const [field, setField] = useState(fields[0]?.field ?? '')
  const pairs = useQuery({ queryKey: ['reports', project, 'pairs', field], queryFn: () => api.pairs(project, field), enabled: field !== '' })
  return (
    <>
      <h2 className="ch">
        {m.matrix} <span className="c">{m.matrixText}</span><span className="grow" />
        {fields.length > 1 && (
          <select className="input s" style={{ width: 'auto', height: 24 }} aria-label={m.ofField} value={field} onChange={(e) => setField(e.target.value)}>
            {fields.map((f) => <option key={f.field} value={f.field}>{f.title || f.field}</option>)}
          </select>
        )}
      </h2>
      {field === '' && <p className="t3 cb">{m.matrixNone}</p>}
      {field !== '' && pairs.isPending && <SkeletonRows rows={5} height={32} />}
      {pairs.isError && <PartFailure error={pairs.error} onRetry={() => void pairs.refetch()} />}
      {pairs.data && (pairs.data.cells.length === 0 ? <p className="t3 cb">{m.matrixNone}</p> : <Cells project={project} {...pairs.data} />)}
    </>
  )
}

type Cell = { a: string; b: string; value: number | null; n: number }

function Cells({ project, authors, cells }: { project: string; authors: readonly { id: string; name: string }[]; cells: readonly Cell[] }) {
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
              {authors.map((column) => {
                const cell = found.get(`${row.id} ${column.id}`)
                if (row.id === column.id) return <td key={column.id} className="dg" />
                if (!cell || cell.n === 0) return <td key={column.id} className="few" />
                const to = itemsPath(project, [{ author: row.id }, { author: column.id }], { sort: 'disagreement', descending: true })
                const few = cell.value === null || cell.n < FEW
                const said = few || cell.value === null ? m.few(format.count(cell.n)) : format.fraction(cell.value).replace(/^0/, '')
                return (
                  <td key={column.id} className={few ? 'few' : ''} style={few || cell.value === null ? undefined : { background: `var(--seq-${stepOf(cell.value)})` }}>
                    <Go to={to} title={m.cell(row.name, column.name, said, format.count(cell.n))} aria-label={m.cell(row.name, column.name, said, format.count(cell.n))}><span>{said}</span></Go>
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
