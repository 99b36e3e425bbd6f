// What is left and when it will be done, what an item costs in minutes, and how much is wrong.
import { conditionsOf } from '../../../api'
import type { Flow, Forecast } from '../../../api/boards'
import { Door, format, itemsPath, type Measured } from '../../../ui'
import { CostRow } from './Cost'
import { m } from './messages'

const DAY_MS = 86_400_000

/** The date on which something is done that takes so many days, as it is written. */
export function dateIn(days: number, now = Date.now()): string {
  return format.day(new Date(now + Math.ceil(days) * DAY_MS).toISOString())
}

/** The day of the end with its interval; nothing is promised from too few days. */
export function endSaid({ value, low, high }: Measured, left: number, now = Date.now()): { day: string; interval: string } {
  if (left === 0) return { day: m.nothingLeft, interval: '' }
  if (value === null) return { day: '–', interval: m.doneUnknown }
  const from = dateIn(low ?? 0, now)
  return { day: dateIn(value, now), interval: typeof high === 'number' ? m.daysOf(from, dateIn(high, now)) : m.orLater(from) }
}

/** Of several sorts of work the one that ends last: with it the project is done. */
export function lastOf(forecast: readonly Forecast[]): Forecast | undefined {
  const left = forecast.filter((one) => one.left > 0)
  return left.find((one) => one.days.value === null) ?? left.toSorted((a, b) => (b.days.value ?? 0) - (a.days.value ?? 0))[0]
}

export function Ahead({ project, flow, manages }: { project: string; flow: Flow; manages: boolean }) {
  const { defects } = flow
  return (
    <>
      <h2 className="ch">{m.forecast} <span className="c">{m.forecastText}</span></h2>
      <table className="cards pe">
        <tbody>
          {flow.forecast.map((one) => {
            const end = endSaid(one.days, one.left)
            return (
              <tr key={one.of}>
                <td>{m.left[one.of] ?? one.of}</td>
                <td className="right nowrap"><span className="md">{format.count(one.left)}</span>{one.left > 0 && <span className="t3 f12"> {m.onItems} <Door to={itemsPath(project, conditionsOf(one.items.filter))}>{format.count(one.items.n)}</Door></span>}</td>
                <td style={{ whiteSpace: 'normal' }}><span className="row g2 wrap"><span className="md nowrap">{end.day}</span><span className="t3 f12">{end.interval}{one.per_day > 0 && `, ${m.perDay(format.count(Math.round(one.per_day)))}`}</span></span></td>
              </tr>
            )
          })}
          <tr><td>{m.perItem}</td><td className="right md">{flow.minutes_per_done === null ? '–' : format.duration(flow.minutes_per_done * 60_000)}</td><td className="t2" style={{ whiteSpace: 'normal' }}>{flow.minutes_per_done !== null && <>{m.perItemText} <Door to={itemsPath(project, conditionsOf(flow.done.filter))}>{format.count(flow.done.n)}</Door></>}</td></tr>
          {manages && <CostRow project={project} />}
          <tr>
            <td>{m.notAccepted}</td>
            <td className="right md">{defects.rate.value === null ? '–' : format.percent(defects.rate.value)}</td>
            <td className="t2" style={{ whiteSpace: 'normal' }}>
              {defects.bound === null ? m.noReviews : <span className="row g3 wrap"><span className="nowrap">{m.below(format.percent(defects.bound))}</span>{Object.entries(defects.verdicts).map(([verdict, items]) => <span key={verdict} className="nowrap">{m.verdicts[verdict]?.toLowerCase()} <Door to={itemsPath(project, conditionsOf(items.filter))}>{format.count(items.n)}</Door></span>)}</span>}
            </td>
          </tr>
        </tbody>
      </table>
    </>
  )
}
