// Links between spans, drawn over the blocks that are laid out.

import { type ReactNode, useLayoutEffect, useRef, useState } from 'react'
import { linesOf } from '../../engine/links'
import { hueAndMark, labelOf } from '../../engine/schema'
import type { Id } from '../../engine/types'
import type { View } from '../../engine/view'
import { type Arc, arcsOf, deepest, headOf, type Levels, type Place } from './arcs'
import type { TextDocument } from './document'
import { rectsOf } from './paint'

interface Drawn {
  readonly id: Id
  readonly title: string
  readonly index: number | null
  readonly directed: boolean
  readonly arc: Arc
}

/** How far beyond the laid-out text a line goes to an end that is not. */
const BEYOND_PX = 60

export function LinkLayer({ doc, view, body, first, last, levels }: { doc: TextDocument; view: View; body: { readonly current: HTMLElement | null }; first: number; last: number; levels: Levels }): ReactNode {
  const [drawn, setDrawn] = useState<readonly Drawn[]>([])
  const shown = useRef('')
  // The blocks' own effects have run by now: every word has its place.
  useLayoutEffect(() => {
    const measure = (): void => {
      const made = body.current === null ? [] : drawnOn(body.current, doc, view, first, last, levels)
      const key = JSON.stringify(made)
      if (key === shown.current) return
      shown.current = key
      setDrawn(made)
    }
    measure()
    const { current } = body
    if (current === null) return
    const watcher = new ResizeObserver(measure)
    watcher.observe(current)
    for (const row of current.querySelectorAll('.text-row')) watcher.observe(row)
    return () => watcher.disconnect()
  })
  const { selection, kept } = view.state
  const look = (id: Id): string => [selection.has(id) ? 'selected' : '', kept !== null && !kept.has(id) ? 'dim' : ''].filter(Boolean).join(' ')
  return (
    <div className={view.state.linking === null ? 'link-layer' : 'link-layer linking'}>
      <svg aria-hidden="true">
        {drawn.map(({ id, index, directed, arc }, i) => (
          <g key={`${id}/${i}`} className={look(id)} style={{ ['--c' as string]: selection.has(id) ? 'var(--gold-line)' : index === null ? 'var(--text-3)' : `var(--l${hueAndMark(index).hue})` }}>
            <path d={arc.path} />
            {directed && <path className="head" d={headOf(arc.end)} />}
          </g>
        ))}
      </svg>
      {drawn.map(({ id, title, arc }, i) => (
        <button key={`${id}/${i}`} type="button" tabIndex={-1} className={`sp-link ${look(id)}`} data-id={id} style={{ left: arc.label.x, top: arc.label.y }}>
          {title}
        </button>
      ))}
    </div>
  )
}

/** How many lines lie over one place of the text, at most. */
export function depthOf(doc: TextDocument, _version: number): number {
  const at = (id: Id): number | undefined => {
    const annotation = doc.work.store.get(id)
    return annotation ? doc.ranges(annotation)[0]?.start : undefined
  }
  const stretches = [...doc.work.store.all()].flatMap((annotation) =>
    linesOf(annotation, doc.kinds).flatMap(({ from, to }) => {
      const [a, b] = [at(from), at(to)]
      return a === undefined || b === undefined ? [] : [[a, b] as const]
    }),
  )
  return deepest(stretches)
}

function drawnOn(body: HTMLElement, doc: TextDocument, view: View, first: number, last: number, levels: Levels): Drawn[] {
  const [from, to] = [doc.blocks[first]?.start ?? 0, doc.blocks[last]?.end ?? 0]
  const near = new Set(doc.between(from, to).map((piece) => piece.id))
  const origin = body.getBoundingClientRect()
  const places = new Map<Id, Place | null>()
  const place = (id: Id): Place | null => {
    const known = places.get(id)
    if (known !== undefined) return known
    const made = placeOf(id, body, origin, doc, [first, last])
    places.set(id, made)
    return made
  }
  const lines = [...doc.work.store.all()].flatMap((annotation) => {
    const kind = doc.kinds.get(annotation.kind)
    if (kind?.surface !== 'link' || view.hides(annotation.id)) return []
    const field = doc.work.field(annotation.field)
    const label = field && labelOf(field, annotation.label)
    return linesOf(annotation, doc.kinds)
      .filter((line) => (near.has(line.from) || near.has(line.to)) && !view.hides(line.from) && !view.hides(line.to))
      .flatMap((line) => {
        const [a, b] = [place(line.from), place(line.to)]
        return a && b ? [{ id: line.id, title: line.numbered ? `${line.nth + 1} → ${line.nth + 2}` : (label?.title ?? annotation.label ?? ''), index: label?.index ?? null, directed: field === null || kind.isDirected(field), from: a, to: b }] : []
      })
  })
  return arcsOf(lines, levels).flatMap((arc, i) => {
    const line = lines[i]
    return line ? [{ id: line.id, title: line.title, index: line.index, directed: line.directed, arc }] : []
  })
}

/** Where a span begins on the page; beyond the edge where its block is not laid out; null for what lies elsewhere. */
function placeOf(id: Id, body: HTMLElement, origin: DOMRect, doc: TextDocument, [first, last]: readonly [number, number]): Place | null {
  const annotation = doc.work.store.get(id)
  const [piece] = annotation ? doc.ranges(annotation) : []
  if (!piece) return null
  const index = doc.blockAt(piece.start)
  const block = doc.blocks[index]
  const words = body.querySelector<HTMLElement>(`[data-block="${index}"] .text-words`)
  if (!block || words === null) {
    const edge = body.querySelector(`[data-block="${index < first ? first : last}"]`)?.getBoundingClientRect()
    if (!edge) return null
    return { x: 40, top: index < first ? edge.top - origin.top - BEYOND_PX : edge.bottom - origin.top + BEYOND_PX }
  }
  const [rect] = rectsOf(words, piece.start - block.start, Math.min(piece.end, block.end) - block.start)
  return rect ? { x: Math.round(rect.left - origin.left + rect.width / 2), top: Math.round(rect.top - origin.top) } : null
}
