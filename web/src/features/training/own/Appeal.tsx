// Appealing a verdict or a batch of gold scores, and what came of it.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { guidance as api } from '../../../api'
import { AreaField, Button, Dialog, Tag, toast } from '../../../ui'
import { m } from './messages'

const TONES = { open: 'warn', upheld: 'info', overturned: 'ok' } as const

export function Appeal({ project, against, thing }: { project: string; against: 'review' | 'gold'; thing: string }): ReactNode {
  const client = useQueryClient()
  const mine = useQuery({ queryKey: ['appeals', project, 'mine'], queryFn: () => api.appeals(project) })
  const [asking, setAsking] = useState(false)
  const [reason, setReason] = useState('')
  const [wrong, setWrong] = useState('')
  const found = mine.data?.items.find((one) => one.against === against && one.thing === thing)
  if (found) {
    return <span className="row g1"><Tag tone={TONES[found.state]} {...(found.outcome ? { title: found.outcome } : {})}>{m.scores.states[found.state]}</Tag></span>
  }
  const send = async () => {
    try {
      await api.appeal(project, { [against]: thing, reason: reason.trim() })
      await client.invalidateQueries({ queryKey: ['appeals', project] })
      setAsking(false)
      toast(m.scores.sent)
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error))
    }
  }
  return (
    <>
      <Button size="small" icon="scale" look="quiet" disabled={!mine.isSuccess} onClick={() => setAsking(true)}>{m.scores.appeal}</Button>
      {asking && (
        <Dialog title={against === 'gold' ? m.scores.appealTitle : m.scores.appealVerdict} onClose={() => setAsking(false)} footer={<><Button onClick={() => setAsking(false)}>{m.scores.cancel}</Button><span className="grow" /><Button look="primary" disabled={!reason.trim()} onClick={send}>{m.scores.send}</Button></>}>
          <p className="t2" style={{ marginBottom: 12 }}>{m.scores.appealText}</p>
          <AreaField label={m.scores.reason} placeholder={m.scores.reasonHint} value={reason} rows={3} onChange={(event) => setReason(event.target.value)} wrong={wrong} data-autofocus />
        </Dialog>
      )}
    </>
  )
}

/** What was decided on an appeal, with its reason, where it was. */
export function AppealOutcome({ project, thing }: { project: string; thing: string }): ReactNode {
  const mine = useQuery({ queryKey: ['appeals', project, 'mine'], queryFn: () => api.appeals(project) })
  const outcome = mine.data?.items.find((one) => one.thing === thing)?.outcome
  return outcome ? <p className="course-hint" dir="auto">{outcome}</p> : null
}
