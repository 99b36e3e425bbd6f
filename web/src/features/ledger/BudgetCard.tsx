// How far the money goes: paid, running, what a label costs, what it all comes to.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import * as api from '../../api/pay'
import { Button, Check, Dialog, format, Notice, PartFailure, SkeletonCard, TextField } from '../../ui'
import { m } from './messages'
import { read, shown, written } from './money'

export function BudgetCard({ project }: { project: string }) {
  const budget = useQuery({ queryKey: ['pay', project, 'budget'], queryFn: () => api.budget(project) })
  const [setting, setSetting] = useState(false)
  if (budget.isPending) return <SkeletonCard height={120} />
  if (budget.isError) return <PartFailure error={budget.error} onRetry={() => void budget.refetch()} />
  const { data } = budget
  const money = (amount: number) => shown(Math.round(amount), data.currency, data.digits)
  const between = (one: api.Budget['forecast']) => (one.low === null || one.high === null ? '' : `${money(one.low)} – ${money(one.high)}`)
  const cells = [
    [m.budget, data.amount === null ? m.budgetNone : money(data.amount), data.stops ? m.stopsOn : ''],
    [m.spent, money(data.spent), ''],
    [m.running, money(data.running), m.runningText],
    [m.perLabel, data.per_label.value === null ? '–' : money(data.per_label.value), data.per_label.value === null ? m.failed : between(data.per_label)],
    [m.forecast, data.forecast.value === null ? '–' : money(data.forecast.value), data.forecast.value === null ? m.failed : `${between(data.forecast)}, ${m.left(format.count(data.answers_left), data.is_least)}`],
  ] as const
  return (
    <section className="card">
      <h2 className="ch">{m.budget}<span className="grow" /><Button size="small" onClick={() => setSetting(true)}>{m.setBudget}</Button></h2>
      {(data.is_out || data.is_over) && <div className="pay-warn"><Notice tone="warn">{data.is_out ? m.out : m.over(money(data.forecast.value ?? 0), money(data.amount ?? 0))}</Notice></div>}
      <div className="pay-cells">
        {cells.map(([title, value, note]) => <div key={title}><p className="t2 f12">{title}</p><p className="b">{value}</p><p className="t3 f12">{note}</p></div>)}
      </div>
      {setting && <Setting project={project} budget={data} onClose={() => setSetting(false)} />}
    </section>
  )
}

function Setting({ project, budget, onClose }: { project: string; budget: api.Budget; onClose: () => void }) {
  const client = useQueryClient()
  const [text, setText] = useState(budget.amount === null ? '' : written(budget.amount, budget.digits))
  const [stops, setStops] = useState(budget.stops)
  const [wrong, setWrong] = useState('')
  const amount = text.trim() ? read(text, budget.digits) : null
  const isWrong = text.trim() !== '' && amount === null
  const save = async () => {
    try {
      client.setQueryData(['pay', project, 'budget'], await api.putBudget(project, { amount, stops }))
      onClose()
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error))
    }
  }
  return (
    <Dialog title={m.setBudget} onClose={onClose} footer={<><span className="grow" /><Button look="primary" disabled={isWrong} onClick={save}>{m.save}</Button></>}>
      <TextField label={`${m.budgetAmount}, ${budget.currency}`} hint={m.budgetHint} wrong={isWrong ? m.amount : wrong} value={text} onChange={(e) => setText(e.target.value)} data-autofocus />
      <Check checked={stops} onChange={setStops}>{m.stops}</Check>
    </Dialog>
  )
}
