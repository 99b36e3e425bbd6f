// What it takes before items are accepted, who has to do it, and what to do where the board can no longer do it.
import type { fairness as api } from '../../api'
import { Button, format, Go, Notice } from '../../ui'
import { m } from './messages'
import { isWaitingFor } from './words'

export function Needed({ page, workspace, owns, onName }: { page: api.Fairness; workspace: string; owns: boolean; onName: () => void }) {
  const { gate } = page
  const quorum = gate.board?.quorum ?? 2
  const { wants, names } = isWaitingFor(page)
  return (
    <>
      {gate.short > 0 && (
        <Notice tone="bad" actions={owns && <Button onClick={onName}>{m.setBoard}</Button>}>
          {m.short(quorum, quorum - gate.short, gate.state === 'open')}{' '}
          {owns ? m.shortOwner(quorum) : m.shortOther}{' '}
          {owns && <Go to={`/w/${workspace}/people`} className="n">{m.invite}</Go>}
        </Notice>
      )}
      {gate.short === 0 && wants && (
        <p className="t2">
          <b>{m.needed}</b> {wants === 'report' ? m.needReport(quorum) : wants === 'newer' ? m.needNewer(format.count(gate.answers), format.count(gate.upto ?? 0), quorum) : m.needVotes(quorum - gate.votes.filter((one) => one.undone_at === null).length, names.join(', '))}
        </p>
      )}
    </>
  )
}
