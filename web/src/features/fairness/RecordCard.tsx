// The record: every report with what the board said of it, by whom, when and why; what was taken back stays in it.
import type { fairness as api } from '../../api'
import { format, Go } from '../../ui'
import { Wide } from './Wide'
import { m } from './messages'

export function RecordCard({ history, workspace, owns }: { history: api.Fairness['history']; workspace: string; owns: boolean }) {
  return (
    <section className="card">
      <h2 className="ch">{m.record} <span className="grow" />{owns ? <Go to={`/w/${workspace}/audit`} className="btn small">{m.audit}</Go> : <span className="c">{m.auditOwner}</span>}</h2>
      <Wide label={m.record}><table className="cards fa-record">
        <thead><tr><th>{m.report}</th><th className="right">{m.answers}</th><th className="right">{m.findings}</th><th>{m.said}</th></tr></thead>
        <tbody>
          {history.map((one) => (
            <tr key={one.report}>
              <td className="nowrap">{format.moment(one.at)}</td>
              <td className="right">{format.count(one.answers)}</td>
              <td className="right">{format.count(one.findings)}</td>
              <td>
                {one.votes.length === 0 && <span className="t3">{m.nobody}</span>}
                {one.votes.map((vote) => (
                  <div key={vote.id}>{m.saidBy(vote.by?.name ?? '–', m.did[vote.did] ?? vote.did, format.moment(vote.at))}{vote.undone_at && <span className="t3">{m.undoneAt(format.moment(vote.undone_at))}</span>}{vote.reason && <> <q className="t2">{vote.reason}</q></>}</div>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table></Wide>
    </section>
  )
}
