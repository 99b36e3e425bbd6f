// What differs beyond chance, the largest first, with what to do about it: slices, then groups, then groups in slices.
import type { fairness as api } from '../../api'
import { conditionsOf } from '../../api'
import { Door, format, Icon, itemsPath } from '../../ui'
import { Wide } from './Wide'
import { m } from './messages'
import { between, cellName, chance, groupFindings, points, share } from './words'

export function Findings({ project, page, report }: { project: string; page: api.Fairness; report: NonNullable<api.Fairness['report']> }) {
  const groups = groupFindings(page)
  const n = report.findings.length + groups.length
  return (
    <section className="card">
      <h2 className="ch">{m.findings} {n > 0 && <span className="c">{format.count(n)}</span>}</h2>
      {report.findings.length > 0 && <OfSlices project={project} report={report} />}
      {groups.length > 0 && <OfGroups project={project} rows={groups} report={report} />}
      {report.findings.length === 0 && (
        <div className="cb fa-none">
          <Icon name={report.tests ? 'check' : 'infoc'} />
          <div>{report.tests ? m.none(format.count(report.tests)) : m.untested}{report.tests > 0 && <p className="t2 f12">{m.noneText}</p>}</div>
        </div>
      )}
    </section>
  )
}

function OfSlices({ project, report }: { project: string; report: NonNullable<api.Fairness['report']> }) {
  const cells = new Map(report.slices.flatMap((one) => one.cells.map((cell) => [`${one.key}\n${cell.name}`, cell] as const)))
  const warnings = [...new Set(report.findings.flatMap((one) => one.figure.warning ?? []))]
  return (
    <>
      <Wide label={m.findings}><table className="cards fa-findings">
        <thead><tr><th>{m.slice}</th><th>{m.measure}</th><th className="right">{m.here}</th><th className="right">{m.others}</th><th className="right">{m.difference}</th><th className="right">{m.corrected}</th><th>{m.todo}</th></tr></thead>
        <tbody>
          {report.findings.map((one) => {
            const { figure } = one
            const cell = cells.get(`${one.key}\n${one.cell}`)
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
    </>
  )
}

function OfGroups({ project, rows, report }: { project: string; rows: ReturnType<typeof groupFindings>; report: NonNullable<api.Fairness['report']> }) {
  const titles = new Map(report.measures.map((one) => [one.key, one.title]))
  return (
    <Wide label={m.groups}><table className="cards fa-findings">
      <thead><tr><th>{m.group}</th><th>{m.slice}</th><th>{m.measure}</th><th className="right">{m.groupFigure}</th><th className="right">{m.others}</th><th className="right">{m.differenceOnly}</th><th>{m.todo}</th></tr></thead>
      <tbody>
        {rows.map((one) => {
          const cell = report.slices.find((of) => of.key === one.slice?.key)?.cells.find((of) => of.name === one.slice?.cell && of.kind === one.slice.kind)
          return (
            <tr key={`${one.title} ${one.value} ${one.slice?.key ?? ''} ${one.slice?.cell ?? ''} ${one.measure}`}>
              <td><span className="t2">{one.title}</span> <b>{one.value}</b></td>
              <td>{one.slice ? <><span className="t2">{one.slice.key}</span> {cell ? <Door to={itemsPath(project, conditionsOf(cell.filter))}>{cellName(cell)}</Door> : one.slice.cell}</> : <span className="t3">{m.allItems}</span>}</td>
              <td>{titles.get(one.measure) ?? one.measure}{!one.isOnSame && <div className="t3 f12">{m.ownItems}</div>}</td>
              <td className="right">{share(one.here)}</td>
              <td className="right t2">{share(one.others)}</td>
              <td className="right nowrap"><b>{points(one.difference)}</b>{one.slice && <span className="t3 f12"> {m.moreThan}</span>}</td>
              <td className="t2 fa-todo">{one.slice ? m.crossAdvice : m.groupAdvice}</td>
            </tr>
          )
        })}
      </tbody>
    </table></Wide>
  )
}
