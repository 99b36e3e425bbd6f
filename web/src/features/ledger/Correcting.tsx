// Giving somebody more, or less, with the running period: without a contest, with a reason that they read.
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import * as api from '../../api/pay'
import { AreaField, Button, Dialog, TextField, toast } from '../../ui'
import { m } from './messages'
import { read } from './money'

export function Correcting({ project, line, onClose }: { project: string; line: api.PayLine; onClose: () => void }) {
  const client = useQueryClient()
  const [by, setBy] = useState('')
  const [reason, setReason] = useState('')
  const [wrong, setWrong] = useState('')
  const amount = by.trim() ? read(by, line.digits) : 0
  const correct = async () => {
    try {
      await api.correct(project, { person: line.person.id, amount: amount ?? 0, reason: reason.trim() })
      await client.invalidateQueries({ queryKey: ['pay', project] })
      toast(m.corrected(line.person.name))
      onClose()
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error))
    }
  }
  return (
    <Dialog title={m.correctTitle(line.person.name)} onClose={onClose} footer={<><span className="grow" /><Button look="primary" disabled={!reason.trim() || !amount} onClick={correct}>{m.correct}</Button></>}>
      <p className="t2">{m.correctText}</p>
      <TextField label={`${m.by}, ${line.currency}`} wrong={amount === null ? m.amount : ''} value={by} onChange={(e) => setBy(e.target.value)} data-autofocus />
      <AreaField label={m.reason} wrong={wrong} value={reason} onChange={(e) => setReason(e.target.value)} />
    </Dialog>
  )
}
