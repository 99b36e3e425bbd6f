// What an agent did, to read: numbered steps that fold, arrows that go from one to the next, and what is said of each.

import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { PartMark } from '../../engine/kind'
import type { SurfaceControls } from '../../engine/surface'
import { stepsOf, wordsOf } from '../../engine/trace'
import { Button } from '../../ui/parts'
import { useWalk } from '../walking'
import { stillControls } from './controls'
import { m } from './messages'
import { StepView } from './StepView'
import './talk.css'
import './trace.css'

export interface TraceSurfaceProps {
  readonly text: string
  readonly label: string
  readonly head: ReactNode
  readonly announce: string
  /** What the answers so far say of one step. */
  readonly markOf: (key: string) => PartMark | null
  /** The step where the keyboard is, by its key: it is brought into sight. */
  readonly part?: string | null
  /** A step was chosen. */
  readonly onPart?: (part: string) => void
  /** What is asked of a step, shown under it. */
  readonly under?: (part: string) => ReactNode
  readonly onControls: (controls: SurfaceControls | null) => void
  readonly onActivity: () => void
}

export function TraceSurface({ text, label, head, announce, markOf, part = null, onPart, under, onControls, onActivity }: TraceSurfaceProps): ReactNode {
  const steps = useMemo(() => stepsOf(text), [text])
  const host = useRef<HTMLDivElement>(null)
  const [folded, setFolded] = useState<ReadonlySet<number>>(new Set())
  const keys = useMemo(() => steps.map((_, i) => String(i)), [steps])
  const virtual = useVirtualizer({
    count: steps.length,
    getScrollElement: () => host.current,
    estimateSize: (i) => 64 + Math.min(320, 20 * Math.ceil(wordsOf(steps[i] ?? { kind: 'thought' }).length / 90)),
    overscan: 6,
    paddingEnd: 96,
  })
  const fold = useCallback((number: number, on?: boolean) => setFolded((was) => {
    const next = new Set(was)
    if (on ?? !was.has(number)) next.add(number)
    else next.delete(number)
    return next
  }), [])
  const onFold = useCallback((number: number) => fold(number), [fold])
  const { at, now, go, take } = useWalk({ keys, part, onPart, reveal: (place) => virtual.scrollToIndex(place, { align: 'auto' }) })
  useEffect(() => {
    const moves = { up: () => go(now.current - 1), down: () => go(now.current + 1), left: () => fold(now.current + 1, true), right: () => fold(now.current + 1, false) }
    // Tab, comma and dot go from step to step; left and right fold one.
    onControls({ ...stillControls(host, moves), step: (by) => go(now.current + by), back: () => undefined })
    return () => onControls(null)
  }, [now, go, fold, onControls])
  const wrong = steps.findIndex((_, i) => markOf(String(i)) !== null)
  const isAllFolded = folded.size >= steps.length
  return (
    <div className="talk trace">
      <div ref={host} className="talk-host" tabIndex={0} role="region" aria-label={label} onPointerDown={onActivity} onWheel={onActivity}>
        <div className="talk-page">
          <div className="text-head">
            {head}
            <span className="grow" />
            <Button look="quiet" size="small" onClick={() => setFolded(isAllFolded ? new Set() : new Set(steps.map((_, i) => i + 1)))}>{isAllFolded ? m.unfoldAll : m.foldAll}</Button>
          </div>
          <div className="talk-body" role="feed" aria-busy="false" style={{ height: virtual.getTotalSize() }}>
            {virtual.getVirtualItems().map((row) => {
              const step = steps[row.index]
              return step ? (
                <div key={row.key} data-index={row.index} ref={virtual.measureElement} className="talk-row" style={{ transform: `translateY(${row.start}px)` }} onPointerDown={() => take(row.index)}>
                  <StepView step={step} number={row.index + 1} active={row.index === at} folded={folded.has(row.index + 1)} mark={markOf(String(row.index))} after={wrong >= 0 && row.index > wrong} onFold={onFold} under={under?.(String(row.index))} />
                </div>
              ) : null
            })}
          </div>
        </div>
      </div>
      <p className="hidden" role="status" aria-live="polite">{announce}</p>
    </div>
  )
}
