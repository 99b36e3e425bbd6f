// A conversation that branches, to read: one path of it, and at each message the other replies to step through.

import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { PartMark } from '../../engine/kind'
import type { SurfaceControls } from '../../engine/surface'
import { type Chosen, type Siblings, Tree } from '../../engine/tree'
import { Icon } from '../../ui/Icon'
import { useLatest } from '../walking'
import { stillControls } from './controls'
import { m } from './messages'
import { TurnView } from './TurnView'
import './talk.css'
import './tree.css'

export interface TreeSurfaceProps {
  readonly text: string
  readonly label: string
  readonly head: ReactNode
  readonly announce: string
  /** What the answers so far say of one message. */
  readonly markOf?: (key: string) => PartMark | null
  /** The message where the keyboard is, by its key: it is brought into sight, from whatever branch. */
  readonly part?: string | null
  /** A message was chosen; `shown` are the keys of all on the path. */
  readonly onPart?: (part: string, shown: readonly string[]) => void
  /** What is asked of a message, shown under it. */
  readonly under?: (part: string) => ReactNode
  readonly onControls: (controls: SurfaceControls | null) => void
  readonly onActivity: () => void
}

const FIRST: Chosen = new Map()

export function TreeSurface({ text, label, head, announce, markOf, part = null, onPart, under, onControls, onActivity }: TreeSurfaceProps): ReactNode {
  const tree = useMemo(() => Tree.read(text), [text])
  const host = useRef<HTMLDivElement>(null)
  const [chosen, setChosen] = useState<Chosen>(FIRST)
  const [active, setActive] = useState(tree.messages[0]?.key ?? '')
  const [said, setSaid] = useState('')
  const path = useMemo(() => tree.path(chosen), [tree, chosen])
  const now = useRef({ active, chosen })
  const tell = useLatest(onPart)
  const virtual = useVirtualizer({
    count: path.length,
    getScrollElement: () => host.current,
    getItemKey: (i) => path[i]?.key ?? i,
    estimateSize: (i) => 56 + 22 * Math.ceil((path[i]?.content.length ?? 0) / 95),
    overscan: 4,
    paddingEnd: 96,
  })
  const show = useCallback((key: string): readonly string[] => {
    const next = tree.towards(key, now.current.chosen)
    now.current = { active: key, chosen: next }
    setChosen(next)
    setActive(key)
    return tree.path(next).map((message) => message.key)
  }, [tree])
  const go = useCallback((key: string | null | undefined): void => {
    const message = key === null || key === undefined ? undefined : tree.get(key)
    if (message === undefined) return
    const isElsewhere = !tree.path(now.current.chosen).includes(message)
    const shown = show(message.key)
    if (isElsewhere) setSaid(calledIn(tree, message.key))
    tell.current?.(message.key, shown)
  }, [tree, tell, show])
  useEffect(() => {
    const along = (by: number): void => {
      const shown = tree.path(now.current.chosen)
      go(shown[shown.findIndex(({ key }) => key === now.current.active) + by]?.key)
    }
    const aside = (by: 1 | -1): void => {
      const { before, after } = tree.siblings(now.current.active)
      go(by > 0 ? after : before)
    }
    const moves = { up: () => along(-1), down: () => along(1), left: () => aside(-1), right: () => aside(1) }
    // Tab, comma and dot go through all messages, from branch to branch.
    onControls({ ...stillControls(host, moves), step: (by) => go(tree.messages[tree.placeOf(now.current.active) + by]?.key) })
    return () => onControls(null)
  }, [tree, go, onControls])
  useEffect(() => {
    if (part !== null && part !== now.current.active && tree.placeOf(part) >= 0) show(part)
  }, [part, tree, show])
  useEffect(() => {
    const at = path.findIndex(({ key }) => key === active)
    if (at >= 0) virtual.scrollToIndex(at, { align: 'auto' })
  }, [path, active, virtual])
  return (
    <div className="talk tree">
      <div ref={host} className="talk-host" tabIndex={0} role="region" aria-label={label} onPointerDown={onActivity} onWheel={onActivity}>
        <div className="talk-page">
          <div className="text-head">{head}</div>
          <div className="talk-body" role="feed" aria-busy="false" style={{ height: virtual.getTotalSize() }}>
            {virtual.getVirtualItems().map((row) => {
              const message = path[row.index]
              if (message === undefined) return null
              const { key } = message
              return (
                <div key={row.key} data-index={row.index} ref={virtual.measureElement} className="talk-row" style={{ transform: `translateY(${row.start}px)` }} onPointerDown={() => go(key)}>
                  <TurnView turn={message} number={tree.placeOf(key) + 1} called={calledIn(tree, key)} active={key === active} note={<><Marked mark={markOf?.(key) ?? null} /><Switch siblings={tree.siblings(key)} onGo={go} /></>} under={under?.(key)} />
                </div>
              )
            })}
          </div>
        </div>
      </div>
      <p className="hidden" role="status" aria-live="polite">{announce || said}</p>
    </div>
  )
}

/** What a message is called: its number among all, who says it, and which of several replies it is. */
function calledIn(tree: Tree, key: string): string {
  const role = tree.get(key)?.role ?? ''
  const { place, count } = tree.siblings(key)
  return [m.message(tree.placeOf(key) + 1, m.roles[role] ?? role), ...(count > 1 ? [m.reply(place + 1, count)] : [])].join(', ')
}

/** What was said of a message, in a word. */
function Marked({ mark }: { mark: PartMark | null }): ReactNode {
  return mark && <span className="wrong-tag">{mark.text}</span>
}

/** The arrows to the other replies; by keys, left and right do the same from the surface. */
function Switch({ siblings: { place, count, before, after }, onGo }: { siblings: Siblings; onGo: (key: string | null) => void }): ReactNode {
  if (count < 2) return null
  const arrow = (to: string | null, name: string, icon: 'cl' | 'cr'): ReactNode => (
    <button type="button" tabIndex={-1} aria-label={name} disabled={to === null} onPointerDown={(event) => event.stopPropagation()} onClick={() => onGo(to)}><Icon name={icon} small /></button>
  )
  return (
    <span className="siblings" role="group" aria-label={m.reply(place + 1, count)}>
      {arrow(before, m.previousReply, 'cl')}
      <span className="number" aria-hidden="true">{m.placeOf(place + 1, count)}</span>
      {arrow(after, m.nextReply, 'cr')}
    </span>
  )
}
