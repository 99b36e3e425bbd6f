// A table to read: rows in sight are laid out under a head that stays, arrows go from cell to cell, the foot has a cell's whole text.

import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import type { SurfaceControls } from '../../engine/surface'
import { numeric, type Table, tableOf, widths, written } from '../../engine/tables'
import { stillControls } from '../talk/controls'
import { useWalk } from '../walking'
import { m } from './messages'
import './table.css'

const ROW = 30
const NUMBERS = 56
/** A character of the table's type, with what stands beside a cell. */
const CHARACTER = 8.2
const BESIDE = 26

export interface TableSurfaceProps {
  readonly text: string
  readonly head: ReactNode
  readonly announce: string
  /** The row where the keyboard is, by its number from "0" on: it is brought into sight. */
  readonly part?: string | null
  /** A row was chosen. */
  readonly onPart?: (part: string) => void
  /** What is asked of a row, shown under the table while the row is chosen. */
  readonly under?: (part: string) => ReactNode
  readonly onControls: (controls: SurfaceControls | null) => void
  readonly onActivity: () => void
}

interface Place {
  readonly row: number
  readonly column: number
}

export function TableSurface(props: TableSurfaceProps): ReactNode {
  const table = useMemo(() => tableOf(props.text), [props.text])
  if (table === null) return <p className="table-none">{m.unreadable}</p>
  return table.rows.length === 1 ? <One {...props} table={table} /> : <Many {...props} table={table} />
}

/** One row reads better down than across. */
function One({ table, head, announce, under, onControls, onActivity }: TableSurfaceProps & { table: Table }): ReactNode {
  const host = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const scroll = (by: number) => () => host.current?.scrollBy({ top: by })
    onControls(stillControls(host, { up: scroll(-80), down: scroll(80) }))
    return () => onControls(null)
  }, [onControls])
  return (
    <div className="table-surface">
      <div ref={host} className="table-one" tabIndex={0} role="region" aria-label={m.record(table.columns.length)} onPointerDown={onActivity} onWheel={onActivity}>
        <div className="text-head">{head}</div>
        <dl>
          {table.columns.map((name, at) => (
            <div key={name}>
              <dt dir="auto">{name}</dt>
              <dd dir="auto">{written(table.rows[0]?.[at]) || <span className="t3">–</span>}</dd>
            </div>
          ))}
        </dl>
        {under?.('0')}
      </div>
      <p className="hidden" role="status" aria-live="polite">{announce}</p>
    </div>
  )
}

function Many({ table, head, announce, part = null, onPart, under, onControls, onActivity }: TableSurfaceProps & { table: Table }): ReactNode {
  const host = useRef<HTMLDivElement>(null)
  const [column, setColumn] = useState(0)
  const numbers = useMemo(() => numeric(table), [table])
  const sizes = useMemo(() => widths(table).map((n) => Math.round(n * CHARACTER + BESIDE)), [table])
  const rows = useVirtualizer({ count: table.rows.length, getScrollElement: () => host.current, estimateSize: () => ROW, overscan: 12, paddingStart: ROW, scrollPaddingStart: ROW })
  const columns = useVirtualizer({ count: table.columns.length, horizontal: true, getScrollElement: () => host.current, estimateSize: (i) => sizes[i] ?? 80, overscan: 2, paddingStart: NUMBERS, scrollPaddingStart: NUMBERS })
  const keys = useMemo(() => table.rows.map((_, i) => String(i)), [table])
  const { at: row, now, go, take } = useWalk({ keys, part, onPart, reveal: (place) => rows.scrollToIndex(place, { align: 'auto' }) })
  const across = useRef(0)
  useEffect(() => {
    const aside = (by: number): void => {
      across.current = Math.max(0, Math.min(table.columns.length - 1, across.current + by))
      setColumn(across.current)
      columns.scrollToIndex(across.current, { align: 'auto' })
    }
    onControls(stillControls(host, { up: () => go(now.current - 1), down: () => go(now.current + 1), left: () => aside(-1), right: () => aside(1) }))
    return () => onControls(null)
  }, [table, columns, now, go, onControls])
  const shown = columns.getVirtualItems()
  const width = columns.getTotalSize()
  const choose = (place: Place): void => {
    across.current = place.column
    setColumn(place.column)
    take(place.row)
  }
  const whole = written(table.rows[row]?.[column])
  return (
    <div className="table-surface">
      <div className="text-head table-meta">{head}<span>{m.size(table.rows.length, table.columns.length)}</span></div>
      <div ref={host} className="table-host" tabIndex={0} role="grid" aria-label={m.table(table.rows.length, table.columns.length)} aria-rowcount={table.rows.length + 1} aria-colcount={table.columns.length + 1} aria-activedescendant={`cell-${row}-${column}`} onPointerDown={onActivity} onWheel={onActivity}>
        <div className="table-head" role="row" aria-rowindex={1} style={{ width }}>
          <span role="columnheader" className="table-number" aria-colindex={1}>{m.number}</span>
          {shown.map(({ index, start, size }) => (
            <span key={index} role="columnheader" aria-colindex={index + 2} className={numbers[index] ? 'num' : ''} style={{ left: start, width: size }} title={table.columns[index]} dir="auto">{table.columns[index]}</span>
          ))}
        </div>
        <div role="presentation" style={{ height: rows.getTotalSize() - ROW, width }}>
          {rows.getVirtualItems().map((line) => (
            <div key={line.key} role="row" aria-rowindex={line.index + 2} className={`table-row ${line.index === row ? 'is-row' : ''}`} style={{ transform: `translateY(${line.start}px)`, width }}>
              <span role="rowheader" className="table-number">{line.index + 1}</span>
              {shown.map(({ index, start, size }) => (
                <span key={index} id={`cell-${line.index}-${index}`} role="gridcell" aria-colindex={index + 2} className={`${numbers[index] ? 'num' : ''} ${line.index === row && index === column ? 'is-cell' : ''}`} style={{ left: start, width: size }} dir="auto" onPointerDown={() => choose({ row: line.index, column: index })}>{written(table.rows[line.index]?.[index])}</span>
              ))}
            </div>
          ))}
        </div>
      </div>
      {under !== undefined && <div className="table-asked">{under(String(row))}</div>}
      <div className="table-foot" aria-live="polite"><span className="t3">{m.cell(row + 1, table.columns[column] ?? '')}</span><span className="table-whole" dir="auto">{whole}</span></div>
      <p className="hidden" role="status" aria-live="polite">{announce}</p>
    </div>
  )
}
