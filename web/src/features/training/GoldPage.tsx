// Gold items with how people do on them, how many a statement takes, and where people stand in the course.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import * as api from '../../api/gold'
import { Button, Empty, Face, Failure, format, Go, itemsPath, Menu, SkeletonRows, Tag, toastError, Whisker } from '../../ui'
import { m } from './messages'

const DECISIONS: readonly api.Decision[] = ['waive', 'train', 'test', 'pause', 'reinstate']

export function GoldPage({ project, manages }: { project: string; manages: boolean }) {
  const gold = useQuery({ queryKey: ['gold', project], queryFn: () => api.list(project) })
  return (
    <>
      <header className="top"><h1>{m.gold}</h1>{gold.data && <span className="t3 f12">{format.count(gold.data.items.length)}</span>}</header>
      <div className="page">
        {gold.isError && <Failure error={gold.error} onRetry={() => void gold.refetch()} />}
        {gold.isPending && <section className="card"><SkeletonRows rows={6} /></section>}
        {gold.data?.items.length === 0 && <Empty title={m.none} actions={<Go to={itemsPath(project, [{ state: ['done'] }])} className="btn primary">{m.item}</Go>}>{m.noneText}</Empty>}
        {gold.data && gold.data.items.length > 0 && <Rows project={project} rows={gold.data.items} manages={manages} />}
        <Needed project={project} />
        <People project={project} manages={manages} />
      </div>
    </>
  )
}

function Rows({ project, rows, manages }: { project: string; rows: readonly api.GoldRow[]; manages: boolean }) {
  const client = useQueryClient()
  const change = (row: api.GoldRow) => (row.state === 'active' ? api.retire : api.restore)(row.id).then(() => client.invalidateQueries({ queryKey: ['gold', project] }), toastError)
  return (
    <section className="card">
      <table className="cards">
        <thead><tr><th>{m.item}</th><th>{m.use}</th><th>{m.state}</th><th className="right">{m.given}</th><th colSpan={2}>{m.right}</th><td className="fit" /></tr></thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <td><Go to={itemsPath(project, [{ ids: [row.item] }])} className="link">{row.key}</Go>{row.suspicious && <> <Tag tone="warn">{m.suspicious}</Tag></>}</td>
              <td>{m.uses[row.use]}</td>
              <td>{row.state === 'active' ? <Tag tone="ok">{m.active}</Tag> : <Tag>{`${m.retired}, ${m.reasons[row.reason] ?? row.reason}`}</Tag>}</td>
              <td className="right">{format.count(row.uses)}</td>
              <td className="fit">{row.right.value !== null && <Whisker measure={row.right} from={0} />}</td>
              <td>{row.right.value === null ? <span className="t3">–</span> : <>{format.percent(row.right.value)} <span className="t3">{`n ${format.count(row.answers)}`}</span></>}</td>
              <td>{manages && <Button look="quiet" onClick={() => void change(row)}>{row.state === 'active' ? m.retire : m.restore}</Button>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Needed({ project }: { project: string }) {
  const [percent, setPercent] = useState(90)
  const [wrong, setWrong] = useState(0)
  const plan = useQuery({ queryKey: ['gold-plan', project, percent, wrong], queryFn: () => api.plan(project, percent / 100, wrong), enabled: percent >= 50 && percent <= 99 && wrong >= 0 && wrong <= 100 })
  return (
    <section className="card cb" style={{ paddingTop: 12 }}>
      <h2>{m.planTitle}</h2>
      <p className="t2">{m.planAbout(format.percent(percent / 100), wrong)}</p>
      <div className="row g2">
        <label className="row g2">{m.accuracy}<input className="input" type="number" min={50} max={99} style={{ width: 72 }} value={percent} onChange={(e) => setPercent(e.target.valueAsNumber || 0)} /></label>
        <label className="row g2">{m.wrong}<input className="input" type="number" min={0} max={100} style={{ width: 72 }} value={wrong} onChange={(e) => setWrong(e.target.valueAsNumber || 0)} /></label>
      </div>
      {plan.isError && <Failure error={plan.error} onRetry={() => void plan.refetch()} />}
      {plan.data && <p>{m.planned(format.count(plan.data.answers), format.count(plan.data.have))}</p>}
    </section>
  )
}

function People({ project, manages }: { project: string; manages: boolean }) {
  const client = useQueryClient()
  const people = useQuery({ queryKey: ['standings', project], queryFn: () => api.standings(project) })
  const decide = (person: string, decision: api.Decision) => api.decide(project, person, decision).then(() => client.invalidateQueries({ queryKey: ['standings', project] }), toastError)
  if (people.isError) return <Failure error={people.error} onRetry={() => void people.refetch()} />
  if (!people.data?.length) return null
  return (
    <section className="card">
      <table className="cards">
        <thead><tr><th>{m.person}</th><th>{m.people}</th><th>{m.reason}</th><td className="fit" /></tr></thead>
        <tbody>
          {people.data.map((one) => (
            <tr key={one.author.id}>
              <td><span className="row g2"><Face name={one.author.name} /><span className="md">{one.author.name}</span></span></td>
              <td><Tag {...(one.state === 'working' ? { tone: 'ok' as const } : one.state === 'failed' || one.state === 'paused' ? { tone: 'warn' as const } : {})}>{m.states[one.state]}</Tag></td>
              <td className="t2">{one.reason}</td>
              <td>{manages && <Menu position="bottom-end" control={<Button look="quiet">{m.more}</Button>} entries={DECISIONS.map((decision) => ({ title: m.decisions[decision], run: () => void decide(one.author.id, decision) }))} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
