// Ruling a question: the words that everybody reads, the label that it settles.
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { guidance as api, type Thread } from '../../api'
import { AreaField, Button, Check, Dialog, SelectField, toast } from '../../ui'
import { withoutTokens } from './mentions'
import { m } from './messages'

export function RuleDialog({ project, thread, fields, onClose }: { project: string; thread: Thread; fields: { field: string; labels: string[] }[]; onClose: () => void }) {
  const client = useQueryClient()
  const [about, setAbout] = useState(() => withoutTokens(thread.messages[0]?.text ?? ''))
  const [text, setText] = useState('')
  const [field, setField] = useState(thread.place.field ?? '')
  const [label, setLabel] = useState(thread.place.label ?? '')
  const [shown, setShown] = useState(false)
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState('')
  const rule = async () => {
    setBusy(true)
    try {
      await api.rule(thread.id, { text, about, field: field || null, label: (field && label) || null, clause: null, applies: {}, shown })
      for (const key of ['threads', 'precedents']) await client.invalidateQueries({ queryKey: [key, project] })
      toast(m.ruled)
      onClose()
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error))
      setBusy(false)
    }
  }
  return (
    <Dialog title={m.ruleTitle} width={560} onClose={onClose} footer={<><span className="grow" /><Button onClick={onClose}>{m.cancel}</Button><Button look="primary" busy={busy} disabled={!text.trim()} onClick={rule}>{m.rule}</Button></>}>
      <div className="guide-dialog">
        <p className="t2">{m.ruleText}</p>
        <AreaField label={m.about} value={about} onChange={(e) => setAbout(e.target.value)} dir="auto" />
        <AreaField label={m.ruling} value={text} onChange={(e) => setText(e.target.value)} wrong={wrong} dir="auto" data-autofocus />
        <div className="row g2">
          <SelectField label={m.field} value={field} onChange={(e) => { setField(e.target.value); setLabel('') }}>
            <option value="">–</option>
            {fields.map((one) => <option key={one.field}>{one.field}</option>)}
          </SelectField>
          <SelectField label={m.label} value={label} onChange={(e) => setLabel(e.target.value)} disabled={!field}>
            <option value="">–</option>
            {fields.find((one) => one.field === field)?.labels.map((one) => <option key={one}>{one}</option>)}
          </SelectField>
        </div>
        <Check checked={shown} onChange={setShown}>{m.shown}</Check>
      </div>
    </Dialog>
  )
}
