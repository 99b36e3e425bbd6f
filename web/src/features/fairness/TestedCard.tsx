// What was tested, by which test, corrected how; and what the report does not say.
import type { fairness as api } from '../../api'
import { format } from '../../ui'
import { m } from './messages'

export function TestedCard({ page }: { page: api.Fairness }) {
  const { report, crossed } = page
  if (!report) return null
  const groups = page.groups.flatMap((one) => one.cells.flatMap((cell) => cell.figures.filter((figure) => typeof figure.value === 'number'))).length
  const inSlices = Math.max(0, ...crossed.map((one) => one.tests))
  return (
    <section className="card">
      <h2 className="ch">{m.method}</h2>
      <div className="cb col g2">
        <ul className="fa-tested">
          <li>{m.testedSlices(format.count(report.tests))}</li>
          <li>{m.testedGroups(format.count(groups))}</li>
          <li>{m.testedCrossed(format.count(inSlices))}</li>
        </ul>
        <p className="t2">{m.corrections}</p>
        <dl className="fa-means">{report.measures.filter((one) => one.kind !== 'label').map((one) => <div key={one.key}><dt>{one.title}</dt><dd className="t2">{m.means[one.kind]}</dd></div>)}</dl>
        {report.notes.map((note) => <p key={note} className="t2">{m.notes[note] ?? note}</p>)}
        <p className="t3 f12">{`${report.method}.`}</p>
      </div>
    </section>
  )
}
