// The workflow drawn: stages as boxes with the items that are there now, ways as arrows; the same as a list.
import { useMemo } from 'react'
import { format } from '../../../ui'
import { BOX, draw, type Arrow } from './layout'
import { m } from './messages'
import { startOf, waysOf, type Flow } from './policy'
import { wayWords } from './words'

export interface Counts { open: number; claimed: number; waiting: number; done: number }
export interface GraphProps { flow: Flow; counts: Readonly<Record<string, Counts>>; people: Readonly<Record<string, number>>; picked: string | null; onPick: (stage: string) => void; wrong: ReadonlySet<string> }

export function Graph({ flow, counts, people, picked, onPick, wrong }: GraphProps) {
  const drawing = useMemo(() => draw(flow), [flow])
  const pad = 16
  return (
    <div className="wf-graph">
      <div className="wf-scroll" tabIndex={0} role="group" aria-label={m.graphOf}>
        <svg width={drawing.width + 2 * pad} height={drawing.height + 2 * pad} viewBox={`${-pad} ${-pad} ${drawing.width + 2 * pad} ${drawing.height + 2 * pad}`} aria-hidden>
          <defs><marker id="wf-tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 L8 4 L0 8 Z" /></marker></defs>
          {drawing.arrows.map((arrow) => <path key={`${arrow.from} ${arrow.to}`} className={arrow.ways.length === 0 ? 'wf-arrow dashed' : 'wf-arrow'} d={arrow.path} markerEnd="url(#wf-tip)" />)}
          {drawing.boxes.map((box) => (
            <foreignObject key={box.name} x={box.x} y={box.y} width={BOX.width} height={BOX.height}>
              <button type="button" tabIndex={-1} className={`wf-box${picked === box.name ? ' on' : ''}${wrong.has(box.name) ? ' wrong' : ''}`} onClick={() => onPick(box.name)}>
                <span className="row g2"><b className="tr">{box.name}</b>{startOf(flow) === box.name && <small className="t3">{m.begins}</small>}</span>
                <small className="t2 tr">{facts(flow, box.name)}</small>
                <small className="tr">{countWords(counts[box.name])}</small>
                {people[box.name] === 0 && <small className="bad tr">{m.canWork(0)}</small>}
              </button>
            </foreignObject>
          ))}
          {drawing.arrows.map((arrow) => <text key={`${arrow.from} ${arrow.to}`} className="wf-label" x={arrow.label.x} y={arrow.label.y} textAnchor="middle">{lines(flow, arrow).map((line, i, all) => <tspan key={i} x={arrow.label.x} dy={i === 0 ? -14 * (all.length - 1) : 14}>{line}</tspan>)}</text>)}
        </svg>
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
