// A manager's decision of where somebody goes on, with the reason that they read.
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import * as api from '../../api/training'
import { AreaField, Button, Dialog } from '../../ui'
import { m } from './messages'

const NEED_REASON = new Set<api.Decision>(['pause', 'waive'])

export function DecisionDialog({ project, person, decision, onClose }: { project: string; person: api.Standing; decision: api.Decision; onClose: () => void }) {
  const client = useQueryClient()
  const [reason, setReason] = useState('')
  const [wrong, setWrong] = useState('')
  const needed = NEED_REASON.has(decision)
  const decide = async () => {
    try {
      await api.decide(project, person.author.id, decision, reason.trim())
      await client.invalidateQueries({ queryKey: ['standings', project] })
      onClose()
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error))
    }
  }
  const isReady = !needed || reason.trim() !== ''
  return (
    <Dialog title={`${m.decisions[decision]}: ${person.author.name}`} onClose={onClose} footer={<><Button onClick={onClose}>{m.cancel}</Button><span className="grow" /><Button look="primary" disabled={!isReady} onClick={decide}>{m.decisions[decision]}</Button></>}>
      <p className="t2" style={{ marginBottom: 12 }}>{m.decisionText[decision]}</p>
      <AreaField label={needed ? m.told : m.tellOptional} rows={3} value={reason} onChange={(e) => setReason(e.target.value)} wrong={wrong} data-autofocus />
    </Dialog>
  )
}
