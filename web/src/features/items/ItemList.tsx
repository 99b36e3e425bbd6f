// The rows in a window: as a table or as a grid of cards. Arrows move, Space chooses, Enter opens.
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent, type MouseEvent } from 'react'
import type { ItemRow, SchemaDocument } from '../../api'
import { LongKey, Tag } from '../../ui'
import { Cell, Labels } from './cells'
import { ColumnHead } from './ColumnHead'
import { gridOf, moved, withWidth, type Column, type Layout } from './columns'
import { faceOf, LazyText, textOf } from './content'
import { CoveredWords, useIsVeiled } from './veil'
import { items as api } from '../../api'
import { toneOf } from './filter'
import { m } from './messages'
import type { Chosen } from './useItems'

export interface ListProps {
  rows: readonly ItemRow[]
  schema: SchemaDocument
  layout: Layout
  grid: boolean
  current: number
  chosen: Chosen
  hasMore: boolean
  sort: string
  descending: boolean
  onCurrent: (index: number) => void
  onToggle: (index: number, extend: boolean) => void
  onToggleShown: () => void
  onOpen: (item: ItemRow) => void
  onMore: () => void
  onSort: (sort: string) => void
}

const ROW = 42
const HEAD = 30
const CARD = 212

export function ItemList(props: ListProps) {
  const { rows, grid, current, hasMore, chosen } = props
  const box = useRef<HTMLDivElement>(null)
  const across = useAcross(box, grid)
  const lines = Math.ceil(rows.length / across)
  const virtual = useVirtualizer({
    count: lines + (hasMore ? 1 : 0),
    getScrollElement: () => box.current,
    estimateSize: () => (grid ? CARD : ROW),
    overscan: 12,
    scrollMargin: grid ? 12 : 0,
    scrollPaddingStart: grid ? 0 : HEAD,
  })
  const visible = virtual.getVirtualItems()
  const lastLine = visible.at(-1)?.index ?? 0
  const { onMore } = props
  useEffect(() => {
    if (hasMore && lastLine >= lines - 8) onMore()
  }, [hasMore, lastLine, lines, onMore])
  useEffect(() => {
    if (current >= 0) virtual.scrollToIndex(Math.floor(current / across), { align: 'auto' })
  }, [across, current, virtual])

  const press = (event: KeyboardEvent) => {
    // In the head, keys mean its own controls.
    if (event.target instanceof Element && event.target.closest('.tb-head')) return
    const steps: Record<string, number> = { ArrowDown: across, ArrowUp: -across, PageDown: 12 * across, PageUp: -12 * across, Home: -rows.length, End: rows.length, ...(grid ? { ArrowRight: 1, ArrowLeft: -1 } : {}) }
    const step = steps[event.key]
    if (step !== undefined) {
      event.preventDefault()
      const next = Math.max(0, Math.min(rows.length - 1, current + step))
      props.onCurrent(next)
      if (event.shiftKey) props.onToggle(next, true)
    } else if (event.key === ' ') {
      event.preventDefault()
      props.onToggle(current, event.shiftKey)
    } else if (event.key === 'Enter') {
      const row = rows[current]
      if (row) props.onOpen(row)
    } else if (event.key === 'a' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault()
      props.onToggleShown()
    }
  }

  const columns = props.layout.shown
  const { template, minWidth, pinned } = gridOf(columns)
  const pin = { gridColumn: `1 / span ${pinned + 1}` }
  return (
    <div
      className="tb"
      ref={box}
      role="grid"
      aria-label={m.items}
      aria-rowcount={hasMore ? -1 : rows.length}
      aria-multiselectable="true"
      aria-activedescendant={rows[current] ? `item-${rows[current].id}` : undefined}
      tabIndex={0}
      onKeyDown={press}
    >
      {!grid && <Head {...props} template={template} minWidth={minWidth} pinned={pinned} />}
      <div style={{ height: virtual.getTotalSize() + (grid ? 12 : 0), position: 'relative' }}>
        {visible.map((line) => {
          if (line.index >= lines) return <div className="more-row" key="more" style={{ top: line.start }}>{m.moreRows}</div>
          if (grid) {
            return (
              <div className="gr" role="row" key={line.key} style={{ top: line.start, gridTemplateColumns: `repeat(${across}, minmax(0, 1fr))` }}>
                {rows.slice(line.index * across, (line.index + 1) * across).map((row, i) => <Card key={row.id} row={row} index={line.index * across + i} {...props} />)}
              </div>
            )
          }
          const row = rows[line.index]
          if (!row) return null
          const isChosen = chosen.all || chosen.ids.has(row.id)
          return (
            <div
              key={row.id}
              id={`item-${row.id}`}
              role="row"
              aria-rowindex={line.index + 1}
              aria-selected={isChosen}
              className={`tb-row ${isChosen ? 'sel' : ''} ${line.index === current ? 'cur' : ''}`}
              style={{ top: line.start, gridTemplateColumns: template, minWidth }}
              onClick={(event) => touch(event, line.index, props)}
              onDoubleClick={() => props.onOpen(row)}
            >
              <span className="pin" role="presentation" style={pin}>
                <span role="gridcell"><Tick row={row} index={line.index} {...props} /></span>
                {columns.slice(0, pinned).map((column) => <Boxed key={column.key} item={row} column={column} schema={props.schema} />)}
              </span>
              {columns.slice(pinned).map((column) => <Boxed key={column.key} item={row} column={column} schema={props.schema} />)}
            </div>
          )
        })}
      </div>
    </div>
  )
}

function touch(event: MouseEvent, index: number, { onCurrent, onToggle }: ListProps) {
  if (event.target instanceof HTMLInputElement) return
  onCurrent(index)
  if (event.shiftKey || event.ctrlKey || event.metaKey) onToggle(index, event.shiftKey)
}

function Tick({ row, index, chosen, onToggle }: ListProps & { row: ItemRow; index: number }) {
  const on = chosen.all || chosen.ids.has(row.id)
  return <input type="checkbox" className="check" tabIndex={-1} aria-label={m.chooseItem(row.key)} checked={on} onChange={() => undefined} onClick={(event) => onToggle(index, event.shiftKey)} />
}

function Boxed({ item, column, schema }: { item: ItemRow; column: Column; schema: SchemaDocument }) {
  return <span role="gridcell" className={column.number ? 'num' : ''}><Cell item={item} column={column} schema={schema} /></span>
}

function Head({ rows, layout, chosen, template, sort, descending, onToggleShown, onSort, minWidth, pinned }: ListProps & { template: string; minWidth: number; pinned: number }) {
  const { shown, put } = layout
  const every = rows.length > 0 && (chosen.all || chosen.ids.size >= rows.length)
  const heads = shown.map((column, index) => (
    <ColumnHead
      key={column.key}
      column={column}
      next={shown[index + 1]?.key ?? null}
      sorted={column.sort === undefined || column.sort !== sort ? undefined : descending ? 'descending' : 'ascending'}
      onSort={onSort}
      onWidth={(width) => put(withWidth(shown, column.key, width))}
      onDrop={(key, before) => put(moved(shown, key, before))}
    />
  ))
  return (
    <div className="tb-head" role="row" style={{ gridTemplateColumns: template, minWidth }}>
      <span className="pin" role="presentation" style={{ gridColumn: `1 / span ${pinned + 1}` }}>
        <span role="columnheader">
          <input type="checkbox" className="check" aria-label={m.chooseAllShown} checked={every} ref={(box) => { if (box) box.indeterminate = !every && chosen.ids.size > 0 }} onChange={onToggleShown} />
        </span>
        {heads.slice(0, pinned)}
      </span>
      {heads.slice(pinned)}
    </div>
  )
}

function Card({ row, index, schema, ...rest }: ListProps & { row: ItemRow; index: number }) {
  const face = faceOf(row)
  const veiled = useIsVeiled(row, face?.[0] ?? '')
  const isChosen = rest.chosen.all || rest.chosen.ids.has(row.id)
  return (
    <div id={`item-${row.id}`} role="gridcell" aria-selected={isChosen} className={`gc ${isChosen ? 'sel' : ''} ${index === rest.current ? 'cur' : ''}`} onClick={(event) => touch(event, index, { ...rest, schema })} onDoubleClick={() => rest.onOpen(row)}>
      <Tick row={row} index={index} schema={schema} {...rest} />
      <div className="pic">
        {face?.[1].kind === 'image' || face?.[1].kind === 'document' ? <img className={veiled ? 'veil-thumb' : undefined} loading="lazy" decoding="async" alt="" src={api.streamAddress(row.id, face[0], 'thumb')} /> : veiled ? <CoveredWords /> : face && <p dir="auto" style={{ paddingLeft: 32 }}>{textOf(face[1]) ?? <LazyText item={row.id} stream={face[0]} cut={400} />}</p>}
      </div>
      <div className="cap"><span className="grow"><LongKey>{row.key}</LongKey></span><Labels item={row} schema={schema} most={2} /><Tag tone={toneOf[row.state]}>{m.states[row.state]}</Tag></div>
    </div>
  )
}

function useAcross(box: React.RefObject<HTMLElement | null>, grid: boolean): number {
  const [across, setAcross] = useState(1)
  useLayoutEffect(() => {
    const element = box.current
    if (!element || !grid) {
      setAcross(1)
      return
    }
    const observer = new ResizeObserver(([entry]) => entry && setAcross(Math.max(2, Math.floor((entry.contentRect.width - 28) / 232))))
    observer.observe(element)
    return () => observer.disconnect()
  }, [box, grid])
  return across
}
