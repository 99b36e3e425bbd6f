// A measured number with its doubt: the interval always stands beside it, and below its sample there is no number.
import { count, fraction } from './format'
import { Icon } from './Icon'
import { m } from './messages'
import { Door } from './navigation'

export interface Measured {
  value: number | null
  low?: number | null
  high?: number | null
  n: number
  enough?: boolean
}

export type Band = 'low' | 'mid' | 'high'

/** The sample under which nothing is claimed. */
export const ENOUGH = 30

/** Where alpha of answers stands: mend the guideline, watch, good. Distances of regions have no bands. */
export function bandOf(value: number): Band {
  // As it is shown: 0.599 reads 0.60 and must not stand below it.
  const shown = Math.round(value * 100) / 100
  return shown < 0.6 ? 'low' : shown < 0.8 ? 'mid' : 'high'
}

/** What each band means. */
export const bandText: Readonly<Record<Band, string>> = m.bands

/** The band's glyph, so that colour is never the only cue. */
export function BandGlyph({ value }: { value: number }) {
  const band = bandOf(value)
  return (
    <span className={band} role="img" aria-label={m.bands[band]} title={m.bands[band]}>
      <Icon name={band === 'low' ? 'down' : band === 'mid' ? 'dia' : 'up'} small />
    </span>
  )
}

export function hasEnough(measure: Measured): measure is Measured & { value: number } {
  return measure.value !== null && (measure.enough ?? measure.n >= ENOUGH)
}

interface MeasureProps {
  measure: Measured | null | undefined
  /** header: ± beside it; row: low–high and n. */
  shape?: 'header' | 'row'
  band?: boolean
  to?: string
  show?: (value: number) => string
}

/** A measure as text. Below its sample it says what it has and what it needs. */
export function Measure({ measure, shape = 'row', band = true, to, show = fraction }: MeasureProps) {
  if (!measure) return <span className="t3">–</span>
  if (!hasEnough(measure)) return <span className="t3 nowrap">{m.needs(count(measure.n), count(ENOUGH))}</span>
  const { value, low, high, n } = measure
  const shown = to ? <Door to={to} className="md">{show(value)}</Door> : <span className="md">{show(value)}</span>
  const known = typeof low === 'number' && typeof high === 'number'
  return (
    <span className="row nowrap" style={{ gap: 6, display: 'inline-flex' }}>
      {band && <BandGlyph value={value} />}
      {shown}
      {shape === 'header' ? (
        known && <span className="iv">±{show((high - low) / 2)}</span>
      ) : (
        <span className="iv">
          {known && m.interval(show(low), show(high))}
          {known && ', '}
          {m.n} {count(n)}
        </span>
      )}
    </span>
  )
}

/** The interval and its point on one scale, so that several can be compared. */
export function Whisker({ measure, from = 0.4, to = 1, flag = false }: { measure: Measured; from?: number; to?: number; flag?: boolean }) {
  if (!hasEnough(measure)) return null
  const at = (v: number) => Math.min(100, Math.max(0, ((v - from) / (to - from)) * 100))
  const { value } = measure
  const low = measure.low ?? value
  const high = measure.high ?? value
  return (
    <span className={`wh ${flag ? 'low' : ''}`} aria-hidden="true">
      <i style={{ left: `${at(low)}%`, width: `${at(high) - at(low)}%` }} />
      <b style={{ left: `${at(value)}%` }} />
    </span>
  )
}
