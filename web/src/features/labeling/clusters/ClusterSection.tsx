// The clusters of a field as a list: each with its mentions in the order of the text.

import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useCallback, useEffect, useRef } from 'react'
import { type Cluster, clustersOf } from '../../../engine/clusters'
import { shownChord } from '../../../engine/hotkeys'
import { type Field, labelOf } from '../../../engine/schema'
import type { Annotation } from '../../../engine/types'
import type { Work } from '../../../engine/work'
import { Icon } from '../../../ui/Icon'
import { hueVar, Mark } from '../../../ui/Mark'
import { IconButton } from '../../../ui/parts'
import { excerptOf } from '../excerpt'
import type { Screen } from '../screen'
import { clusteredFields } from './clustering'
import { m } from './messages'
import './clusters.css'

type Line = { readonly cluster: Cluster; readonly mention: Annotation | null }

export function ClusterSections({ screen, work }: { screen: Screen; work: Work }): ReactNode {
  const fields = clusteredFields(screen)
  return fields.map((field) => <ClusterSection key={field.key} title={fields.length > 1 ? m.of(field.title) : m.title} field={field} screen={screen} work={work} />)
}

function ClusterSection({ title, field, screen, work }: { title: string; field: Field; screen: Screen; work: Work }): ReactNode {
  const scroller = useRef<HTMLDivElement>(null)
  const { all, alone } = clustersOf(work, field)
  const folded = screen.folded.has(`clusters.${field.key}`)
  const lines = all.flatMap((cluster): Line[] => [{ cluster, mention: null }, ...(screen.folded.has(`cluster.${cluster.id}`) ? [] : cluster.mentions.map((mention) => ({ cluster, mention })))])
  const keys = lines.map(({ cluster, mention }) => mention?.id ?? `head ${cluster.id}`)
  const getItemKey = useCallback((i: number) => keys[i] ?? i, [keys.join()]) // eslint-disable-line react-hooks/exhaustive-deps -- the keys are the array
  const virtual = useVirtualizer({ count: lines.length, getScrollElement: () => scroller.current, estimateSize: (i) => (lines[i]?.mention ? 24 : 28), overscan: 6, getItemKey })
  const selected = screen.single?.annotation.id ?? null
  useEffect(() => {
    const at = lines.findIndex(({ mention }) => mention?.id === selected)
    if (at >= 0) virtual.scrollToIndex(at, { align: 'auto' })
    // Only a new selection brings its row into view; the virtualizer is the same object all along.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [selected])
  return (
    <section className={folded ? 'sec' : 'sec objects clusters'}>
      <h2 className="sh">
        <button type="button" className="row g2 tr" aria-expanded={!folded} onClick={() => screen.fold(`clusters.${field.key}`)}>
          <span className="tr" dir="auto">{title}</span>
          <span className="c">{all.length.toLocaleString()}</span>
        </button>
        <span className="grow" />
        {all.length > 0 && alone.length > 0 && <span className="c f12">{m.alone(alone.length)}</span>}
      </h2>
      {!folded && all.length === 0 && <p className="f12 t3 hint">{m.empty(keyOf(screen, 'begin'), keyOf(screen, 'last'))}</p>}
      {!folded && all.length > 0 && (
        <div ref={scroller} className="object-list" tabIndex={-1}>
          <ul style={{ height: virtual.getTotalSize() }} aria-label={title}>
            {virtual.getVirtualItems().map((item) => {
              const line = lines[item.index]
              return line ? (
                <li key={item.key} data-index={item.index} ref={virtual.measureElement} style={{ transform: `translateY(${item.start}px)` }}>
                  {line.mention ? <Mention cluster={line.cluster} mention={line.mention} field={field} screen={screen} work={work} /> : <Head cluster={line.cluster} field={field} screen={screen} work={work} />}
                </li>
              ) : null
            })}
          </ul>
        </div>
      )}
    </section>
  )
}

interface Row {
  readonly cluster: Cluster
  readonly field: Field
  readonly screen: Screen
  readonly work: Work
}

/** A cluster by its number and its longest name, with what the selection can do with it. */
function Head({ cluster, field, screen, work }: Row): ReactNode {
  const isOpen = !screen.folded.has(`cluster.${cluster.id}`)
  const { meant, merging } = screen.clusters
  const isMeant = meant?.field.key === field.key
  const canAdd = isMeant && meant.spans.some((a) => a.group !== cluster.id)
  const others = isMeant ? merging.filter(({ id }) => meant.spans.some((a) => a.group === id && id !== cluster.id)) : []
  const [other] = others
  return (
    <div className="ob head">
      <button type="button" className="pick" aria-expanded={isOpen} aria-label={`${m.head(cluster.number, cluster.mentions.length)}: ${nameOf(cluster, screen, work)}`} onClick={() => screen.fold(`cluster.${cluster.id}`)}>
        <Icon name={isOpen ? 'cd' : 'cr'} small />
        <span className="cl-number" style={{ ['--c' as string]: hueVar(cluster.number - 1) }}>{cluster.number}</span>
        <span className="grow tr" dir="auto">{nameOf(cluster, screen, work)}</span>
        <span className="k">{cluster.mentions.length.toLocaleString()}</span>
      </button>
      {(canAdd || other) && (
        <span className="acts">
          {canAdd && <IconButton icon="plus" size="small" label={m.to(cluster.number)} onClick={() => screen.clusters.add(cluster)} />}
          {other && <IconButton icon="merge" size="small" label={m.mergeWith(other.number)} onClick={() => screen.clusters.merge([cluster, ...others].sort((a, b) => a.number - b.number))} />}
        </span>
      )}
    </div>
  )
}

function Mention({ cluster, mention, field, screen, work }: Row & { readonly mention: Annotation }): ReactNode {
  const label = labelOf(field, mention.label)
  const words = wordsOf(mention, screen, work)
  const isSelected = screen.view.state.selection.has(mention.id)
  return (
    <div className={isSelected ? 'ob sel mention' : 'ob mention'}>
      <button type="button" className="pick" aria-pressed={isSelected} onClick={(event) => choose(screen, mention, event.shiftKey || event.ctrlKey || event.metaKey)}>
        {label ? <Mark index={label.index} /> : <span className="m" />}
        <span className="grow tr" dir="auto" title={words}>{words}</span>
      </button>
      {!work.isFinal && <span className="acts"><IconButton icon="x" size="small" tabIndex={-1} label={m.takeOut(words, cluster.number)} onClick={() => screen.clusters.takeOut([mention])} /></span>}
    </div>
  )
}

function choose(screen: Screen, mention: Annotation, more: boolean): void {
  if (more) screen.view.toggle(mention.id)
  else screen.view.select(mention.id)
  screen.reveal(mention)
}

/** The longest words by which it is mentioned tell most. */
function nameOf({ mentions }: Cluster, screen: Screen, work: Work): string {
  return mentions.slice(0, 20).map((mention) => wordsOf(mention, screen, work)).reduce((a, b) => (b.length > a.length ? b : a), '')
}

function wordsOf(mention: Annotation, screen: Screen, work: Work): string {
  if (screen.veils.covers(mention.on?.stream ?? work.field(mention.field)?.on ?? null)) return screen.nameOf(mention)
  return excerptOf(mention, work, screen.kinds) ?? screen.nameOf(mention)
}

function keyOf(screen: Screen, id: string): string {
  return shownChord(screen.keyOf(`cluster.${id}`) ?? '')
}
