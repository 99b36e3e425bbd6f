// Agreement and defects week by week as a line with its interval; a week opens its items, T shows the table behind it.
import { useRef, useState, type KeyboardEvent } from 'react'
import { conditionsOf } from '../../../api'
import type { Week } from '../../../api/boards'
import { Door, format, hasEnough, itemsPath, Segmented, useGo } from '../../../ui'
import { useWidth } from '../DayChart'
import { ShareCells } from '../team/Shares'
import { m } from './messages'

const HEIGHT = 160
const LEFT = 40
const BOTTOM = 20

type What = 'agreement' | 'defects'
export interface Point {
  week: Week
  at: number
  value: number
  low: number
  high: number
}

/** The weeks that have enough to say a number, each at its place among all of them. */
export function pointsOf(weeks: readonly Week[], what: What): Point[] {
  return weeks.flatMap((week, at) => {
    const measure = week[what]
    return hasEnough(measure) ? [{ week, at, value: measure.value, low: measure.low ?? measure.value, high: measure.high ?? measure.value }] : []
  })
}

/** The ends of the scale: whole tenths around everything that is drawn. */
export function scaleOf(points: readonly Point[]): [number, number] {
  const low = Math.floor(Math.min(...points.map((p) => p.low)) * 10 + 1e-9) / 10
  const high = Math.ceil(Math.max(...points.map((p) => p.high)) * 10 - 1e-9) / 10
  return [low, Math.min(1, Math.max(high, low + 0.1))]
}

export function Trend({ project, weeks }: { project: string; weeks: readonly Week[] }) {
  const box = useRef<HTMLDivElement>(null)
  const width = Math.max(1, useWidth(box))
  const go = useGo()
  const [what, setWhat] = useState<What>('agreement')
  const [table, setTable] = useState(false)
  const [at, setAt] = useState<number | null>(null)
  const points = pointsOf(weeks, what)
  const chosen = at === null ? points.at(-1) : points[at]
  const open = (point: Point | undefined) => point && go(itemsPath(project, conditionsOf(point.week.items.filter)))
  const press = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (step !== undefined) {
      event.preventDefault()
      setAt((now) => Math.min(points.length - 1, Math.max(0, (now ?? (step > 0 ? -1 : points.length)) + step)))
    } else if (event.key.toLowerCase() === 't') setTable(!table)
    else if (event.key === 'Enter') open(chosen)
    else if (event.key === 'Escape') setAt(null)
  }
  return (
    <>
      <h2 className="ch">
        <span className="nowrap">{m.trend}</span> <span className="c tr">{m.trendText[what]}</span><span className="grow" />
        {chosen && <span className="c nowrap">{m.week(format.day(chosen.week.week), format.percent(chosen.value), `${Math.round(chosen.low * 100)}`, format.percent(chosen.high), format.count(chosen.week[what].n))}</span>}
        <Segmented label={m.trend} value={what} onChange={(next) => { setAt(null); setWhat(next) }} options={(['agreement', 'defects'] as const).map((value) => ({ value, title: m.trends[value] }))} />
      </h2>
      <div className="chart" ref={box} tabIndex={0} role="img" aria-label={`${m.trend}, ${m.trendText[what]}. ${m.asTable}`} onKeyDown={press} onPointerLeave={() => setAt(null)}>
        {table ? <Weeks project={project} weeks={weeks} /> : points.length === 0 ? <p className="t3" style={{ height: HEIGHT, paddingTop: 56, textAlign: 'center' }}>{m.trendNone[what]}</p> : <Line points={points} count={weeks.length} width={width} at={at} onAt={setAt} onOpen={open} />}
      </div>
    </>
  )
}

function Line({ points, count, width, at, onAt, onOpen }: { points: readonly Point[]; count: number; width: number; at: number | null; onAt: (at: number) => void; onOpen: (point: Point) => void }) {
  const [low, high] = scaleOf(points)
  const plot = HEIGHT - BOTTOM
  const step = (width - LEFT) / count
  const x = (place: number) => LEFT + (place + 0.5) * step
  const y = (value: number) => 8 + (1 - (value - low) / (high - low)) * (plot - 16)
  const along = (of: (p: Point) => number, all: readonly Point[]) => all.map((p) => `${x(p.at)},${y(of(p))}`).join(' ')
  return (
    <svg height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`} aria-hidden="true">
      {[low, (low + high) / 2, high].map((value) => (
        <g key={value}>
          <path className="grid" d={`M${LEFT} ${y(value)}H${width}`} />
          <text className="ax" x={LEFT - 8} y={y(value) + 4} textAnchor="end">{format.percent(value)}</text>
        </g>
      ))}
      <polygon points={`${along((p) => p.high, points)} ${along((p) => p.low, points.toReversed())}`} className="band" />
      <polyline points={along((p) => p.value, points)} className="line" />
      {points.map((p, i) => (
        <g key={p.week.week} className="hit" onPointerEnter={() => onAt(i)} onClick={() => onOpen(p)}>
          <title>{m.opensWeek(format.day(p.week.week), format.count(p.week.items.n))}</title>
          <rect x={x(p.at) - step / 2} y={0} width={step} height={plot} fill="transparent" />
          <path d={`M${x(p.at)} ${y(p.low)}V${y(p.high)}`} className="whisk" />
          <circle cx={x(p.at)} cy={y(p.value)} r={at === i || (at === null && i === points.length - 1) ? 4 : 2.5} />
        </g>
      ))}
      {[points[0], points.at(-1)].filter((p, i, all) => p !== undefined && all.indexOf(p) === i).map((p) => (
        <text key={p?.week.week} className="ax" x={x(p?.at ?? 0)} y={HEIGHT - 4} textAnchor={(p?.at ?? 0) * 2 < count - 1 ? 'start' : 'end'}>{format.day(p?.week.week ?? '')}</text>
      ))}
    </svg>
  )
}

function Weeks({ project, weeks }: { project: string; weeks: readonly Week[] }) {
  const reviewed = weeks.some((week) => week.defects.n > 0)
  return (
    <div style={{ height: HEIGHT, overflow: 'auto' }}>
      <table className="cards pe">
        <thead><tr><th>{m.weekOf}</th><th className="right">{m.items}</th><th className="right">{m.responses}</th><th colSpan={3}>{m.agreement}</th>{reviewed && <><th colSpan={3}>{m.defects}</th><th className="right">{m.verdicts['fixed']}</th><th className="right">{m.verdicts['rejected']}</th></>}</tr></thead>
        <tbody>
          {weeks.toReversed().map((week) => {
            const to = itemsPath(project, conditionsOf(week.items.filter))
            return (
              <tr key={week.week}>
                <td>{format.day(week.week)}</td><td className="right"><Door to={to}>{format.count(week.items.n)}</Door></td><td className="right t2">{format.count(week.answers)}</td>
                <ShareCells measure={week.agreement} to={to} />
                {reviewed && <><ShareCells measure={week.defects} to={to} from={0} />{['fixed', 'rejected'].map((verdict) => <td key={verdict} className="right">{week.verdicts[verdict] && <Door to={itemsPath(project, conditionsOf(week.verdicts[verdict].filter))}>{format.count(week.verdicts[verdict].n)}</Door>}</td>)}</>}
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
