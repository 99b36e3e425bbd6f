// Asking about the item, or what is selected on it.
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { guidance as api } from '../../api'
import { AreaField, Button, Dialog, Segmented, toast } from '../../ui'
import { m } from './messages'
import './guidance.css'

interface At {
  readonly project: string
  readonly item: string
  readonly field: string | null
  readonly label: string | null
  readonly annotation: string | null
}

export function AskDialog({ at, onClose }: { at: At; onClose: () => void }) {
  const client = useQueryClient()
  const [kind, setKind] = useState<'question' | 'comment'>('question')
  const [text, setText] = useState('')
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState('')
  const place = { field: at.field, label: at.label, annotation: at.annotation }
  const send = async () => {
    if (!text.trim()) return
    setBusy(true)
    try {
      await api.ask(at.project, { item: at.item, text, kind, place })
      await client.invalidateQueries({ queryKey: ['threads'] })
      toast(m.asked)
      onClose()
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error))
      setBusy(false)
    }
  }
  return (
    <Dialog title={m.ask} onClose={onClose} footer={<><span className="grow" /><Button onClick={onClose}>{m.cancel}</Button><Button look="primary" keys="Ctrl Enter" busy={busy} disabled={!text.trim()} onClick={send}>{m.send}</Button></>}>
      <div className="guide-edit" onKeyDown={(event) => { if (event.key === 'Enter' && event.ctrlKey) void send() }}>
        <p className="t2">{m.askText}{at.label !== null && <> {m.askOn(at.label)}.</>}</p>
        <Segmented label={m.kind} value={kind} options={[{ value: 'question', title: m.question }, { value: 'comment', title: m.comment }]} onChange={setKind} />
        <AreaField label={m.yourQuestion} value={text} onChange={(e) => setText(e.target.value)} wrong={wrong} rows={4} style={{ minHeight: 90, fontFamily: 'inherit' }} data-autofocus />
      </div>
    </Dialog>
  )
}
