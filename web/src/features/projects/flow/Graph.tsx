// The workflow drawn, and changed in the drawing: stages as boxes with the items that are there now, ways as arrows that
// are drawn from box to box and taken out; the same as a list.
import { useEffect, useMemo, useRef, useState } from 'react'
import { Button, format, IconButton } from '../../../ui'
import { BOX, draw, type Arrow } from './layout'
import { m } from './messages'
import { startOf, waysOf, type Flow } from './policy'
import { wayWords } from './words'

export interface Counts { open: number; claimed: number; waiting: number; done: number }
export interface GraphProps {
  flow: Flow
  counts: Readonly<Record<string, Counts>>
  people: Readonly<Record<string, number>>
  picked: string | null
  wrong: ReadonlySet<string>
  onPick: (stage: string) => void
  onAdd: () => void
  /** A way was drawn. */
  onWay: (from: string, to: string) => void
  /** All ways between two stages are taken out. */
  onCut: (from: string, to: string) => void
  undo: (() => void) | null
  redo: (() => void) | null
}

const PAD = 16
const keyOf = (arrow: Arrow) => JSON.stringify([arrow.from, arrow.to])

export function Graph(props: GraphProps) {
  const { flow, counts, people, picked, wrong, onPick, onAdd, onWay, onCut, undo, redo } = props
  const drawing = useMemo(() => draw(flow), [flow])
  /** The stage from which a way is being drawn. */
  const [from, setFrom] = useState<string | null>(null)
  const [chosen, setChosen] = useState<string | null>(null)
  const arrow = drawing.arrows.find((one) => keyOf(one) === chosen)
  const region = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (from === null) return
    const leave = (event: KeyboardEvent) => { if (event.key === 'Escape') setFrom(null) }
    window.addEventListener('keydown', leave)
    return () => window.removeEventListener('keydown', leave)
  }, [from])
  const press = (stage: string) => {
    setChosen(null)
    if (from === null) return onPick(stage)
    onWay(from, stage)
    setFrom(null)
  }
  const cut = () => {
    if (!arrow) return
    onCut(arrow.from, arrow.to)
    setChosen(null)
    region.current?.focus()
  }
  const size = { width: drawing.width + 2 * PAD, height: drawing.height + 2 * PAD }
  return (
    <div className="wf-graph">
      <div ref={region} className="wf-scroll" tabIndex={0} role="group" aria-label={m.graphOf}>
        <div className={from === null ? 'wf-ground' : 'wf-ground drawing'} style={size}>
          <svg {...size} viewBox={`${-PAD} ${-PAD} ${size.width} ${size.height}`} aria-hidden>
            <defs>
              <marker id="wf-tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 L8 4 L0 8 Z" /></marker>
              <marker id="wf-tip-on" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 L8 4 L0 8 Z" /></marker>
            </defs>
            {drawing.arrows.map((one) => <path key={keyOf(one)} className={['wf-arrow', one.ways.length === 0 || isBack(one) ? 'dashed' : '', one === arrow ? 'on' : ''].filter(Boolean).join(' ')} d={one.path} markerEnd={one === arrow ? 'url(#wf-tip-on)' : 'url(#wf-tip)'} />)}
            {drawing.arrows.map((one) => <path key={keyOf(one)} className="wf-hit" d={one.path} onClick={() => setChosen(keyOf(one))} />)}
          </svg>
          {drawing.boxes.map((box) => (
            <button key={box.name} type="button" aria-pressed={picked === box.name} className={`wf-box${picked === box.name ? ' on' : ''}${wrong.has(box.name) ? ' wrong' : ''}${from === box.name ? ' from' : ''}`} style={{ left: box.x + PAD, top: box.y + PAD, width: BOX.width, height: BOX.height }} onClick={() => press(box.name)}>
              <span className="row g2"><b className="tr">{box.name}</b>{startOf(flow) === box.name && <small className="t3">{m.begins}</small>}</span>
              <small className="t2 tr">{facts(flow, box.name)}</small>
              <small className="tr">{countWords(counts[box.name])}</small>
              {people[box.name] === 0 && <small className="bad tr">{m.canWork(0)}</small>}
            </button>
          ))}
          {drawing.arrows.map((one) => {
            const said = lines(flow, one)
            return (
              <button key={keyOf(one)} type="button" aria-pressed={one === arrow} aria-label={m.wayFromTo(one.from, one.to, said.join(', '))} className={`wf-label${one === arrow ? ' on' : ''}${said.length === 0 ? ' bare' : ''}`} style={{ left: one.label.x + PAD, top: one.label.y + PAD - 4 }} onClick={() => setChosen(one === arrow ? null : keyOf(one))}>
                {said.map((line, i) => <span key={i}>{line}</span>)}
              </button>
            )
          })}
        </div>
      </div>
      <div className="row g2 wf-tools" role="toolbar" aria-label={m.tools}>
        <Button size="small" icon="plus" onClick={onAdd}>{m.addStage}</Button>
        <Button size="small" icon="branch" aria-pressed={from !== null} disabled={picked === null} onClick={() => setFrom(from === null ? picked : null)}>{m.drawWay(picked ?? '')}</Button>
        <Button size="small" icon="trash" disabled={!arrow} onClick={cut}>{arrow ? m.cutWay(arrow.from, arrow.to) : m.removeWay}</Button>
        <span className="grow t2 f12" role="status">{from === null ? '' : m.drawingWay(from)}</span>
        <IconButton icon="undo" label={m.undo} disabled={!undo} onClick={() => undo?.()} />
        <IconButton icon="redo" label={m.redo} disabled={!redo} onClick={() => redo?.()} />
      </div>
      <details className="wf-list" open={false}>
        <summary>{m.list}</summary>
        <ol aria-label={m.stages}>
          {Object.entries(flow.stages).map(([name, stage]) => (
            <li key={name}>
              <button type="button" className="link" aria-pressed={picked === name} onClick={() => onPick(name)}>{name}</button>{startOf(flow) === name && `, ${m.begins}`}: {facts(flow, name)}. {countWords(counts[name])}.
              <ul>{waysOf(stage).map((way, i) => <li key={i}>{m.leadsTo(wayWords(way, waysOf(stage).length === 1), way.to)}</li>)}{stage.skip?.then && <li>{m.leadsTo(m.afterSkips(stage.skip.after ?? 1), stage.skip.then)}</li>}</ul>
            </li>
          ))}
        </ol>
      </details>
    </div>
  )
}

/** Drawn as in the mock: what goes back is dashed. */
const isBack = ({ points }: Arrow) => (points.at(-1)?.x ?? 0) < (points[0]?.x ?? 0)

function lines(flow: Flow, arrow: Arrow): string[] {
  const all = waysOf(flow.stages[arrow.from] ?? { do: 'label' })
  const verdicts = arrow.ways.filter((way) => way.when?.verdict && Object.keys(way.when).length === 1)
  const others = arrow.ways.filter((way) => !verdicts.includes(way)).map((way) => wayWords(way, all.length === 1))
  const judged = verdicts.map((way) => wayWords(way, false)).join(', ')
  const said = [...(judged ? [judged] : []), ...others, ...(arrow.skip === null ? [] : [m.afterSkips(arrow.skip)])]
  return said.length === 1 && said[0] === m.always ? [] : said
}

function facts(flow: Flow, name: string): string {
  const stage = flow.stages[name]
  if (!stage) return ''
  const found = [m.short[stage.do] ?? stage.do]
  if (stage.do === 'label' && (stage.overlap ?? 1) > 1) found.push(`× ${stage.overlap}`)
  if (stage.until) found.push(`≤ ${stage.until.most ?? 7}`)
  const who = stage.who
  if (who) found.push(...[...(who.groups ?? []), ...(who.skills ?? []), ...(who.languages ?? [])].slice(0, 3), ...(who.role ? [who.role] : []))
  return found.join(' · ')
}

function countWords(counts: Counts | undefined): string {
  if (!counts) return m.empty
  const found = (['open', 'claimed', 'waiting', 'done'] as const).filter((key) => counts[key] > 0).map((key) => m[key](format.short(counts[key])))
  return found.length > 0 ? found.join(', ') : m.empty
}
