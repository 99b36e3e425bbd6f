// An owner names who signs, how many of them must, and how long a signature holds.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { fairness as api, people } from '../../api'
import { Button, Check, Dialog, Failure, Go, Notice, SkeletonRows, TextField } from '../../ui'
import { m } from './messages'

export function BoardDialog({ project, workspace, board, onClose }: { project: string; workspace: string; board: api.Board | null; onClose: () => void }) {
  const client = useQueryClient()
  const members = useQuery({ queryKey: ['members', workspace], queryFn: () => people.members(workspace) })
  const [chosen, setChosen] = useState<readonly string[]>(board?.members ?? [])
  const [quorum, setQuorum] = useState(board?.quorum ?? 2)
  const [percent, setPercent] = useState(Math.round((board?.most_new ?? 0.2) * 100))
  const [wrong, setWrong] = useState('')
  const save = async (next: api.Board | null) => {
    try {
      client.setQueryData(['fairness', project], await api.setBoard(project, next))
      onClose()
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error))
    }
  }
  const able = members.data?.filter((one) => one.active && one.role !== 'annotator') ?? []
  return (
    <Dialog
      title={m.boardTitle}
      onClose={onClose}
      footer={<>{board && <Button danger onClick={() => void save(null)}>{m.end}</Button>}<span className="grow" /><Button onClick={onClose}>{m.cancel}</Button><Button look="primary" disabled={chosen.length < 2 || quorum < 2 || quorum > chosen.length} onClick={() => void save({ members: [...chosen], quorum, most_new: percent / 100 })}>{m.save}</Button></>}
    >
      <div className="col g3">
        <p className="t2">{m.boardText}</p>
        {members.isError && <Failure error={members.error} />}
        {members.isSuccess && able.length < 2 && <Notice tone="warn">{m.tooFewAble} <Go to={`/w/${workspace}/people`} className="n">{m.invite}</Go></Notice>}
        {members.isPending && <SkeletonRows rows={3} />}
        <div className="col g2">
          {able.map((one) => <Check key={one.id} checked={chosen.includes(one.id)} onChange={(on) => setChosen(on ? [...chosen, one.id] : chosen.filter((id) => id !== one.id))}>{one.name} <span className="t3">{one.role}</span></Check>)}
        </div>
        <div className="row g3">
          <TextField label={m.need} type="number" min={2} max={Math.max(2, chosen.length)} value={quorum} onChange={(e) => setQuorum(e.target.valueAsNumber || 0)} />
          <TextField label={m.mostNew} type="number" min={0} max={100} value={percent} onChange={(e) => setPercent(e.target.valueAsNumber || 0)} wrong={wrong} />
        </div>
      </div>
    </Dialog>
  )
}
