// The objects of one field: a window of rows, grouped and filtered where they are many; the selected one unfolds.

import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useCallback, useEffect, useMemo, useRef } from 'react'
import type { Field } from '../../engine/schema'
import type { Annotation, Id } from '../../engine/types'
import { layerOf, type Work } from '../../engine/work'
import { Icon } from '../../ui/Icon'
import { Mark } from '../../ui/Mark'
import { IconButton, Key } from '../../ui/parts'
import { m } from './messages'
import { ObjectRow, SelectedAttributes } from './ObjectRow'
import { numbersOf } from './numbering'
import type { Screen } from './screen'

/** From here on the list is grouped by label and can be filtered. */
const MANY = 24

/** Lines know ids: they stay the same while a shape changes. */
type Line = { readonly type: 'head'; readonly label: string | null; readonly count: number } | { readonly type: 'row'; readonly id: Id } | { readonly type: 'attributes'; readonly id: Id }

export function ObjectSection({ field, work, screen }: { field: Field; work: Work; screen: Screen }): ReactNode {
  const scroller = useRef<HTMLDivElement>(null)
  const { view } = screen
  const { listing } = work.store
  const all = useMemo(() => (listing < 0 ? [] : work.store.list().filter((a) => a.field === field.key && layerOf(a) === null)), [listing, work, field.key])
  const grouped = screen.grouped ?? all.length > MANY
  const kept = view.state.kept
  const folded = [...screen.folded].join()
  const selectedId = screen.single?.annotation.id ?? null
  const lines = useMemo(() => linesOf(all.filter((a) => kept === null || kept.has(a.id)), { field, grouped, folded, selectedId }), [all, kept, field, grouped, folded, selectedId])
  const getItemKey = useCallback((i: number) => keyOf(lines[i]), [lines])
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: (i) => (lines[i]?.type === 'head' ? 28 : lines[i]?.type === 'attributes' ? 90 : 24),
    overscan: 6,
    getItemKey,
  })
  useEffect(() => {
    const at = lines.findIndex((line) => line.type === 'row' && line.id === selectedId)
    if (at >= 0) virtual.scrollToIndex(at, { align: 'auto' })
    // Only a new selection brings its row into view; the virtualizer is the same object all along.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [selectedId])
  const isOpen = !screen.folded.has(`field.${field.key}`)
  const hiddenAll = all.length > 0 && all.every((a) => view.state.hidden.has(a.id))
  const { surface = 'canvas' } = screen.kinds.get(field.kind) ?? {}
  return (
    <section className={isOpen ? 'sec objects' : 'sec'}>
      <h2 className="sh">
        <button type="button" className="row g2 tr" aria-expanded={isOpen} onClick={() => screen.fold(`field.${field.key}`)}>
          <span className="tr" dir="auto">{field.title}</span>
          <span className="c">{all.length.toLocaleString()}</span>
        </button>
        <span className="grow" />
        {all.length > 0 && <IconButton icon={hiddenAll ? 'eyeoff' : 'eye'} size="small" label={hiddenAll ? m.showAll : m.hideAll} onClick={() => screen.sight.toggleHidden(all.map((a) => a.id))} />}
        {all.length > 1 && <IconButton icon="sort" size="small" label={grouped ? m.byNumber : m.byLabel} onClick={() => group(screen, !grouped)} />}
      </h2>
      {isOpen && (all.length > MANY || screen.sight.filter !== '') && (
        <label className="input frame small find">
          <Icon name="search" small />
          <input data-filter type="text" value={screen.sight.filter} placeholder={m.filter} aria-label={m.commands.filter} onChange={(event) => screen.sight.setFilter(event.target.value)} />
          {screen.sight.filter === '' && <Key>/</Key>}
        </label>
      )}
      {isOpen && surface === 'link' && field.labels.length > 1 && all.length > 1 && <Types field={field} all={all} screen={screen} />}
      {isOpen && all.length === 0 && <p className="f12 t3 hint">{surface === 'form' ? '' : m.appear[numbersOf(screen, field) ? 'numbers' : surface]}</p>}
      {isOpen && all.length > 0 && lines.length === 0 && <p className="f12 t3 hint">{m.noneFound}</p>}
      {isOpen && lines.length > 0 && (
        <div ref={scroller} className="object-list" tabIndex={-1}>
          <ul style={{ height: virtual.getTotalSize() }} aria-label={field.title}>
            {virtual.getVirtualItems().map((item) => {
              const line = lines[item.index]
              return line ? (
                <li key={item.key} data-index={item.index} ref={virtual.measureElement} style={{ transform: `translateY(${item.start}px)` }}>
                  <OneLine line={line} annotation={line.type === 'head' ? null : work.store.get(line.id)} isOpen={line.type === 'head' && !screen.folded.has(groupOf(field, line.label))} field={field} work={work} screen={screen} />
                </li>
              ) : null
            })}
          </ul>
        </div>
      )}
    </section>
  )
}

/** Which types are shown: pressed ones are in sight. */
function Types({ field, all, screen }: { field: Field; all: readonly Annotation[]; screen: Screen }): ReactNode {
  const { hidden } = screen.view.state
  return (
    <div className="types" role="group" aria-label={m.types(field.title)}>
      {field.labels.map((label) => {
        const own = all.filter((a) => a.label === label.key).map((a) => a.id)
        const isShown = own.some((id) => !hidden.has(id))
        return own.length === 0 ? null : (
          <button key={label.key} type="button" className={isShown ? 'lb on' : 'lb'} aria-pressed={isShown} onClick={() => screen.sight.toggleHidden(isShown ? own.filter((id) => !hidden.has(id)) : own)}>
            <Mark index={label.index} />
            <span className="tr" dir="auto">{label.title}</span>
            <span className="c">{own.length}</span>
          </button>
        )
      })}
    </div>
  )
}

interface OneLineProps {
  readonly line: Line
  /** What a row is about. */
  readonly annotation: Annotation | null
  /** Whether the group under a head is unfolded. */
  readonly isOpen: boolean
  readonly field: Field
  readonly work: Work
  readonly screen: Screen
}

function OneLine({ line, annotation, isOpen, field, work, screen }: OneLineProps): ReactNode {
  if (line.type === 'row') return annotation && <Row annotation={annotation} field={field} work={work} screen={screen} />
  if (line.type === 'attributes') return annotation && <SelectedAttributes annotation={annotation} work={work} screen={screen} />
  const label = field.labels.find((l) => l.key === line.label)
  return (
    <button type="button" className="og" aria-expanded={isOpen} title={label?.title} onClick={() => screen.fold(groupOf(field, line.label))}>
      <Icon name={isOpen ? 'cd' : 'cr'} small />
      {label && <Mark index={label.index} />}
      <span className="grow tr" dir="auto">{label?.title ?? line.label}</span>
      <span className="c">{line.count}</span>
    </button>
  )
}

function Row({ annotation, field, work, screen }: { annotation: Annotation; field: Field; work: Work; screen: Screen }): ReactNode {
  const { selection, hidden, locked } = screen.view.state
  return <ObjectRow annotation={annotation} field={field} work={work} screen={screen} selected={selection.has(annotation.id)} isHidden={hidden.has(annotation.id)} isLocked={locked.has(annotation.id)} listing={work.store.listing} talk={screen.pins.at(annotation.id)} />
}

function linesOf(all: readonly Annotation[], { field, grouped, folded, selectedId }: { field: Field; grouped: boolean; folded: string; selectedId: string | null }): Line[] {
  const rows = (annotations: readonly Annotation[]): Line[] =>
    annotations.flatMap(({ id }): Line[] => (id === selectedId ? [{ type: 'row', id }, { type: 'attributes', id }] : [{ type: 'row', id }]))
  if (!grouped) return rows(all)
  const closed = new Set(folded.split(','))
  const byLabel = Map.groupBy(all, (a) => a.label)
  const order = [...field.labels.map((l) => l.key), ...[...byLabel.keys()].filter((key) => !field.labels.some((l) => l.key === key))]
  return order.flatMap((label): Line[] => {
    const own = byLabel.get(label) ?? []
    if (own.length === 0) return []
    return [{ type: 'head', label, count: own.length }, ...(closed.has(groupOf(field, label)) ? [] : rows(own))]
  })
}

function groupOf(field: Field, label: string | null): string {
  return `group.${field.key}.${label}`
}

function keyOf(line: Line | undefined): string {
  return line === undefined ? '' : line.type === 'head' ? `head ${line.label}` : `${line.type} ${line.id}`
}

function group(screen: Screen, grouped: boolean): void {
  screen.grouped = grouped
  screen.changed()
}
