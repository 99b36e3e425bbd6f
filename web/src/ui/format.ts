// How numbers, times and sizes are written: in the person's locale and time zone, with tabular figures in mind.

const whole = new Intl.NumberFormat()
const compact = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 })
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** 1204118 is "1,204,118". */
export function count(n: number): string {
  return whole.format(n)
}

/** 1204118 is "1.2M": where there is no room. */
export function short(n: number): string {
  return n < 10_000 ? whole.format(n) : compact.format(n)
}

/** 0.834 is "0.83". */
export function fraction(value: number, digits = 2): string {
  return value.toFixed(digits).replace(/^-(0\.0+)$/, '$1')
}

/** 0.594 is "59 %"; below one percent it keeps a digit, so that little is not nothing. */
export function percent(value: number): string {
  const p = value * 100
  return `${p > 0 && p < 1 ? p.toFixed(1) : Math.round(p)} %`
}

/** 21400 ms is "21 s", 95000 ms is "1 min 35 s". */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  const s = Math.round(ms / 1000)
  if (s < 60) return `${ms < 10_000 ? (ms / 1000).toFixed(1) : s} s`
  if (s < 3600) return s % 60 === 0 ? `${s / 60} min` : `${Math.floor(s / 60)} min ${s % 60} s`
  return `${Math.floor(s / 3600)} h ${Math.round((s % 3600) / 60)} min`
}

/** 3800000000 is "3.8 GB". */
export function bytes(n: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let step = 0
  let value = n
  while (value >= 1000 && step < units.length - 1) {
    value /= 1000
    step += 1
  }
  return `${step === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[step]}`
}

/** How long ago: "now", "12 min", "26 h", "9 d"; past 60 days the date. */
export function ago(at: string | Date, now = Date.now()): string {
  const past = Math.max(0, now - new Date(at).getTime())
  if (past < MINUTE) return 'now'
  if (past < HOUR) return `${Math.floor(past / MINUTE)} min`
  if (past < 2 * DAY) return `${Math.floor(past / HOUR)} h`
  if (past < 60 * DAY) return `${Math.floor(past / DAY)} d`
  return day(at)
}

/** "22 Nov 2026", the year only when it is not this one. */
export function day(at: string | Date): string {
  const date = new Date(at)
  const sameYear = date.getFullYear() === new Date().getFullYear()
  return date.toLocaleDateString(undefined, { day: 'numeric', month: 'short', ...(sameYear ? {} : { year: 'numeric' }) })
}

/** "22 Nov, 09:12". */
export function moment(at: string | Date): string {
  const date = new Date(at)
  return `${day(date)}, ${date.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' })}`
}

/** "Ana Kowalski" is "AK". */
export function initials(name: string): string {
  const words = name.trim().split(/[\s._@-]+/u).filter(Boolean)
  const first = [...(words[0] ?? '?')]
  const last = words.length > 1 ? [...(words[words.length - 1] ?? '')] : []
  return ((first[0] ?? '') + (last[0] ?? first[1] ?? '')).toLocaleUpperCase()
}
