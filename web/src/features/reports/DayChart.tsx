// Responses a day as bars: the pointer or the arrow keys read one at the chart's head, Enter and a click open its items, T shows the table.
import { useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react'
import { Door, format, itemsPath, Segmented, useGo } from '../../ui'
import { m } from './messages'

export type Range = 'week' | 'quarter' | 'all'
interface Day {
  day: string
  n: number
  items?: number
}

const HEIGHT = 148
const LEFT = 40
const BOTTOM = 20

export function DayChart({ project, author, days, range, onRange }: { project: string; author?: string; days: readonly Day[]; range: Range; onRange: (range: Range) => void }) {
  const go = useGo()
  const pathOf = (day: string) => itemsPath(project, [{ answered: { ...(author ? { author } : {}), since: day, until: day } }])
  const box = useRef<HTMLDivElement>(null)
  const width = useWidth(box)
  const [at, setAt] = useState<number | null>(null)
  const [table, setTable] = useState(false)
  const shown = filled(days, range)
  const total = shown.reduce((sum, d) => sum + d.n, 0)
  const chosen = at === null ? undefined : shown[at]

  const press = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (step !== undefined) {
      event.preventDefault()
      setAt((now) => Math.min(shown.length - 1, Math.max(0, (now ?? (step > 0 ? -1 : shown.length)) + step)))
    } else if (event.key.toLowerCase() === 't') setTable(!table)
    else if (event.key === 'Enter' && chosen && chosen.n > 0) go(pathOf(chosen.day))
    else if (event.key === 'Escape') setAt(null)
  }

  return (
    <>
      <h2 className="ch">
        {m.byDay} <span className="c">{chosen ? m.onDay(format.count(chosen.n), format.day(chosen.day)) : m.byDayText}</span>
        <span className="grow" />
        <span className="c">{m.inAll(format.count(total))}</span>
        <Segmented label={m.range} value={range} onChange={(next) => { setAt(null); onRange(next) }} options={(['week', 'quarter', 'all'] as const).map((value) => ({ value, title: m.ranges[value] }))} />
      </h2>
      <div className="chart" ref={box} tabIndex={0} role="img" aria-label={`${m.byDay}, ${m.byDayText}. ${m.inAll(format.count(total))}. ${m.asTable}`} onKeyDown={press} onPointerLeave={() => setAt(null)}>
        {table ? <DayTable days={shown} pathOf={pathOf} /> : <Bars days={shown} width={width} at={at} onAt={setAt} onOpen={(day) => go(pathOf(day))} />}
      </div>
    </>
  )
}

function Bars({ days, width, at, onAt, onOpen }: { days: readonly Day[]; width: number; at: number | null; onAt: (at: number | null) => void; onOpen: (day: string) => void }) {
  if (days.every((d) => d.n === 0)) return <p className="t3" style={{ height: HEIGHT + 4, paddingTop: 48, textAlign: 'center' }}>{m.noDays}</p>
  const top = nice(Math.max(...days.map((d) => d.n)))
  const plot = HEIGHT - BOTTOM
  const step = Math.max(0, width - LEFT) / days.length
  const y = (n: number) => plot - (n / top) * (plot - 8)
  const marks = [0, Math.floor((days.length - 1) / 2), days.length - 1].filter((i, k, all) => all.indexOf(i) === k)
  return (
    <svg height={HEIGHT} viewBox={`0 0 ${Math.max(1, width)} ${HEIGHT}`} aria-hidden="true">
      {[0, 0.5, 1].map((part) => (
        <g key={part}>
          <path className="grid" d={`M${LEFT} ${y(top * part)}H${width}`} />
          <text className="ax" x={LEFT - 8} y={y(top * part) + 4} textAnchor="end">{format.short(top * part)}</text>
        </g>
      ))}
      {days.map((d, i) => (
        <g key={d.day} className={d.n > 0 ? 'hit' : ''} onPointerEnter={() => onAt(i)} onClick={() => d.n > 0 && onOpen(d.day)}>
          {d.items !== undefined && d.n > 0 && <title>{m.opensDay(format.count(d.items))}</title>}
          <rect x={LEFT + i * step} y={0} width={step} height={plot} fill="transparent" />
          <rect className={`day ${at === i ? 'on' : ''}`} x={LEFT + i * step + Math.min(2, step * 0.15)} y={y(d.n)} width={Math.max(1, step - Math.min(4, step * 0.3))} height={plot - y(d.n)} rx={Math.min(2, step / 4)} />
        </g>
      ))}
      {marks.map((i) => (
        <text key={i} className="ax" x={LEFT + (i + 0.5) * step} y={HEIGHT - 4} textAnchor={i === 0 ? 'start' : i === days.length - 1 ? 'end' : 'middle'}>{format.day(days[i]?.day ?? '')}</text>
      ))}
    </svg>
  )
}

function DayTable({ days, pathOf }: { days: readonly Day[]; pathOf: (day: string) => string }) {
  return (
    <div style={{ height: HEIGHT, overflow: 'auto' }}>
      <table>
        <thead><tr><th>{m.day}</th><th className="right">{m.responses}</th><th className="right">{m.items}</th></tr></thead>
        <tbody>{days.toReversed().map((d) => <tr key={d.day}><td>{format.day(d.day)}</td><td className="right">{format.count(d.n)}</td><td className="right">{d.n > 0 && <Door to={pathOf(d.day)}>{format.count(d.items ?? d.n)}</Door>}</td></tr>)}</tbody>
      </table>
    </div>
  )
}

/** Every day of the range, also those on which nothing came. */
export function filled(days: readonly Day[], range: Range, today = new Date()): Day[] {
  const known = new Map(days.map((d) => [d.day.slice(0, 10), d]))
  const first = [...known.keys()].toSorted()[0]
  const span = { week: 7, quarter: 84, all: first ? Math.min(730, Math.max(7, Math.round((today.getTime() - Date.parse(first)) / 86_400_000) + 1)) : 7 }[range]
  return Array.from({ length: span }, (_, i) => {
    const day = new Date(today.getTime() - (span - 1 - i) * 86_400_000).toISOString().slice(0, 10)
    return known.get(day) ?? { day, n: 0 }
  })
}

/** The round number at or above: 1, 2 or 5 times a power of ten. */
export function nice(n: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, n)))
  return [1, 2, 5, 10].map((f) => f * power).find((v) => v >= n) ?? n
}

export function useWidth(ref: React.RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(640)
  useLayoutEffect(() => {
    const element = ref.current
    if (!element) return
    const observer = new ResizeObserver(([entry]) => entry && setWidth(entry.contentRect.width))
    observer.observe(element)
    return () => observer.disconnect()
  }, [ref])
  return width
}
