// What floats at the foot of the surface: zoom, the label strip, undo and redo.

import { type ReactNode, useEffect, useRef, useState } from 'react'
import { shownChord } from '../../engine/hotkeys'
import type { Snap } from '../../engine/view'
import { Icon } from '../../ui/Icon'
import { Mark } from '../../ui/Mark'
import { IconButton, Key, Segmented } from '../../ui/parts'
import { BrushBar } from './BrushBar'
import { useScreen, useZoom } from './context'
import { excerptOf } from './excerpt'
import { drawnFields, type FieldLabel, listedLabels } from './fields'
import { LabelCard } from './LabelCard'
import { m } from './messages'
import type { Screen } from './screen'
import { SuggestBar } from './suggest/SuggestBar'

const MOST = 8
const MOST_WORDS = 40
/** Both bars beside the strip, the air between, and the strip's own end. */
const AROUND = { bars: 2 * 120, more: 120, snap: 210, label: 62, letter: 7.2 }
/** Below this width, as in a preview, the strip has the foot for itself and breaks into lines. */
const NARROW = 480

export function FloatBars(): ReactNode {
  const screen = useScreen()
  const hasPicture = screen.schema.streams.some((s) => s.kind === 'image' || s.kind === 'document')
  const { work } = screen
  const foot = useRef<HTMLDivElement>(null)
  const width = useWidth(foot)
  const narrow = width < NARROW
  return (
    <>
      <BrushBar screen={screen} />
      {hasPicture && !narrow && <Zoom screen={screen} />}
      <div ref={foot} className={narrow ? 'strip-line narrow' : 'strip-line'}>{listedLabels(screen).length > 0 && <Strip screen={screen} width={width} narrow={narrow} />}</div>
      <SuggestBar screen={screen} />
      {screen.occurrences.asked !== null && <OccurrenceBar screen={screen} />}
      {screen.view.state.linking !== null && <LinkBar screen={screen} />}
      {!narrow && <div className="floatbar undo" role="group" aria-label={m.history}>
        <IconButton icon="undo" label={`${m.commands.undo} (Ctrl Z)`} disabled={!work?.canUndo && screen.session.submitted === null} onClick={() => screen.run('labeling.undo')} />
        <IconButton icon="redo" label={`${m.commands.redo} (Ctrl Shift Z)`} disabled={!work?.history.canRedo} onClick={() => screen.run('labeling.redo')} />
      </div>}
    </>
  )
}

/** What is being linked, and how it goes on. */
function LinkBar({ screen }: { screen: Screen }): ReactNode {
  const { linking } = screen.view.state
  const from = linking?.from ? screen.work?.store.get(linking.from) : null
  const isNumbering = screen.links.numbering.field !== null
  return (
    <div className="floatbar linking" role="status">
      <Icon name={isNumbering ? 'sort' : 'link'} small />
      {from && screen.work ? <span className="md tr" dir="auto">{(isNumbering ? m.numberFrom : m.linkFrom)(excerptOf(from, screen.work, screen.kinds) ?? screen.nameOf(from))}</span> : <span className="md">{m.linkFirst}</span>}
      <span className={linking?.refused ? 'bad f12' : 't2 f12'}>{linking?.refused ?? (isNumbering ? m.numberHow : m.linkHow)}</span>
      <IconButton icon="x" size="small" label={m.cancel} onClick={() => screen.links.cancel()} />
    </div>
  )
}

/** Where else the words stand, and in which ways that is counted. */
function OccurrenceBar({ screen }: { screen: Screen }): ReactNode {
  const { asked, found } = screen.occurrences
  const { values } = found
  const words = found.words.length > MOST_WORDS ? `${found.words.slice(0, MOST_WORDS)}…` : found.words
  return (
    <div className="floatbar linking" role="group" aria-label={m.commands.everywhere}>
      <Icon name="search" small />
      <span className="md tr" dir="auto" role="status">{m.occurring(words, values.length)}</span>
      <label className="row g1 f12"><input type="checkbox" checked={asked?.whole === true} onChange={(event) => screen.occurrences.find({ whole: event.target.checked })} />{m.wholeWords}</label>
      <label className="row g1 f12"><input type="checkbox" checked={asked?.exact === true} onChange={(event) => screen.occurrences.find({ exact: event.target.checked })} />{m.sameCase}</label>
      <button type="button" className="lb on" disabled={values.length === 0} onClick={() => screen.occurrences.labelAll()}>{m.labelThem(values.length)} <Key>Enter</Key></button>
      <IconButton icon="x" size="small" label={m.cancel} onClick={() => screen.occurrences.close()} />
    </div>
  )
}

function Zoom({ screen }: { screen: Screen }): ReactNode {
  const zoom = useZoom(screen)
  return (
    <div className="floatbar zoom" role="group" aria-label={m.view}>
      <IconButton icon="fit" label={`${m.commands.fit} (Z)`} onClick={() => screen.surface?.fit()} />
      <span className="f12 t2">{Math.round(zoom * 100)} %</span>
    </div>
  )
}

function Strip({ screen, width, narrow }: { screen: Screen; width: number; narrow: boolean }): ReactNode {
  const { label: current } = screen.view.state
  const inText = (on: string | null): boolean => screen.schema.streams.some((stream) => stream.key === on && stream.kind !== 'document')
  const hasText = !narrow && drawnFields(screen).some((f) => screen.kinds.get(f.kind)?.surface === 'text' && inText(f.on))
  const fitting = narrow ? listedLabels(screen).slice(0, MOST) : fit(screen, width - AROUND.bars - AROUND.more - (hasText ? AROUND.snap : 0))
  const rest = listedLabels(screen).length - fitting.length
  return (
    <div className="floatbar strip" role="group" aria-label={m.labels}>
      {fitting.map(({ field, label }) => {
        const on = current?.field === field.key && current.label === label.key
        return (
          <LabelCard key={`${field.key}/${label.key}`} label={label}>
            <button type="button" className={on ? 'lb on' : 'lb'} aria-pressed={on} onClick={() => screen.tools.chooseLabel(field, label)}>
              <Mark index={label.index} />
              <span className="tr" dir="auto">{label.title}</span>
              {keyOfLabel(screen, field.key, label.key)}
            </button>
          </LabelCard>
        )
      })}
      {(rest > 0 || hasText) && <span className="sep" />}
      {rest > 0 && (
        <button type="button" className="lb t2" aria-haspopup="dialog" onClick={() => screen.open('labels')}>
          <Icon name="search" small />
          {m.more(rest)} <Key>`</Key>
        </button>
      )}
      {hasText && (
        <span className="lb t2 snap">
          {m.snap}
          <Segmented<Snap> label={m.snap} value={screen.view.state.snap} options={(['char', 'word', 'sentence'] as const).map((value) => ({ value, title: m.snaps[value] }))} onChange={(snap) => screen.view.set({ snap, hover: null })} />
        </span>
      )}
    </div>
  )
}

function keyOfLabel(screen: Screen, field: string, label: string): ReactNode {
  const key = screen.keyOf(`label.${field}.${label}`)
  return key && <Key>{shownChord(key)}</Key>
}

/** The first labels whose whole names have room; digits go on working for the others. */
function fit(screen: Screen, room: number): readonly FieldLabel[] {
  let left = room
  const fitting = listedLabels(screen).slice(0, MOST).filter(({ label }) => {
    left -= AROUND.label + label.title.length * AROUND.letter
    return left > 0
  })
  const { label: current } = screen.view.state
  const isShown = fitting.some(({ field, label }) => field.key === current?.field && label.key === current.label)
  const chosen = listedLabels(screen).find(({ field, label }) => field.key === current?.field && label.key === current.label)
  return isShown || !chosen || fitting.length === 0 ? fitting : [...fitting.slice(0, -1), chosen]
}

function useWidth(element: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(1100)
  useEffect(() => {
    if (element.current === null) return
    const watcher = new ResizeObserver(([entry]) => entry && setWidth(entry.contentRect.width))
    watcher.observe(element.current)
    return () => watcher.disconnect()
  }, [element])
  return width
}
