// The board: whether items are accepted, who has signed or waived and why, and what one may do oneself.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { conditionsOf, fairness as api } from '../../api'
import { AreaField, Button, Dialog, Door, Face, format, Icon, itemsPath, Tag, toastError } from '../../ui'
import { BoardDialog } from './BoardDialog'
import { Needed } from './Needed'
import { m } from './messages'

const OPEN = new Set(['open', 'off'])

export function BoardCard({ project, workspace, page, owns }: { project: string; workspace: string; page: api.Fairness; owns: boolean }) {
  const { gate, report } = page
  const [naming, setNaming] = useState(false)
  const [did, setDid] = useState<'signed' | 'waived' | null>(null)
  const standing = gate.votes.filter((vote) => vote.undone_at === null)
  const isOpen = OPEN.has(gate.state)
  return (
    <section className="card fa-board">
      <h2 className="ch">{m.board} <span className="grow" />{owns && <Button look="quiet" icon="cog" onClick={() => setNaming(true)}>{m.setBoard}</Button>}</h2>
      <div className="cb col g3">
        <div className="row g2">
          <Icon name={isOpen ? 'check' : 'clock'} />
          <span>{m.gate[gate.state]}</span>
          {gate.waiting > 0 && <Door to={itemsPath(project, conditionsOf(gate.filter))} className="b">{m.waiting(gate.waiting)}</Door>}
          {gate.board && <span className="t3 f12">{gate.state === 'open' && gate.upto !== null ? m.until(format.count(gate.upto)) : m.quorum(standing.length, gate.board.quorum ?? 2)}</span>}
        </div>
        {gate.board && <Needed page={page} workspace={workspace} owns={owns} onName={() => setNaming(true)} />}
        {gate.board && (
          <ul className="fa-members">
            {gate.members.map(({ person: member, lacks }) => {
              const vote = standing.find((one) => one.by?.id === member.id)
              return (
                <li key={member.id} className="row g2">
                  <Face name={member.name} /><span>{member.name}</span>
                  {vote ? <><Tag tone={vote.did === 'signed' ? 'ok' : 'warn'}>{m.did[vote.did]}</Tag><span className="t3 f12">{format.moment(vote.at)}</span>{vote.reason && <q className="t2">{vote.reason}</q>}{vote.can_undo && <Undo project={project} vote={vote} />}</> : <span className="t3 f12">{lacks ? m.lacks[lacks] : m.nobody}</span>}
                </li>
              )
            })}
          </ul>
        )}
        {gate.can_sign && report && (
          <div className="row g2">
            <Button look="primary" icon="check" onClick={() => setDid('signed')}>{m.sign}</Button>
            <Button onClick={() => setDid('waived')}>{m.waive}</Button>
          </div>
        )}
      </div>
      {did && report && <Say project={project} report={report.id} did={did} onClose={() => setDid(null)} />}
      {naming && <BoardDialog project={project} workspace={workspace} board={gate.board} onClose={() => setNaming(false)} />}
    </section>
  )
}

function Undo({ project, vote }: { project: string; vote: api.Vote }) {
  const client = useQueryClient()
  const undo = useMutation({ mutationFn: () => api.undo(vote.id), onError: toastError, onSettled: () => client.invalidateQueries({ queryKey: ['fairness', project] }) })
  return <Button look="quiet" busy={undo.isPending} onClick={() => undo.mutate()}>{m.undo}</Button>
}

function Say({ project, report, did, onClose }: { project: string; report: string; did: 'signed' | 'waived'; onClose: () => void }) {
  const client = useQueryClient()
  const [reason, setReason] = useState('')
  const [wrong, setWrong] = useState('')
  const say = async () => {
    try {
      client.setQueryData(['fairness', project], await api.vote(project, { report, did, reason: reason.trim() }))
      onClose()
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error))
      await client.invalidateQueries({ queryKey: ['fairness', project] })
    }
  }
  const isWaived = did === 'waived'
  return (
    <Dialog title={isWaived ? m.waiveTitle : m.signTitle} onClose={onClose} footer={<><span className="grow" /><Button onClick={onClose}>{m.cancel}</Button><Button look="primary" disabled={isWaived && reason.trim().length < 3} onClick={() => void say()}>{isWaived ? m.waive.replace(' …', '') : m.sign}</Button></>}>
      <div className="col g3">
        <p>{isWaived ? m.waiveText : m.signText}</p>
        <AreaField label={m.reason} value={reason} rows={3} onChange={(e) => setReason(e.target.value)} wrong={wrong} data-autofocus />
      </div>
    </Dialog>
  )
}
