// A CUSUM chart: the share of each batch as a line, alarms as marks, and everything as a table under T.
import { useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import type { ControlChart as Chart } from '../../../api/team'
import { format, Icon, Tag } from '../../../ui'
import { useWidth } from '../DayChart'
import { m } from './messages'

const HEIGHT = 150
const LEFT = 44
const BOTTOM = 22
const LEVEL = 70

export function ControlChart({ chart, title = m.chart, of, note }: { chart: Chart; title?: string; of?: string | undefined; note?: ReactNode }) {
  const box = useRef<HTMLDivElement>(null)
  const width = Math.max(1, useWidth(box))
  const [table, setTable] = useState(false)
  const [at, setAt] = useState<number | null>(null)
  const { points } = chart
  const chosen = at === null ? undefined : points[at]
  const press = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (step !== undefined) {
      event.preventDefault()
      setAt((now) => Math.min(points.length - 1, Math.max(0, (now ?? (step > 0 ? -1 : points.length)) + step)))
    } else if (event.key.toLowerCase() === 't') setTable(!table)
    else if (event.key === 'Escape') setAt(null)
  }
  const about = m.chartText(format.count(points.length), format.count(chart.run_length))
  return (
    <>
      <h2 className="ch"><span className="tr">{title}</span>{of && <span className="c nowrap">{of}</span>} <span className="c">{chosen ? m.chartPoint(format.day(chosen.day), format.percent(chosen.share), format.count(chosen.n), format.fraction(chosen.z, 1)) : about}</span>{note && <><span className="grow" />{note}</>}</h2>
      {points.length === 0 ? (
        <p className="t3 cb">{m.chartNone}</p>
      ) : (
        <div className="chart" ref={box} tabIndex={0} role="img" aria-label={`${title}. ${about}`} onKeyDown={press} onPointerLeave={() => setAt(null)}>
          {table ? <Points chart={chart} /> : <><Drawn chart={chart} width={width} at={at} onAt={setAt} /><Level chart={chart} width={width} at={at} onAt={setAt} /></>}
        </div>
      )}
    </>
  )
}

function Drawn({ chart: { points }, width, at, onAt }: { chart: Chart; width: number; at: number | null; onAt: (at: number) => void }) {
  const low = Math.min(0.9, ...points.map((p) => Math.floor(p.share * 10) / 10))
  const plot = HEIGHT - BOTTOM
  const x = (i: number) => LEFT + ((i + 0.5) / points.length) * (width - LEFT)
  const y = (share: number) => 8 + (1 - (share - low) / (1 - low)) * (plot - 16)
  const step = (width - LEFT) / points.length
  return (
    <svg height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`} aria-hidden="true">
      {[low, 1].map((share) => (
        <g key={share}>
          <path className="grid" d={`M${LEFT} ${y(share)}H${width}`} />
          <text className="ax" x={LEFT - 8} y={y(share) + 4} textAnchor="end">{format.percent(share)}</text>
        </g>
      ))}
      <polyline points={points.map((p, i) => `${x(i)},${y(p.share)}`).join(' ')} fill="none" stroke="var(--text-3)" strokeWidth={1.5} />
      {points.map((p, i) => (
        <g key={i} onPointerEnter={() => onAt(i)}>
          <rect x={x(i) - step / 2} y={0} width={step} height={plot} fill="transparent" />
          {p.alarm ? <path d={`M${x(i)} ${y(p.share) - 7}l6 11h-12z`} fill="var(--warn)" /> : <circle cx={x(i)} cy={y(p.share)} r={at === i ? 4 : 2.5} fill={at === i ? 'var(--text)' : 'var(--text-3)'} />}
        </g>
      ))}
      {[0, points.length - 1].filter((i, k, all) => all.indexOf(i) === k).map((i) => (
        <text key={i} className="ax" x={i === 0 ? LEFT : width} y={HEIGHT - 4} textAnchor={i === 0 ? 'start' : 'end'}>{format.day(points[i]?.day ?? '')}</text>
      ))}
    </svg>
  )
}

/** The sum of the chart with its limits: an alarm is where it goes beyond one. */
function Level({ chart: { points, limit }, width, at, onAt }: { chart: Chart; width: number; at: number | null; onAt: (at: number) => void }) {
  const most = Math.max(limit * 1.25, ...points.map((p) => Math.abs(p.level)))
  const x = (i: number) => LEFT + ((i + 0.5) / points.length) * (width - LEFT)
  const y = (level: number) => LEVEL / 2 - (level / most) * (LEVEL / 2 - 6)
  const step = (width - LEFT) / points.length
  return (
    <svg height={LEVEL} viewBox={`0 0 ${width} ${LEVEL}`} aria-hidden="true">
      <path className="grid" d={`M${LEFT} ${y(0)}H${width}`} />
      {[limit, -limit].map((end) => <path key={end} d={`M${LEFT} ${y(end)}H${width}`} stroke="var(--warn)" strokeWidth={1} strokeDasharray="4 3" />)}
      <text className="ax" x={LEFT - 8} y={y(limit) + 4} textAnchor="end">{m.limit}</text>
      <polyline points={points.map((p, i) => `${x(i)},${y(p.level)}`).join(' ')} fill="none" stroke="var(--text-2)" strokeWidth={1.5} />
      {points.map((p, i) => (
        <g key={i} onPointerEnter={() => onAt(i)}>
          <rect x={x(i) - step / 2} y={0} width={step} height={LEVEL} fill="transparent" />
          {(p.alarm || at === i) && <circle cx={x(i)} cy={y(p.level)} r={3.5} fill={p.alarm ? 'var(--warn)' : 'var(--text)'} />}
        </g>
      ))}
    </svg>
  )
}

function Points({ chart: { points } }: { chart: Chart }) {
  return (
    <div style={{ height: HEIGHT, overflow: 'auto' }}>
      <table>
        <tbody>
          {points.map((p, i) => (
            <tr key={i}><td>{format.day(p.day)}</td><td className="right">{format.percent(p.share)}</td><td className="right t3">n {format.count(p.n)}</td><td className="right t2">{format.fraction(p.z, 1)}</td><td>{p.alarm && <Tag tone="warn"><Icon name={p.level < 0 ? 'down' : 'up'} small />{m.alarm}</Tag>}</td></tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
