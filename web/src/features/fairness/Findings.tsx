// What differs beyond chance, the largest first, with what to do about it.
import type { fairness as api } from '../../api'
import { conditionsOf } from '../../api'
import { Door, format, Icon, itemsPath } from '../../ui'
import { Wide } from './Wide'
import { m } from './messages'
import { between, cellName, chance, points, share } from './words'

export function Findings({ project, report }: { project: string; report: NonNullable<api.Fairness['report']> }) {
  const kinds = new Map(report.slices.flatMap((one) => one.cells.map((cell) => [`${one.key}\n${cell.name}`, cell] as const)))
  const warnings = [...new Set(report.findings.flatMap((one) => one.figure.warning ?? []))]
  if (report.findings.length === 0) {
    return (
      <section className="card">
        <h2 className="ch">{m.findings}</h2>
        <div className="cb fa-none"><Icon name="check" /><div>{report.tests ? m.none(format.count(report.tests)) : m.untested}{report.tests > 0 && <p className="t2 f12">{m.noneText}</p>}</div></div>
      </section>
    )
  }
  return (
    <section className="card">
      <h2 className="ch">{m.findings} <span className="c">{format.count(report.findings.length)}</span></h2>
      <Wide label={m.findings}><table className="cards fa-findings">
        <thead><tr><th>{m.slice}</th><th>{m.measure}</th><th className="right">{m.here}</th><th className="right">{m.others}</th><th className="right">{m.difference}</th><th className="right">{m.corrected}</th><th>{m.todo}</th></tr></thead>
        <tbody>
          {report.findings.map((one) => {
            const { figure } = one
            const cell = kinds.get(`${one.key}\n${one.cell}`)
            return (
              <tr key={one.name}>
                <td><span className="t2">{one.key}</span> <b>{cell ? cellName(cell) : one.cell}</b></td>
                <td>{one.title}</td>
                <td className="right"><Door to={itemsPath(project, conditionsOf(one.filter))}>{share(figure.value)}</Door> <span className="t3 f12">{m.n(format.count(figure.n))}</span></td>
                <td className="right t2">{share(figure.others)}</td>
                <td className="right nowrap"><b>{points(figure.difference ?? 0)}</b> <span className="t3 f12">{figure.difference_low === null || figure.difference_high === null ? '' : between(figure.difference_low, figure.difference_high)}</span></td>
                <td className="right md nowrap">{figure.adjusted === null ? '–' : chance(figure.adjusted)}</td>
                <td className="t2 fa-todo">{m.advice[one.kind]}</td>
              </tr>
            )
          })}
        </tbody>
      </table></Wide>
      {warnings.map((one) => <p key={one} className="cb t3 f12">{m.beware(one)}</p>)}
    </section>
  )
}
