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
          <li><b>{m.testedSlices(format.count(report.tests))}</b> {m.testedSlicesText}</li>
          <li><b>{m.testedGroups(format.count(groups))}</b> {m.testedGroupsText}</li>
          <li><b>{m.testedCrossed(format.count(inSlices))}</b> {m.testedCrossedText}</li>
        </ul>
        <p className="t2">{m.corrections}</p>
        {report.notes.map((note) => <p key={note} className="t2">{m.notes[note] ?? note}</p>)}
        <p className="t3 f12">{`${report.method}.`}</p>
      </div>
    </section>
  )
}
