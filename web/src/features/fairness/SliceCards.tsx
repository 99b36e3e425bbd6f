// Each metadata key with its slices: how they are covered, and one measure in all of them.
import { useState } from 'react'
import type { fairness as api } from '../../api'
import { conditionsOf, type Condition } from '../../api'
import { Door, format, itemsPath, SelectField, Tag, Whisker } from '../../ui'
import { Wide } from './Wide'
import { m } from './messages'
import { between, cellName, points, share } from './words'

const ANSWERED: Condition = { responses: { op: 'ge', value: 1 } }

export function SliceCards({ project, report }: { project: string; report: NonNullable<api.Fairness['report']> }) {
  const [measure, setMeasure] = useState(report.measures.find((one) => one.kind !== 'label')?.key ?? report.measures[0]?.key ?? '')
  return (
    <>
      {report.measures.length > 0 && report.slices.length > 0 && (
        <div className="fa-pick">
          <SelectField label={m.asTo} value={measure} onChange={(e) => setMeasure(e.target.value)}>
            {report.measures.map((one) => <option key={one.key} value={one.key}>{`${one.title} (${format.count(one.n)})`}</option>)}
          </SelectField>
        </div>
      )}
      {report.slices.map((one) => <SliceCard key={one.key} project={project} slice={one} measure={measure} />)}
    </>
  )
}

function SliceCard({ project, slice, measure }: { project: string; slice: api.Slice; measure: string }) {
  const hasExpected = slice.distance !== null
  return (
    <section className="card">
      <h2 className="ch">{slice.key} {slice.distance !== null && <span className="c">{m.apart(format.percent(slice.distance))}</span>}{slice.empty.length > 0 && <Tag tone="warn">{m.empty(slice.empty.join(', '))}</Tag>}</h2>
      <Wide label={slice.key}><table className="cards">
        <thead><tr><th>{m.slice}</th><th className="right">{m.items}</th><th colSpan={2}>{m.share}</th>{hasExpected && <th className="right">{m.expected}</th>}<th className="right">{m.answered}</th><th className="right">{m.accepted}</th><th colSpan={2}>{m.value}</th><th className="right">{m.difference}</th></tr></thead>
        <tbody>{slice.cells.map((cell) => <Row key={`${cell.kind} ${cell.name}`} project={project} cell={cell} measure={measure} hasExpected={hasExpected} />)}</tbody>
      </table></Wide>
    </section>
  )
}

function Row({ project, cell, measure, hasExpected }: { project: string; cell: api.Cell; measure: string; hasExpected: boolean }) {
  const figure = cell.figures.find((one) => one.measure === measure)
  const of = conditionsOf(cell.filter)
  const whole = figure && { value: figure.value, low: figure.low, high: figure.high, n: figure.n, enough: figure.value !== null }
  return (
    <tr>
      <td className={cell.kind === 'value' || cell.kind === 'range' ? '' : 't2'}>{cellName(cell)}</td>
      <td className="right"><Door to={itemsPath(project, of)}>{format.count(cell.items)}</Door></td>
      <td className="fit"><span className="fa-bar" aria-hidden="true"><i style={{ width: `${cell.share * 100}%` }} />{cell.expected !== null && <b style={{ left: `${cell.expected * 100}%` }} />}</span></td>
      <td className="right fit">{format.percent(cell.share)}</td>
      {hasExpected && <td className="right t2">{share(cell.expected)}</td>}
      <td className="right">{cell.answered ? <Door to={itemsPath(project, [...of, ANSWERED])}>{format.percent(cell.answered / cell.items)}</Door> : share(cell.items ? 0 : null)}</td>
      <td className="right">{cell.accepted ? <Door to={itemsPath(project, [...of, { state: ['done'] }])}>{format.percent(cell.accepted / cell.items)}</Door> : share(cell.items ? 0 : null)}</td>
      <td className="fit">{whole?.value !== null && whole && <Whisker measure={whole} from={0} flag={figure?.is_finding ?? false} />}</td>
      <td className="nowrap">{figure && figure.value !== null ? <>{format.percent(figure.value)} <span className="t3 f12">{typeof figure.low === 'number' && typeof figure.high === 'number' ? `${m.upTo(format.percent(figure.low), format.percent(figure.high))}, ` : ''}{m.n(format.count(figure.n))}</span></> : <span className="t3">–</span>}</td>
      <td className="right nowrap">{figure && figure.difference !== null ? <>{points(figure.difference)}{figure.difference_low !== null && figure.difference_high !== null && <span className="t3 f12"> {between(figure.difference_low, figure.difference_high)}</span>}{figure.is_finding && <> <Tag tone="warn">{m.differs}</Tag></>}</> : <span className="t3 f12" title={figure?.warning ?? undefined}>{figure?.warning ?? '–'}</span>}</td>
    </tr>
  )
}
