// What people say against their lines, and deciding it.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import * as api from '../../api/pay'
import { AreaField, Button, Dialog, Face, format, Tag, TextField } from '../../ui'
import { m } from './messages'
import { read, shown } from './money'

export function Contests({ project, currency, digits }: { project: string; currency: string; digits: number }) {
  const contests = useQuery({ queryKey: ['pay', project, 'contests'], queryFn: () => api.contests(project) })
  const [deciding, setDeciding] = useState<api.Contest | null>(null)
  if (!contests.data?.length) return null
  return (
    <section className="card">
      <h2 className="ch">{m.contests} <span className="c">{format.count(contests.data.length)}</span></h2>
      <table className="cards pe">
        <thead><tr><th>{m.person}</th><th className="right">{m.period}</th><th className="right">{m.total}</th><th>{m.reason}</th><td className="fit" /></tr></thead>
        <tbody>
          {contests.data.map((one) => (
            <tr key={one.id}>
              <td><span className="row g2"><Face name={one.person.name} /><span className="md">{one.person.name}</span></span></td>
              <td className="right">{format.count(one.number)}</td>
              <td className="right">{shown(one.line_amount, currency, digits)}</td>
              <td className="t2" style={{ whiteSpace: 'normal' }}>{one.reason}{one.outcome && <><br /><span className="t3">{m.answered(one.outcome)}</span></>}</td>
              <td className="right">{one.state === 'open' ? <Button size="small" look="primary" onClick={() => setDeciding(one)}>{m.decide}</Button> : <Tag tone="ok">{one.amount ? shown(one.amount, currency, digits) : m.states[one.state]}</Tag>}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {deciding && <Deciding project={project} one={deciding} currency={currency} digits={digits} onClose={() => setDeciding(null)} />}
    </section>
  )
}

function Deciding({ project, one, currency, digits, onClose }: { project: string; one: api.Contest; currency: string; digits: number; onClose: () => void }) {
  const client = useQueryClient()
  const [by, setBy] = useState('')
  const [reason, setReason] = useState('')
  const [wrong, setWrong] = useState('')
  const amount = by.trim() ? read(by, digits) : 0
  const decide = async () => {
    try {
      await api.decide(one.id, { outcome: amount ? 'corrected' : 'upheld', reason: reason.trim(), amount: amount ?? 0 })
      await client.invalidateQueries({ queryKey: ['pay', project] })
      onClose()
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error))
    }
  }
  return (
    <Dialog title={m.decideTitle(one.person.name)} onClose={onClose} footer={<><span className="grow" /><Button look="primary" disabled={!reason.trim() || amount === null} onClick={decide}>{amount ? m.correct : m.uphold}</Button></>}>
      <p className="t2">{m.lineOf(one.number, shown(one.line_amount, currency, digits))}</p>
      <blockquote className="pay-said">{one.reason}</blockquote>
      <p className="t3 f12">{m.decideText(one.person.name)}</p>
      <TextField label={`${m.by}, ${currency}`} hint={m.byHint} wrong={amount === null ? m.amount : ''} value={by} onChange={(e) => setBy(e.target.value)} data-autofocus />
      <AreaField label={m.reason} wrong={wrong} value={reason} onChange={(e) => setReason(e.target.value)} />
    </Dialog>
  )
}
