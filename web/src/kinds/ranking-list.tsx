// All candidates in order: dragged by the grip, moved by arrows, tied by a button; the rest waits below.

import { type ReactNode, useState } from 'react'
import type { ControlProps } from '../engine/kind'
import { letterOf } from '../engine/talk'
import { Icon } from '../ui/Icon'
import { IconButton, Key } from '../ui/parts'
import { m } from './messages'
import { movedTo, type Order, placedNext, rankingOf, stepped, valueOf, without } from './orders'
import { press } from './ranking-answers'
import { optionsOf } from './ranking-check'

export default function RankingList({ field, value, onChange, keys, disabled, id, parts = [] }: ControlProps): ReactNode {
  const { ties, noneGood } = optionsOf(field)
  const now = rankingOf(value) ?? { order: [], none_good: false, strength: 1 }
  const [held, setHeld] = useState<string | null>(null)
  const [over, setOver] = useState<string | null>(null)
  const left = parts.filter((key) => !now.order.flat().includes(key))
  const set = (order: Order): void => onChange(order.length === 0 && !now.none_good ? undefined : valueOf({ ...now, order }))
  const letter = (key: string): string => letterOf(Math.max(0, parts.indexOf(key)))
  const drop = (to: number, tie: boolean) => ({
    onDragOver: (event: React.DragEvent) => {
      if (held === null) return
      event.preventDefault()
      setOver(`${to}${tie}`)
    },
    onDragLeave: () => setOver(null),
    onDrop: (event: React.DragEvent) => {
      event.preventDefault()
      if (held !== null) set(movedTo(now.order, held, to, tie))
      setHeld(null)
      setOver(null)
    },
  })
  const chip = (key: string, at: number | null): ReactNode => (
    <span key={key} className={held === key ? 'rank-chip held' : 'rank-chip'} draggable={!disabled} onDragStart={(event) => { event.dataTransfer.setData('text/plain', letter(key)); event.dataTransfer.effectAllowed = 'move'; setHeld(key) }} onDragEnd={() => { setHeld(null); setOver(null) }}>
      <Icon name="grip" small />
      <button
        type="button"
        className="letter"
        disabled={disabled}
        aria-label={at === null ? m.unranked(letter(key)) : m.rankedAs(letter(key), at + 1)}
        onClick={() => set(at === null ? ranked(key) : without(now.order, key))}
        onKeyDown={(event) => move(event, key)}
      >
        {letter(key)}
      </button>
      {at === null && keys.options[String(parts.indexOf(key) + 1)] && <Key>{keys.options[String(parts.indexOf(key) + 1)]}</Key>}
    </span>
  )
  const ranked = (key: string): Order => rankingOf(press(field, value, String(parts.indexOf(key) + 1), parts))?.order ?? placedNext(now.order, key)
  const move = (event: React.KeyboardEvent, key: string): void => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key] as 1 | -1 | undefined
    if (by === undefined) return
    event.preventDefault()
    event.stopPropagation()
    set(stepped(now.order, key, by))
    const own = `[aria-label^="${CSS.escape(m.unranked(letter(key)).split(',')[0] ?? '')}"]`
    const host = event.currentTarget.closest('.ranking')
    requestAnimationFrame(() => host?.querySelector<HTMLElement>(own)?.focus())
  }
  return (
    <div className="ranking" id={id} role="group" aria-label={field.title}>
      <ol>
        {now.order.map((place, at) => (
          <li key={place.join(' ')}>
            <span className={over === `${at}false` ? 'gap on' : 'gap'} {...drop(at, false)} />
            <div className={over === `${at}true` ? 'rank-place on' : 'rank-place'} {...(ties ? drop(at, true) : drop(at, false))}>
              <span className="t3 f12 nth">{now.order.slice(0, at).flat().length + 1}</span>
              {place.map((key) => chip(key, at))}
              {ties && at > 0 && place.length === 1 && <IconButton icon="merge" size="small" label={m.tieWithAbove} disabled={disabled} onClick={() => set([...now.order.slice(0, at - 1), [...(now.order[at - 1] ?? []), ...place], ...now.order.slice(at + 1)])} />}
            </div>
          </li>
        ))}
      </ol>
      {(left.length > 0 || held !== null) && (
        <div className={over === `${now.order.length}false` ? 'rank-rest on' : 'rank-rest'} {...drop(now.order.length, false)}>
          <span className="t3 f12">{now.order.length === 0 ? m.bestFirst : m.next}</span>
          {left.map((key) => chip(key, null))}
        </div>
      )}
      {noneGood && (
        <label className="row g2 f12">
          <input type="checkbox" checked={now.none_good} disabled={disabled} onChange={(event) => onChange(event.target.checked || now.order.length > 0 ? valueOf({ ...now, none_good: event.target.checked }) : undefined)} />
          {m.noneGood} {keys.options['0'] && <Key>{keys.options['0']}</Key>}
        </label>
      )}
    </div>
  )
}
