// Pay for whoever manages a project: the formula, periods with their lines, what is said against them, the budget.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import * as api from '../../api/pay'
import { addressOf, Button, Dialog, Empty, Failure, format, Go, SkeletonCard, Tag, toastError } from '../../ui'
import { BudgetCard } from './BudgetCard'
import { Contests } from './Contests'
import { FormulaDialog, Words } from './FormulaDialog'
import { Lines } from './Lines'
import { m } from './messages'
import { shown } from './money'
import './ledger.css'

export function PayPage({ project }: { project: string }) {
  const rule = useQuery({ queryKey: ['pay', project, 'rule'], queryFn: () => api.rule(project) })
  const [editing, setEditing] = useState(false)
  const now = rule.data?.now ?? null
  return (
    <>
      <header className="top"><h1>{m.pay}</h1><span className="grow" /><Go to={`/p/${project}/pay/mine`} className="link">{m.myPay}</Go></header>
      <div className="page">
        {rule.isPending && <SkeletonCard height={160} />}
        {rule.isError && <Failure error={rule.error} onRetry={() => void rule.refetch()} />}
        {rule.data && !now && <Empty title={m.ruleNone} actions={<Button look="primary" onClick={() => setEditing(true)}>{m.write}</Button>}>{m.ruleNoneText}</Empty>}
        {rule.data && now && (
          <>
            <section className="card">
              <h2 className="ch">{m.rule} <span className="c">{m.version(now.version)}{rule.data.begin_at && `, ${m.since(format.day(rule.data.begin_at))}`}</span><span className="grow" />{rule.data.next && <Tag tone="info">{m.next(rule.data.next.version)}</Tag>}<Button size="small" onClick={() => setEditing(true)}>{m.edit}</Button></h2>
              <Words words={now.words} />
            </section>
            <BudgetCard project={project} />
            <Periods project={project} />
            <Contests project={project} currency={now.formula.currency ?? 'EUR'} digits={now.digits} />
          </>
        )}
        {editing && <FormulaDialog project={project} last={rule.data?.next ?? now} onClose={() => setEditing(false)} />}
      </div>
    </>
  )
}

function Periods({ project }: { project: string }) {
  const client = useQueryClient()
  const periods = useQuery({ queryKey: ['pay', project, 'periods'], queryFn: () => api.periods(project), refetchInterval: ({ state }) => (state.data?.some((one) => one.state === 'computing') ? 700 : false) })
  const [open, setOpen] = useState<string | null>(null)
  const [closing, setClosing] = useState<api.Period | null>(null)
  const again = () => client.invalidateQueries({ queryKey: ['pay', project] })
  const shownPeriod = open ?? periods.data?.[0]?.id
  return (
    <section className="card">
      <h2 className="ch">{m.periods}<span className="grow" /><Button size="small" onClick={() => api.compute(project).then(again, toastError)}>{m.compute}</Button></h2>
      {periods.data?.length === 0 && <p className="t3 cb">{m.none}</p>}
      {periods.data?.map((one) => (
        <div key={one.id} className="pay-period">
          <div className="row g2">
            <button type="button" className="link md" aria-expanded={shownPeriod === one.id} onClick={() => setOpen(one.id)}>{m.period} {format.count(one.number)}</button>
            <span className="t2 f12">{format.moment(one.begin_at)} – {format.moment(one.end_at)}</span>
            <Tag {...(one.state === 'closed' ? { tone: 'ok' as const } : {})}>{one.state === 'closed' ? m.closed : one.state === 'draft' ? m.draft : m.computing}</Tag>
            <span className="grow" />
            {one.state !== 'computing' && <span className="md">{shown(one.total, one.currency, one.digits)}</span>}
            {one.state !== 'computing' && <a className="link" href={addressOf(api.tablePath(one.id))} download>{m.csv}</a>}
            {one.state === 'draft' && <Button size="small" look="primary" onClick={() => setClosing(one)}>{m.close}</Button>}
          </div>
          {shownPeriod === one.id && one.state !== 'computing' && <Lines period={one} />}
        </div>
      ))}
      {closing && (
        <Dialog title={m.closeTitle(closing.number)} onClose={() => setClosing(null)} footer={<><span className="grow" /><Button look="primary" onClick={() => api.close(closing.id).then(again, toastError).then(() => setClosing(null))}>{m.close}</Button></>}>
          <p>{m.closeText}</p>
        </Dialog>
      )}
    </section>
  )
}
