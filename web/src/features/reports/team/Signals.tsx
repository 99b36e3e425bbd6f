// What tests say of a person: alarms with how often they err, and measures with their interval; each opens its items.
import { useGo, format, hasEnough, Icon, itemsPath, Tag, toastError, type Measured } from '../../../ui'
import * as team from '../../../api/team'
import { m } from './messages'

type Name = 'skill' | 'pace' | 'fatigue' | 'repeats' | 'trust'
const SHOWN: readonly Name[] = ['skill', 'pace', 'fatigue', 'repeats', 'trust']

export function Signals({ project, row }: { project: string; row: team.PersonRow }) {
  const go = useGo()
  const open = (of: string, since = '') =>
    team.evidence(project, row.author.id, of, since).then(({ items }) => {
      if (items.length > 0) go(itemsPath(project, [{ ids: items }]))
    }, toastError)
  const measures: Record<Name, Measured> = { skill: row.skill, pace: row.paced, fatigue: row.fatigue, repeats: row.repeats, trust: row.trust }
  return (
    <>
      <h2 className="ch">{m.signals} <span className="c">{m.signalsText}</span></h2>
      <table className="cards pe">
        <tbody>
          {row.alarms.map((alarm) => (
            <tr key={alarm.key}>
              <td className="md nowrap"><Tag tone="warn"><Icon name="flag" small />{m.alarmed[alarm.name]}</Tag></td>
              <td style={{ whiteSpace: 'normal' }}>{m.alarmText[alarm.name]?.(alarm.other?.name ?? '')} <span className="t3">{m.since(format.day(alarm.since), format.count(alarm.n))}</span></td>
              <td className="t3 f12" style={{ whiteSpace: 'normal' }}>{m.errs(alarm.errs)}</td>
              <td className="right"><button type="button" className="link" onClick={() => void open(alarm.name)}>{m.itemsBehind}</button></td>
            </tr>
          ))}
          {SHOWN.map((name) => (
            <tr key={name}>
              <td className="md nowrap">{m.signal[name]}</td>
              <td style={{ whiteSpace: 'normal' }}><Value name={name} measure={measures[name]} /></td>
              <td className="t3 f12" style={{ whiteSpace: 'normal' }}>{m.signalText[name]}</td>
              <td className="right">{measures[name].n > 0 && <button type="button" className="link" onClick={() => void open(name)}>{m.itemsBehind}</button>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}

function Value({ name, measure }: { name: Name; measure: Measured }) {
  if (measure.value === null || !hasEnough(measure)) return <span className="t3">{m.tooFew(format.count(measure.n))}</span>
  const said = (value: number) => (name === 'fatigue' ? m.points(`${value > 0 ? '+' : ''}${format.fraction(value * 100, 1)}`) : name === 'trust' || name === 'skill' ? format.percent(value) : m.times(format.fraction(value, 2)))
  return <><span className="md">{said(measure.value)}</span> <span className="iv">{typeof measure.low === 'number' && typeof measure.high === 'number' ? m.between(said(measure.low), said(measure.high)) : ''} n {format.count(measure.n)}</span></>
}
