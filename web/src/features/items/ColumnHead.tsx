// A column's head: sorts by a click, moves by dragging, and is drawn wider at its edge.
import { useRef, type DragEvent, type KeyboardEvent, type PointerEvent } from 'react'
import { Icon } from '../../ui'
import { NARROWEST, WIDEST, type Column } from './columns'
import { m } from './messages'

const DRAGGED = 'application/x-karat-column'
const STEP = 16

interface ColumnHeadProps {
  column: Column
  /** The key of the column behind it; null for the last. */
  next: string | null
  sorted: 'ascending' | 'descending' | undefined
  onSort: (sort: string) => void
  onWidth: (width: number | null) => void
  onDrop: (key: string, before: string | null) => void
}

export function ColumnHead({ column, next, sorted, onSort, onWidth, onDrop }: ColumnHeadProps) {
  const cell = useRef<HTMLSpanElement>(null)
  const isContent = column.key === 'content'
  const over = (event: DragEvent<HTMLSpanElement>) => {
    if (!event.dataTransfer.types.includes(DRAGGED)) return
    event.preventDefault()
    event.currentTarget.dataset['drop'] = !isContent && isBefore(event) ? 'before' : 'after'
  }
  const leave = (event: DragEvent<HTMLSpanElement>) => delete event.currentTarget.dataset['drop']
  const drop = (event: DragEvent<HTMLSpanElement>) => {
    leave(event)
    const key = event.dataTransfer.getData(DRAGGED)
    if (key) onDrop(key, !isContent && isBefore(event) ? column.key : next)
  }
  return (
    <span
      ref={cell}
      role="columnheader"
      className={`${column.number ? 'num' : ''} th`}
      aria-label={column.title}
      aria-sort={sorted}
      draggable={!isContent}
      onDragStart={(event) => event.dataTransfer.setData(DRAGGED, column.key)}
      onDragOver={over}
      onDragLeave={leave}
      onDrop={drop}
    >
      {column.sort ? (
        <button type="button" className="tr" onClick={() => onSort(column.sort ?? '')}>
          <span className="tr">{column.title}</span>
          {sorted && <Icon name={sorted === 'descending' ? 'cd' : 'cu'} small />}
        </button>
      ) : (
        <span className={isContent && !column.grow ? 'hidden' : 'tr'}>{column.title}</span>
      )}
      <Edge column={column} widthNow={() => cell.current?.getBoundingClientRect().width ?? column.min} onWidth={onWidth} />
    </span>
  )
}

function isBefore(event: DragEvent<HTMLSpanElement>): boolean {
  const { left, width } = event.currentTarget.getBoundingClientRect()
  return event.clientX < left + width / 2
}

/** The edge of a column: dragged, or moved by the arrow keys; a double click lets the table choose again. */
function Edge({ column, widthNow, onWidth }: { column: Column; widthNow: () => number; onWidth: (width: number | null) => void }) {
  const from = useRef<{ x: number; width: number } | null>(null)
  const down = (event: PointerEvent<HTMLSpanElement>) => {
    event.preventDefault()
    event.currentTarget.setPointerCapture(event.pointerId)
    from.current = { x: event.clientX, width: widthNow() }
  }
  const move = (event: PointerEvent) => {
    if (from.current) onWidth(from.current.width + event.clientX - from.current.x)
  }
  const up = () => {
    from.current = null
  }
  const press = (event: KeyboardEvent) => {
    const step = { ArrowRight: STEP, ArrowLeft: -STEP }[event.key]
    if (step !== undefined) onWidth(widthNow() + step)
    else if (event.key === 'Enter' || event.key === 'Delete') onWidth(null)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <span
      className="edge"
      role="separator"
      aria-orientation="vertical"
      aria-label={m.widthOf(column.title)}
      aria-valuemin={NARROWEST}
      aria-valuemax={WIDEST}
      aria-valuenow={column.width ?? column.min}
      title={m.widthHint}
      tabIndex={0}
      draggable={false}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onPointerCancel={up}
      onDoubleClick={() => onWidth(null)}
      onKeyDown={press}
    />
  )
}
