// Before a workflow is put in force: what of its text changes, and where the items would go.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Refusal, workflow as api } from '../../../api'
import { Button, Dialog, format, Notice, Problems, SkeletonRows } from '../../../ui'
import { m } from './messages'
import { Stranded } from './Stranded'
import { strandedBy } from './stranding'
import { asPolicy, difference, toYaml, type Flow } from './policy'

export function Difference({ before, after }: { before: Flow; after: Flow }) {
  return <pre className="wf-diff" tabIndex={0} aria-label={m.textChanges}>{difference(toYaml(before), toYaml(after)).map(({ sign, line }, i) => <span key={i} className={sign === '+' ? 'ok' : sign === '-' ? 'bad' : 't3'}>{sign} {line}{'\n'}</span>)}</pre>
}

export function SaveDialog({ project, workspace, before, after, onFlow, onSave, onReread, onClose }: { project: string; workspace: string; before: Flow; after: Flow; onFlow: (flow: Flow) => void; onSave: () => Promise<unknown>; onReread: () => void; onClose: () => void }) {
  const plan = useQuery({ queryKey: ['policy-plan', project, after], queryFn: () => api.check(project, asPolicy(after), true), gcTime: 0 })
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState<unknown>(null)
  const save = async () => {
    setBusy(true)
    try {
      await onSave()
      onClose()
    } catch (error) {
      setWrong(error)
    } finally {
      setBusy(false)
    }
  }
  const moves = plan.data?.plan ?? []
  const moving = moves.filter((one) => one.stage !== one.to_stage || one.state !== one.to_state)
  const isConflict = wrong instanceof Refusal && wrong.status === 412
  return (
    <Dialog title={m.saveTitle} width={720} onClose={onClose} footer={<><span className="grow" /><Button look="primary" busy={busy} disabled={plan.isPending} onClick={() => void save()}>{m.confirm}</Button></>}>
      {wrong !== null && <Notice tone="bad" actions={isConflict && <Button size="small" onClick={onReread}>{m.reread}</Button>}>{isConflict ? m.conflict : wrong instanceof Error ? wrong.message : String(wrong)}{wrong instanceof Refusal && <Problems problems={wrong.problems} />}</Notice>}
      {plan.data && <Stranded found={strandedBy(after, moves, plan.data.people)} workspace={workspace} flow={after} onFlow={onFlow} />}
      <h3 className="md">{m.means}</h3>
      <p className="t2 f12">{m.meansText}</p>
      {plan.isPending && <SkeletonRows rows={3} height={28} />}
      {plan.isError && <Notice tone="bad">{plan.error.message}</Notice>}
      {plan.data && moving.length === 0 && <p>{m.nothingMoves}</p>}
      {moving.length > 0 && (
        <table className="cards">
          <thead><tr><th>{m.now}</th><th>{m.then}</th><th className="right">{m.items}</th></tr></thead>
          <tbody>{moves.map((one, i) => <tr key={i}><td>{one.stage}, {m.states[one.state] ?? one.state}</td><td>{moving.includes(one) ? `${one.to_stage}, ${m.states[one.to_state] ?? one.to_state}` : <span className="t3">{m.stays}</span>}</td><td className="right">{format.count(one.items)}</td></tr>)}</tbody>
        </table>
      )}
      <h3 className="md">{m.textChanges}</h3>
      <Difference before={before} after={after} />
    </Dialog>
  )
}
