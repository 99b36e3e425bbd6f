// A share with its whisker, interval and n in three cells; below its sample, what there is.
import { Door, format, hasEnough, Whisker, type Measured } from '../../../ui'
import { m } from './messages'

export function ShareCells({ measure, to, from = 0.4 }: { measure: Measured; to: string; from?: number }) {
  if (measure.value === null) return <><td /><td className="t3">–</td><td /></>
  if (!hasEnough(measure)) return <><td /><td colSpan={2} className="t3">{m.tooFew(format.count(measure.n))}</td></>
  const { value, low, high, n } = measure
  return (
    <>
      <td className="fit" style={{ paddingRight: 0 }}><Whisker measure={measure} from={from} /></td>
      <td><Door to={to} className="md">{format.percent(value)}</Door></td>
      <td className="iv">{typeof low === 'number' && typeof high === 'number' && `${Math.round(low * 100)}–${format.percent(high)}, `}n {format.count(n)}</td>
    </>
  )
}
