// The page of items in a window: as cards or as rows of a table. Arrows move, Space chooses, Shift a range.

import { useVirtualizer } from '@tanstack/react-virtual'
import { type MouseEvent, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { Json } from '../../../engine/types'
import { Icon } from '../../../ui/Icon'
import { Mark } from '../../../ui/Mark'
import { LongKey } from '../../../ui/parts'
import type { Batch } from './batch'
import { type Card, titleOf } from './cards'
import { Face, spokenOf, valuesOf } from './Face'
import type { Asked } from './keys'
import { m } from './messages'

const PICTURE = { width: 190, height: 200 }
const WORDS = { width: 240, height: 140 }
const ROW = 44
const MOST_METADATA = 8

export interface CardsProps {
  readonly batch: Batch
  readonly asked: readonly Asked[]
  readonly table: boolean
  readonly onMore: (() => void) | null
  readonly onOpen: (item: string) => void
}

export function Cards(props: CardsProps): ReactNode {
  const { batch, asked, table, onMore } = props
  const box = useRef<HTMLDivElement>(null)
  const cards = batch.shown
  const size = cards.slice(0, 20).some(({ row }) => Object.values(row.streams).some((s) => s.kind === 'image')) ? PICTURE : WORDS
  const across = useAcross(box, table ? Infinity : size.width)
  const lines = Math.ceil(cards.length / across)
  const virtual = useVirtualizer({ count: lines, getScrollElement: () => box.current, estimateSize: () => (table ? ROW : size.height + 12), overscan: 4, paddingStart: table ? 32 : 12, scrollPaddingStart: table ? 32 : 0 })
  const at = cards.findIndex((card) => card.row.id === batch.chosen.at)
  const seen = virtual.getVirtualItems()
  const last = seen.at(-1)?.index ?? 0
  useEffect(() => virtual.measure(), [across, size, table, virtual])
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(Math.floor(at / across), { align: 'auto' })
  }, [across, at, virtual])
  useEffect(() => {
    if (onMore && last >= lines - 6) onMore()
  }, [last, lines, onMore])
  const metadata = [...new Set(cards.slice(0, 200).flatMap((card) => Object.keys(valuesOf(card.row))))].slice(0, MOST_METADATA)
  const template = `28px minmax(240px, 3fr) ${[...metadata, ...asked].map(() => 'minmax(90px, 1fr)').join(' ')}`
  return (
    <div
      className={'many-grid'}
      ref={box}
      role="grid"
      aria-label={m.cards}
      aria-multiselectable="true"
      aria-rowcount={onMore ? -1 : lines + (table ? 1 : 0)}
      aria-activedescendant={at >= 0 ? `many-${cards[at]?.row.id}` : undefined}
      tabIndex={0}
      data-across={across}
    >
      {table && (
        <div className="many-head" role="row" style={{ gridTemplateColumns: template }}>
          <span role="columnheader"><span className="many-said">{m.chosenHead}</span></span>
          <span role="columnheader">{m.content}</span>
          {metadata.map((key) => <span key={key} role="columnheader" className="tr">{key}</span>)}
          {asked.map(({ field }) => <span key={field.key} role="columnheader" className="tr">{field.title}</span>)}
        </div>
      )}
      <div role="presentation" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {seen.map((line) => {
          const here = cards.slice(line.index * across, (line.index + 1) * across)
          const [first] = here
          if (table && first) return <TableRow key={first.row.id} {...props} card={first} top={line.start} template={template} metadata={metadata} index={line.index} />
          return (
            <div key={line.key} role="row" aria-rowindex={line.index + 1} className="many-line" style={{ top: line.start, height: size.height, gridTemplateColumns: `repeat(${across}, minmax(0, 1fr))` }}>
              {here.map((card) => <OneCard key={card.row.id} {...props} card={card} />)}
            </div>
          )
        })}
      </div>
    </div>
  )
}

type One = CardsProps & { readonly card: Card }

function OneCard({ card, ...props }: One): ReactNode {
  const { batch, asked } = props
  const { row } = card
  const on = batch.chosen.ids.has(row.id)
  return (
    <div id={`many-${row.id}`} role="gridcell" aria-selected={on} aria-label={`${m.item(titleOf(row))}${spokenOf(row)}. ${said(batch, asked, card)}${card.problem ? ` ${card.problem}` : ''}`} className={classOf('many-card', batch, card)} onClick={(event) => touch(event, batch, row.id)} onDoubleClick={() => props.onOpen(row.id)}>
      <span className={`many-tick ${on ? 'is-on' : ''}`} aria-hidden="true">{on && <Icon name="check" small />}</span>
      <div className="many-face"><Face row={row} /></div>
      <div className="many-foot">
        {card.problem ? <span className="bad f11 tr" title={card.problem}>{card.problem}</span> : <Given batch={batch} asked={asked} card={card} />}
      </div>
    </div>
  )
}

function TableRow({ card, top, template, metadata, index, ...props }: One & { readonly top: number; readonly template: string; readonly metadata: readonly string[]; readonly index: number }): ReactNode {
  const { batch, asked } = props
  const { row } = card
  const on = batch.chosen.ids.has(row.id)
  const values = valuesOf(row)
  return (
    <div id={`many-${row.id}`} role="row" aria-rowindex={index + 2} aria-selected={on} className={classOf('many-row', batch, card)} style={{ top, gridTemplateColumns: template }} onClick={(event) => touch(event, batch, row.id)} onDoubleClick={() => props.onOpen(row.id)}>
      <span role="gridcell" aria-label={m.item(titleOf(row))}><span className={`many-tick ${on ? 'is-on' : ''}`} aria-hidden="true">{on && <Icon name="check" small />}</span></span>
      <span role="gridcell" className="many-words"><Face row={row} /></span>
      {metadata.map((key) => <span key={key} role="gridcell" className={`tr ${typeof values[key] === 'number' ? 'num' : ''}`} title={shownOf(values[key])}>{shownOf(values[key])}</span>)}
      {asked.map(({ field }, i) => <span key={field.key} role="gridcell" className="tr md">{card.problem && i === 0 ? <span className="bad" title={card.problem}>{card.problem}</span> : summaryOf(batch, card, field.key)}</span>)}
    </div>
  )
}

/** The answers of a card, as marks with their names. */
function Given({ batch, asked, card }: { batch: Batch; asked: readonly Asked[]; card: Card }): ReactNode {
  const given = asked.flatMap(({ field, options }) => {
    const value = card.work?.answer(field)
    if (value === undefined) return []
    return [{ field, place: options.findIndex((o) => o.value === (Array.isArray(value) ? value[0] : String(value))), text: summaryOf(batch, card, field.key) }]
  })
  if (given.length === 0) return <span className="t3 f12 tr"><LongKey>{titleOf(card.row)}</LongKey></span>
  return given.map(({ field, place, text }) => (
    <span key={field.key} className="row g1 md f12 tr" title={`${field.title}: ${text}`}>
      {place >= 0 && <Mark index={place} />}
      <span className="tr">{text}</span>
    </span>
  ))
}

function said(batch: Batch, asked: readonly Asked[], card: Card): string {
  const all = asked.flatMap(({ field }) => (card.work?.answer(field) === undefined ? [] : [`${field.title}: ${summaryOf(batch, card, field.key)}.`]))
  return [...all, ...(card.state === 'handed' ? [m.saved] : [])].join(' ')
}

function summaryOf(batch: Batch, { work }: Card, key: string): string {
  const field = work?.field(key)
  const kind = field && batch.ports.kinds.get(field.kind)
  const value = field && work?.answer(field)
  return kind?.surface === 'form' && value !== undefined ? kind.summary(value, field as NonNullable<typeof field>) : ''
}

function classOf(name: string, batch: Batch, card: Card): string {
  const { chosen } = batch
  return [name, chosen.ids.has(card.row.id) ? 'is-on' : '', chosen.at === card.row.id ? 'is-at' : '', card.state === 'handed' ? 'is-done' : '', card.problem ? 'is-wrong' : ''].filter(Boolean).join(' ')
}

/** A click chooses, or with Shift everything up to here. */
function touch(event: MouseEvent, batch: Batch, id: string): void {
  if (event.shiftKey) batch.extend(id)
  else if (event.detail < 2) batch.toggle(id)
}

function shownOf(value: Json | undefined): string {
  return value === undefined || value === null ? '' : Array.isArray(value) ? value.join(', ') : String(value)
}

/** How many cards stand beside one another. */
function useAcross(box: { readonly current: HTMLElement | null }, least: number): number {
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    const measure = (): void => setWidth(element.clientWidth)
    measure()
    const watch = new ResizeObserver(measure)
    watch.observe(element)
    return () => watch.disconnect()
  }, [box])
  return Math.max(1, Math.floor((width - 28) / (least + 12)))
}
