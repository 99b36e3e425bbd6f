// Upholding a verdict or overturning it, with the reason.
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { guidance as api, type Appeal } from '../../api'
import { AreaField, Button, Dialog } from '../../ui'
import { m } from './messages'

export function DecideDialog({ appeal, onClose }: { appeal: Appeal; onClose: () => void }) {
  const client = useQueryClient()
  const [reason, setReason] = useState('')
  const [wrong, setWrong] = useState('')
  const decide = async (outcome: 'upheld' | 'overturned') => {
    try {
      await api.decide(appeal.id, outcome, reason)
      await client.invalidateQueries({ queryKey: ['appeals'] })
      onClose()
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error))
    }
  }
  const footer = (
    <>
      <Button onClick={onClose}>{m.cancel}</Button>
      <span className="grow" />
      <Button disabled={!reason.trim()} onClick={() => decide('upheld')}>{m.uphold}</Button>
      <Button look="primary" disabled={!reason.trim()} onClick={() => decide('overturned')}>{m.overturn}</Button>
    </>
  )
  return (
    <Dialog title={m.decide} onClose={onClose} footer={footer}>
      <p dir="auto">{appeal.reason}</p>
      <p className="t2 f12" style={{ margin: '8px 0' }}>{m.decideText}</p>
      <AreaField label={m.reason} value={reason} onChange={(e) => setReason(e.target.value)} wrong={wrong} data-autofocus />
    </Dialog>
  )
}
