// Pay for whoever manages a project: the formula, periods with their lines, what is said against them, the budget.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import * as api from '../../api/pay'
import { Button, Empty, Failure, format, Go, SkeletonCard, Tag } from '../../ui'
import { BudgetCard } from './BudgetCard'
import { Contests } from './Contests'
import { FormulaDialog, Words } from './FormulaDialog'
import { m } from './messages'
import { Periods } from './Periods'
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
            <Contests project={project} currency={now.formula.currency ?? 'EUR'} digits={now.digits} />
            <BudgetCard project={project} />
            <Periods project={project} />
          </>
        )}
        {editing && <FormulaDialog project={project} last={rule.data?.next ?? now} decimals={rule.data?.decimals ?? {}} onClose={() => setEditing(false)} />}
      </div>
    </>
  )
}
