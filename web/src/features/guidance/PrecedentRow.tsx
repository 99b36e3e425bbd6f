// A ruling in the list of all, and what can follow from it: guideline text, earlier items opened again.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { guidance as api, projects, type Precedent } from '../../api'
import { AreaField, Button, Check, Confirm, Dialog, format, Tag, TextField, toast, toastError } from '../../ui'
import { m } from './messages'

export function PrecedentRow({ project, precedent, manages }: { project: string; precedent: Precedent; manages: boolean }) {
  const client = useQueryClient()
  const [open, setOpen] = useState<'guideline' | 'reopen' | 'withdraw' | null>(null)
  const holds = precedent.withdrawn_at === null
  return (
    <article className="thread" aria-label={precedent.about || precedent.text.slice(0, 60)}>
      <div className="row g2">
        {precedent.label && <Tag tone="gold">{precedent.label}</Tag>}
        {!holds && <Tag>{m.withdrawn}</Tag>}
        <span className="t3 f12">{[precedent.by?.name, format.ago(precedent.at), precedent.clause && `#${precedent.clause}`].filter(Boolean).join(', ')}</span>
        <span className="grow" />
        {manages && holds && <Button look="quiet" size="small" icon="book" onClick={() => setOpen('guideline')}>{m.toGuideline}</Button>}
        {manages && holds && precedent.field && precedent.label && <Button look="quiet" size="small" icon="refresh" onClick={() => setOpen('reopen')}>{m.reopenItems}</Button>}
        {holds && <Button look="quiet" size="small" onClick={() => setOpen('withdraw')}>{m.withdraw}</Button>}
      </div>
      {precedent.about && <p className="said t2" dir="auto">{precedent.about}</p>}
      <p className="said" dir="auto">{precedent.text}</p>
      {open === 'guideline' && <ToGuideline project={project} precedent={precedent} onClose={() => setOpen(null)} />}
      {open === 'reopen' && <Reopen project={project} precedent={precedent} onClose={() => setOpen(null)} />}
      {open === 'withdraw' && (
        <Confirm title={m.withdraw} action={m.withdraw} onClose={() => setOpen(null)} onConfirm={async () => { await api.withdraw(precedent.id); await client.invalidateQueries({ queryKey: ['precedents'] }) }}>{m.withdrawText}</Confirm>
      )}
    </article>
  )
}

function ToGuideline({ project, precedent, onClose }: { project: string; precedent: Precedent; onClose: () => void }) {
  const client = useQueryClient()
  const guideline = useQuery({ queryKey: ['guideline', project], queryFn: () => api.guideline(project) })
  const [clause, setClause] = useState(precedent.clause ?? '')
  const [title, setTitle] = useState('')
  const [text, setText] = useState(precedent.text)
  const [replaces, setReplaces] = useState(false)
  const [mustRead, setMustRead] = useState(false)
  const [wrong, setWrong] = useState('')
  const write = async () => {
    try {
      const { version } = await api.toGuideline(precedent.id, { clause: clause.trim(), title, text, replaces, must_read: mustRead })
      for (const key of ['guideline', 'precedents']) await client.invalidateQueries({ queryKey: [key, project] })
      toast(m.writtenDown(version))
      onClose()
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error))
    }
  }
  const isThere = guideline.data?.clauses.some((one) => one.id === clause.trim()) === true
  return (
    <Dialog title={m.toGuideline} width={560} onClose={onClose} footer={<><span className="grow" /><Button onClick={onClose}>{m.cancel}</Button><Button look="primary" disabled={!clause.trim() || !text.trim()} onClick={write}>{m.publish}</Button></>}>
      <div className="guide-dialog">
        <TextField label={m.clauseId} list="clauses" value={clause} onChange={(e) => setClause(e.target.value)} wrong={wrong} data-autofocus />
        <datalist id="clauses">{guideline.data?.clauses.map((one) => <option key={one.id} value={one.id}>{one.title}</option>)}</datalist>
        {!isThere && <TextField label={m.clauseTitle} value={title} onChange={(e) => setTitle(e.target.value)} dir="auto" />}
        <AreaField label={m.text} value={text} onChange={(e) => setText(e.target.value)} dir="auto" />
        {isThere && <Check checked={replaces} onChange={setReplaces}>{m.replaces}</Check>}
        <Check checked={mustRead} onChange={setMustRead}>{m.mustRead}</Check>
      </div>
    </Dialog>
  )
}

function Reopen({ project, precedent, onClose }: { project: string; precedent: Precedent; onClose: () => void }) {
  const client = useQueryClient()
  // What was labeled otherwise cannot be told from here: everything that has the label in question is looked at again.
  const [label, setLabel] = useState(precedent.label ?? '')
  const filter = { all: [{ label: { field: precedent.field, label } }] }
  const preview = useQuery({ queryKey: ['precedents', 'reopening', precedent.id, label], queryFn: () => api.previewReopening(precedent.id, filter), enabled: label !== '', retry: false })
  const undo = (operation: string) => void projects.undoOperation(operation).then(() => client.invalidateQueries({ queryKey: ['items'] }), toastError)
  const reopen = async () => {
    try {
      const done = await api.reopen(precedent.id, filter)
      toast(done.job === null ? m.reopened(done.items) : m.reopening, { undo: () => undo(done.operation) })
      await client.invalidateQueries({ queryKey: ['items'] })
      onClose()
    } catch (error) {
      toastError(error)
    }
  }
  const { data } = preview
  return (
    <Dialog title={m.reopenItems} onClose={onClose} footer={<><span className="grow" /><Button onClick={onClose}>{m.cancel}</Button><Button look="primary" disabled={!data || data.items === 0} onClick={reopen}>{m.reopenItems}</Button></>}>
      <div className="guide-dialog" key={project}>
        <p className="t2">{m.reopenText}</p>
        <TextField label={m.label} value={label} onChange={(e) => setLabel(e.target.value.trim())} data-autofocus />
        {data && <p role="status">{m.wouldReopen(data.items, data.exact)}{m.stay(data.decided)}.</p>}
        {preview.isError && <p className="bad">{preview.error.message}</p>}
      </div>
    </Dialog>
  )
}
