// One's own pay: the rule in words, and every closed line with what it was made from. Nothing of anyone else.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { projects } from '../../api'
import * as api from '../../api/pay'
import { AreaField, Button, Dialog, Failure, format, SkeletonCard, Tag } from '../../ui'
import { Words } from './FormulaDialog'
import { Made } from './Made'
import { m } from './messages'
import { shown } from './money'
import { toldOwn } from './told'
import './ledger.css'

export function MyPayPage({ project }: { project: string }) {
  const rule = useQuery({ queryKey: ['pay', project, 'rule'], queryFn: () => api.rule(project) })
  const mine = useQuery({ queryKey: ['pay', project, 'mine'], queryFn: () => api.mine(project) })
  const of = useQuery({ queryKey: ['project', project], queryFn: () => projects.one(project) })
  const [contesting, setContesting] = useState<api.OwnLine | null>(null)
  return (
    <>
      <header className="top"><h1>{m.myPay}</h1>{of.data && <span className="t2">{of.data.title}</span>}</header>
      <div className="page">
        {rule.isPending && <SkeletonCard height={160} />}
        {rule.isError && <Failure error={rule.error} onRetry={() => void rule.refetch()} />}
        {mine.isError && <Failure error={mine.error} onRetry={() => void mine.refetch()} />}
        {mine.data && mine.data.lines.length > 0 && (
          <section className="card">
            <h2 className="ch">{m.periods}</h2>
            {mine.data.lines.map((line) => (
              <div key={line.id} className="pay-period">
                <div className="row g2">
                  <h3 className="md">{m.period} {format.count(line.number)}</h3>
                  <span className="t2 f12">{format.moment(line.begin_at)} – {format.moment(line.end_at)}</span>
                  <span className="grow" />
                  <span className="b">{shown(line.amount, line.currency, line.digits)}</span>
                  {line.contest ? <Tag tone={line.contest.state === 'open' ? 'warn' : 'ok'}>{m.states[line.contest.state]}</Tag> : <Button size="small" onClick={() => setContesting(line)}>{m.contest}</Button>}
                </div>
                <p className="t3 f12">{m.active(format.duration(toldOwn(line).activeMs), format.duration(toldOwn(line).paidMs))}</p>
                <Made project={project} line={toldOwn(line)} contest={line.contest} manages={false} />
              </div>
            ))}
          </section>
        )}
        {rule.data && !rule.data.now && <p className="t2">{m.ruleNoneOwn}</p>}
        {[rule.data?.now, rule.data?.next].map((one) => one && (
          <section key={one.version} className="card">
            <h2 className="ch">{m.rule} <span className="c">{one === rule.data?.next ? m.next(one.version) : m.version(one.version)}</span></h2>
            <Words words={one.words} />
          </section>
        ))}
        {mine.data?.lines.length === 0 && rule.data?.now && <p className="t3">{m.ownNone}</p>}
        {contesting && <Contesting project={project} line={contesting} onClose={() => setContesting(null)} />}
      </div>
    </>
  )
}

function Contesting({ project, line, onClose }: { project: string; line: api.OwnLine; onClose: () => void }) {
  const client = useQueryClient()
  const [reason, setReason] = useState('')
  const [wrong, setWrong] = useState('')
  const send = async () => {
    try {
      await api.contest(line.id, reason.trim())
      await client.invalidateQueries({ queryKey: ['pay', project] })
      onClose()
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error))
    }
  }
  return (
    <Dialog title={m.contestTitle(line.number)} onClose={onClose} footer={<><span className="grow" /><Button look="primary" disabled={!reason.trim()} onClick={send}>{m.send}</Button></>}>
      <p className="t2">{m.contestText}</p>
      <AreaField label={m.reason} wrong={wrong} value={reason} onChange={(e) => setReason(e.target.value)} data-autofocus />
    </Dialog>
  )
}
