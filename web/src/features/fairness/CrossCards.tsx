// Groups of people by slices: does one group treat one slice otherwise than the others do. Rounded, and of enough people each.
import { useState } from 'react'
import type { fairness as api } from '../../api'
import { conditionsOf } from '../../api'
import { Door, format, itemsPath, Notice, SelectField, Tag } from '../../ui'
import { Wide } from './Wide'
import { m } from './messages'
import { between, cellName, points, share } from './words'

export function CrossCards({ project, crossed, report }: { project: string; crossed: readonly api.Crossed[]; report: api.Fairness['report'] }) {
  const titles = new Map(report?.measures.map((one) => [one.key, one.title]))
  const measures = [...new Set(crossed.flatMap((one) => one.cells.flatMap((cell) => cell.figures.map((figure) => figure.measure))))]
  const [chosen, setChosen] = useState('')
  const measure = measures.includes(chosen) ? chosen : (measures.find((key) => crossed.some((one) => one.cells.some((cell) => cell.figures.some((f) => f.measure === key && f.differs)))) ?? measures[0] ?? '')
  return (
    <section className="card fa-groups">
      <h2 className="ch">{m.crossed}</h2>
      <div className="cb col g3">
        <p className="t2">{m.crossedText}</p>
        {measures.length === 0 && <p className="t3">{m.crossedNone}</p>}
        {measures.length > 0 && <div className="fa-pick"><SelectField label={m.asTo} value={measure} onChange={(e) => setChosen(e.target.value)}>{measures.map((key) => <option key={key} value={key}>{titles.get(key) ?? key}</option>)}</SelectField></div>}
        {crossed.filter((one) => one.cells.length > 0).map((one) => <Crossed key={`${one.attribute} ${one.key}`} project={project} one={one} measure={measure} report={report} />)}
      </div>
    </section>
  )
}

function Crossed({ project, one, measure, report }: { project: string; one: api.Crossed; measure: string; report: api.Fairness['report'] }) {
  const cells = report?.slices.find((slice) => slice.key === one.key)?.cells ?? []
  const rows = one.cells.flatMap((cell) => cell.figures.filter((figure) => figure.measure === measure).map((figure) => ({ cell, figure })))
  return (
    <div>
      <h3>{m.crossTitle(one.title, one.key)}</h3>
      {one.held && <Notice icon="clock">{m.held(format.day(one.at))}</Notice>}
      {rows.length === 0 ? <p className="t3">{m.crossedFew}</p> : (
        <Wide label={m.crossTitle(one.title, one.key)}>
          <table className="cards">
            <thead><tr><th>{m.slice}</th><th>{m.group}</th><th className="right">{m.here}</th><th className="right">{m.othersHere}</th><th className="right">{m.elsewhere}</th><th className="right">{m.moreHere}</th></tr></thead>
            <tbody>
              {rows.map(({ cell, figure }) => {
                const of = cells.find((slice) => slice.name === cell.cell && slice.kind === cell.kind)
                return (
                  <tr key={`${cell.kind} ${cell.cell} ${cell.value}`}>
                    <td>{of ? <Door to={itemsPath(project, conditionsOf(of.filter))}>{cellName(of)}</Door> : cell.cell}</td>
                    <td>{cell.value}</td>
                    <td className="right">{share(figure.value)}</td>
                    <td className="right t2">{share(figure.others)}</td>
                    <td className="right t2">{typeof figure.elsewhere === 'number' ? points(figure.elsewhere) : '–'}</td>
                    <td className="right nowrap">{typeof figure.difference === 'number' && typeof figure.low === 'number' && typeof figure.high === 'number' ? <>{points(figure.difference)} <span className="t3 f12">{between(figure.low, figure.high)}</span>{figure.differs && <> <Tag tone="warn">{m.differs}</Tag></>}</> : <span className="t3 f12">{m.tooFewHere}</span>}</td>
                  </tr>
                )
              })}
            </tbody>
          </table>
        </Wide>
      )}
      {one.is_merged && <p className="t3 f12">{m.crossMerged}</p>}
    </div>
  )
}
