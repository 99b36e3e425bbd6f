// What rules and managers did about a person, on what evidence; doing the same by hand, and undoing.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { AuthorRef } from '../../../api'
import * as team from '../../../api/team'
import { Button, Dialog, format, Menu, PartFailure, SkeletonRows, Tag, TextField, toast, toastError } from '../../../ui'
import { m } from './messages'

const ACTS: readonly team.Act[] = ['pause', 'raise_review', 'requeue', 'train']

export function ActionsCard({ project, person, manages }: { project: string; person: AuthorRef; manages: boolean }) {
  const client = useQueryClient()
  const list = useQuery({ queryKey: ['team', project, 'actions'], queryFn: () => team.actions(project) })
  const [doing, setDoing] = useState<team.Act | null>(null)
  const [busy, setBusy] = useState('')
  const own = (list.data ?? []).filter((one) => one.author.id === person.id)
  const isPaused = own.some((one) => one.did === 'pause' && one.undone_at === null)
  const reread = () => client.invalidateQueries({ queryKey: ['team', project] })
  const undo = async (id: string) => {
    setBusy(id)
    try {
      await team.undo(id)
      await reread()
      toast(m.undoneToast)
    } catch (error) {
      toastError(error)
    } finally {
      setBusy('')
    }
  }
  return (
    <>
      <h2 className="ch">
        {m.actions} <span className="c">{m.actionsText}</span><span className="grow" />
        {isPaused && <Tag tone="warn">{m.paused}</Tag>}
        {manages && list.data && person.type === 'person' && <Menu position="bottom-end" control={<Button size="small">{m.act}</Button>} entries={ACTS.filter((act) => act !== 'pause' || !isPaused).map((act) => ({ title: m.acts[act] ?? act, run: () => setDoing(act) }))} />}
      </h2>
      {list.isPending && <SkeletonRows rows={2} height={32} />}
      {list.isError && <PartFailure error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && own.length === 0 && <p className="t3 cb">{m.noActions}</p>}
      {own.length > 0 && (
        <table className="cards pe">
          <tbody>
            {own.map((one) => (
              <tr key={one.id}>
                <td className="md nowrap">{m.did[one.did]} {one.did === 'raise_review' && <span className="t3 f12">{m.shareOf(format.percent(one.share))}</span>}{one.answers !== null && <span className="t3 f12">{m.answersOf(format.count(one.answers))}</span>}</td>
                <td className="t2" style={{ whiteSpace: 'normal' }}>{one.reason}</td>
                <td className="t2">{one.by?.name ?? m.byRule}</td>
                <td className="right t2" title={format.moment(one.at)}>{format.ago(one.at)}</td>
                <td className="right">{one.undone_at ? <span className="t3">{m.undone(one.undone_by?.name ?? m.byRule, format.ago(one.undone_at))}</span> : manages && <Button size="small" icon="undo" busy={busy === one.id} onClick={() => void undo(one.id)}>{m.undo}</Button>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {doing && <Doing project={project} person={person} act={doing} onClose={() => setDoing(null)} onDone={reread} />}
    </>
  )
}

function Doing({ project, person, act, onClose, onDone }: { project: string; person: AuthorRef; act: team.Act; onClose: () => void; onDone: () => Promise<void> }) {
  const [reason, setReason] = useState('')
  const [wrong, setWrong] = useState('')
  const run = async () => {
    try {
      await team.act(project, person.id, { do: act, reason: reason.trim() })
      await onDone()
      toast(m.doneToast(person.name))
      onClose()
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error))
    }
  }
  return (
    <Dialog title={m.actTitle[act]?.(person.name) ?? ''} onClose={onClose} footer={<><span className="grow" /><Button danger disabled={!reason.trim()} onClick={run}>{m.run}</Button></>}>
      <p className="t2">{m.actText[act]}</p>
      <TextField label={m.reason} wrong={wrong} value={reason} onChange={(e) => setReason(e.target.value)} data-autofocus />
    </Dialog>
  )
}
