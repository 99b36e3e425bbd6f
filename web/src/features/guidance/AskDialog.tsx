// Asking about the item, or what is selected on it.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { guidance as api } from '../../api'
import { Button, Dialog, Segmented, toast } from '../../ui'
import { EMPTY, MentionArea } from './MentionArea'
import { sent } from './mentions'
import { m } from './messages'
import './guidance.css'

interface At {
  readonly project: string
  readonly item: string
  readonly field: string | null
  readonly label: string | null
  readonly annotation: string | null
  readonly stream: string | null
  readonly region: [number, number, number, number] | null
  readonly span: [number, number] | null
}

export function AskDialog({ at, onClose }: { at: At; onClose: () => void }) {
  const client = useQueryClient()
  const [kind, setKind] = useState<'question' | 'comment'>('question')
  const [draft, setDraft] = useState(EMPTY)
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState('')
  const names = useQuery({ queryKey: ['thread-people', at.project, '', at.item], queryFn: () => api.peopleToName(at.project, { item: at.item }), staleTime: 60_000 }).data?.length
  const place = { field: at.field, label: at.label, annotation: at.annotation, stream: at.stream, region: at.region, span: at.span }
  const send = async () => {
    if (!draft.text.trim()) return
    setBusy(true)
    try {
      await api.ask(at.project, { item: at.item, ...sent(draft.text, draft.chosen), kind, place })
      await client.invalidateQueries({ queryKey: ['threads'] })
      toast(m.asked)
      onClose()
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error))
      setBusy(false)
    }
  }
  return (
    <Dialog title={m.ask} onClose={onClose} footer={<><span className="grow" /><Button onClick={onClose}>{m.cancel}</Button><Button look="primary" keys="Ctrl Enter" busy={busy} disabled={!draft.text.trim()} onClick={send}>{m.send}</Button></>}>
      <div className="guide-edit">
        <p className="t2">{m.askText}{at.label !== null && <> {m.askOn(at.label)}.</>}</p>
        <Segmented label={m.kind} value={kind} options={[{ value: 'question', title: m.question }, { value: 'comment', title: m.comment }]} onChange={setKind} />
        <MentionArea label={m.yourQuestion} project={at.project} on={{ item: at.item }} draft={draft} onDraft={setDraft} onSend={() => void send()} wrong={wrong} {...(names ? { hint: m.mentionHint } : {})} />
      </div>
    </Dialog>
  )
}
