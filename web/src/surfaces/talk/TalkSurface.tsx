// A conversation to read: turns in sight are laid out, arrows go from one to the next.

import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useEffect, useMemo, useRef } from 'react'
import type { SurfaceControls } from '../../engine/surface'
import { turnsOf } from '../../engine/talk'
import { useWalk } from '../walking'
import { stillControls } from './controls'
import { TurnView } from './TurnView'
import './talk.css'

export interface TalkSurfaceProps {
  readonly text: string
  readonly label: string
  readonly head: ReactNode
  readonly announce: string
  /** The turn where the keyboard is, by its key: it is brought into sight. */
  readonly part?: string | null
  /** A turn was chosen. */
  readonly onPart?: (part: string) => void
  /** What is asked of a turn, shown under it. */
  readonly under?: (part: string) => ReactNode
  readonly onControls: (controls: SurfaceControls | null) => void
  readonly onActivity: () => void
}

export function TalkSurface({ text, label, head, announce, part = null, onPart, under, onControls, onActivity }: TalkSurfaceProps): ReactNode {
  const turns = useMemo(() => turnsOf(text), [text])
  const host = useRef<HTMLDivElement>(null)
  const keys = useMemo(() => turns.map((_, i) => String(i)), [turns])
  const virtual = useVirtualizer({
    count: turns.length,
    getScrollElement: () => host.current,
    estimateSize: (i) => 56 + 22 * Math.ceil((turns[i]?.content.length ?? 0) / 95),
    overscan: 4,
    paddingEnd: 96,
  })
  const { at, now, go, take } = useWalk({ keys, part, onPart, reveal: (place) => virtual.scrollToIndex(place, { align: 'auto' }) })
  useEffect(() => {
    onControls(stillControls(host, { up: () => go(now.current - 1), down: () => go(now.current + 1) }))
    return () => onControls(null)
  }, [now, go, onControls])
  return (
    <div className="talk">
      <div ref={host} className="talk-host" tabIndex={0} role="region" aria-label={label} onPointerDown={onActivity} onWheel={onActivity}>
        <div className="talk-page">
          <div className="text-head">{head}</div>
          <div className="talk-body" role="feed" aria-busy="false" style={{ height: virtual.getTotalSize() }}>
            {virtual.getVirtualItems().map((row) => {
              const turn = turns[row.index]
              return turn ? (
                <div key={row.key} data-index={row.index} ref={virtual.measureElement} className="talk-row" style={{ transform: `translateY(${row.start}px)` }} onPointerDown={() => take(row.index)}>
                  <TurnView turn={turn} number={row.index + 1} active={row.index === at} under={under?.(String(row.index))} />
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
