// A table to read: rows in sight are laid out under a head that stays, arrows go from cell to cell, the foot has a cell's whole text.

import { memo, type ReactNode, type RefObject, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { SurfaceControls } from '../../engine/surface'
import { type Cell, numeric, type Table, tableOf, widths, written } from '../../engine/tables'
import { stillControls } from '../talk/controls'
import { useWalk } from '../walking'
import { m } from './messages'
import { edgesOf, inSight, type InSight, type Range, scrolledTo, type Sizes } from './sight'
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
  const sizes = useMemo<Sizes>(() => ({ row: ROW, rows: table.rows.length, edges: edgesOf(widths(table).map((n) => Math.round(n * CHARACTER + BESIDE)), NUMBERS) }), [table])
  const { rows, columns } = useInSight(host, sizes)
  const keys = useMemo(() => table.rows.map((_, i) => String(i)), [table])
  const { at: row, now, go, take } = useWalk({ keys, part, onPart, reveal: (place) => showRow(host.current, place) })
  const across = useRef(0)
  useEffect(() => {
    const aside = (by: number): void => {
      across.current = Math.max(0, Math.min(table.columns.length - 1, across.current + by))
      setColumn(across.current)
      showColumn(host.current, sizes, across.current)
    }
    onControls(stillControls(host, { up: () => go(now.current - 1), down: () => go(now.current + 1), left: () => aside(-1), right: () => aside(1) }))
    return () => onControls(null)
  }, [table, sizes, now, go, onControls])
  const laidOut = useMemo<readonly Column[]>(() => {
    const { edges } = sizes
    return indices(columns).map((index) => ({ index, style: { left: edges[index] ?? 0, width: (edges[index + 1] ?? 0) - (edges[index] ?? 0) }, look: numbers[index] ? 'num' : '' }))
  }, [columns, sizes, numbers])
  const width = sizes.edges.at(-1) ?? 0
  const choose = ({ target }: { readonly target: EventTarget }): void => {
    const place = target instanceof Element ? placeOf(target.closest('[role="gridcell"]')) : null
    if (place === null) return
    across.current = place.column
    setColumn(place.column)
    take(place.row)
  }
  const whole = written(table.rows[row]?.[column])
  // A row that leaves on one side gives its elements to the one that comes in on the other.
  const pool = rows.to - rows.from
  return (
    <div className="table-surface">
      <div className="text-head table-meta">{head}<span>{m.size(table.rows.length, table.columns.length)}</span></div>
      <div ref={host} className="table-host" tabIndex={0} role="grid" aria-label={m.table(table.rows.length, table.columns.length)} aria-rowcount={table.rows.length + 1} aria-colcount={table.columns.length + 1} aria-activedescendant={`cell-${row}-${column}`} onPointerDown={onActivity} onWheel={onActivity}>
        <div className="table-head" role="row" aria-rowindex={1} style={{ width }}>
          <span role="columnheader" className="table-number" aria-colindex={1}>{m.number}</span>
          {laidOut.map(({ index, style, look }) => (
            <span key={index} role="columnheader" aria-colindex={index + 2} className={look} style={style} title={table.columns[index]} dir="auto">{table.columns[index]}</span>
          ))}
        </div>
        <div role="presentation" style={{ height: table.rows.length * ROW, width }} onPointerDown={choose}>
          {indices(rows).map((index) => <Row key={index % pool} index={index} cells={table.rows[index] ?? NONE} columns={laidOut} width={width} chosen={index === row ? column : null} />)}
        </div>
      </div>
      {under !== undefined && <div className="table-asked">{under(String(row))}</div>}
      <div className="table-foot" aria-live="polite"><span className="t3">{m.cell(row + 1, table.columns[column] ?? '')}</span><span className="table-whole" dir="auto">{whole}</span></div>
      <p className="hidden" role="status" aria-live="polite">{announce}</p>
    </div>
  )
}

const NONE: readonly Cell[] = []

interface Column {
  readonly index: number
  readonly style: { readonly left: number; readonly width: number }
  readonly look: string
}

interface RowProps {
  readonly index: number
  readonly cells: readonly Cell[]
  readonly columns: readonly Column[]
  readonly width: number
  /** The column of the cell where the keyboard is; null in other rows. */
  readonly chosen: number | null
}

/** One row; drawn anew only where what it shows has changed. */
const Row = memo(function Row({ index: row, cells, columns, width, chosen }: RowProps): ReactNode {
  return (
    <div role="row" aria-rowindex={row + 2} className={chosen === null ? 'table-row' : 'table-row is-row'} style={{ transform: `translateY(${(row + 1) * ROW}px)`, width }}>
      <span role="rowheader" className="table-number">{row + 1}</span>
      {columns.map(({ index, style, look }) => (
        <span key={index} id={`cell-${row}-${index}`} role="gridcell" aria-colindex={index + 2} className={index === chosen ? `${look} is-cell` : look} style={style} dir="auto">{written(cells[index])}</span>
      ))}
    </div>
  )
})

/** What is in sight, followed as it is scrolled and as the table gets more room. */
function useInSight(host: RefObject<HTMLDivElement | null>, sizes: Sizes): InSight {
  const [seen, setSeen] = useState<{ readonly of: Sizes; readonly sight: InSight } | null>(null)
  useLayoutEffect(() => {
    const element = host.current
    if (element === null) return
    const look = (): void => {
      const { scrollTop: top, scrollLeft: left, clientWidth, clientHeight } = element
      setSeen((before) => {
        const known = before?.of === sizes ? before : null
        const sight = inSight(sizes, { top, left, width: clientWidth, height: clientHeight }, known?.sight)
        return known?.sight === sight ? known : { of: sizes, sight }
      })
    }
    look()
    element.addEventListener('scroll', look, { passive: true })
    const watch = new ResizeObserver(look)
    watch.observe(element)
    return () => {
      element.removeEventListener('scroll', look)
      watch.disconnect()
    }
  }, [host, sizes])
  return seen?.of === sizes ? seen.sight : NOTHING
}

const NOTHING: InSight = { rows: { from: 0, to: 0 }, columns: { from: 0, to: 0 } }

function showRow(host: HTMLElement | null, row: number): void {
  const top = (row + 1) * ROW
  host?.scrollTo({ top: scrolledTo(host.scrollTop, [top, top + ROW], host.clientHeight, ROW) })
}

function showColumn(host: HTMLElement | null, { edges }: Sizes, column: number): void {
  host?.scrollTo({ left: scrolledTo(host.scrollLeft, [edges[column] ?? 0, edges[column + 1] ?? 0], host.clientWidth, NUMBERS) })
}

function placeOf(cell: Element | null): Place | null {
  const [, row, column] = /^cell-(\d+)-(\d+)$/.exec(cell?.id ?? '') ?? []
  return row === undefined || column === undefined ? null : { row: Number(row), column: Number(column) }
}

function indices({ from, to }: Range): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i)
}
