// How hidden gold is mixed into the work: the share, and to how many people each item is given.
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { projects, type Project } from '../../api'
import { Button, Dialog, format, TextField, toast } from '../../ui'
import { m } from './messages'
import { policyWith, type GoldRule } from './policy'

export function MixCard({ project, manages }: { project: Project; manages: boolean }) {
  const [editing, setEditing] = useState(false)
  const rule = (project.policy as { gold?: GoldRule | null } | null)?.gold ?? null
  const share = rule ? (rule.rate ?? 0.05) : 0
  return (
    <section className="card">
      <h2 className="ch">{m.mix}<span className="grow" />{manages && <Button size="small" onClick={() => setEditing(true)}>{m.mixEdit}</Button>}</h2>
      <div className="cb">
        <p className="f28 b">{format.percent(share)}</p>
        <p className="t2">{share === 0 ? m.mixOff : `${m.mixOn(format.percent(share))}, ${rule?.uses ? m.mixUses(format.count(rule.uses)) : m.mixAll}.`}</p>
      </div>
      {editing && <Edit project={project} rule={rule} onClose={() => setEditing(false)} />}
    </section>
  )
}

function Edit({ project, rule, onClose }: { project: Project; rule: GoldRule | null; onClose: () => void }) {
  const client = useQueryClient()
  const [rate, setRate] = useState(String(Math.round((rule?.rate ?? 0.05) * 1000) / 10))
  const [uses, setUses] = useState(rule?.uses ? String(rule.uses) : '')
  const [wrong, setWrong] = useState('')
  const save = async () => {
    try {
      await projects.change(project.id, project.etag, { policy: policyWith(project, { gold: { rate: Number(rate.replace(',', '.')) / 100, ...(uses.trim() ? { uses: Number(uses) } : {}) } }) })
      await client.invalidateQueries({ queryKey: ['project', project.id] })
      toast(m.changed)
      onClose()
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error))
    }
  }
  return (
    <Dialog title={m.mix} width={420} onClose={onClose} onEnter={save} footer={<><Button onClick={onClose}>{m.cancel}</Button><span className="grow" /><Button look="primary" onClick={save}>{m.save}</Button></>}>
      <div className="col g2">
        <TextField label={m.rate} hint={m.rateHint} inputMode="decimal" value={rate} onChange={(e) => setRate(e.target.value)} wrong={wrong} data-autofocus />
        <TextField label={m.perItem} hint={m.perItemHint} inputMode="numeric" value={uses} onChange={(e) => setUses(e.target.value)} />
      </div>
    </Dialog>
  )
}
