// Gold items with how people do on them, how they are mixed in, and how many a statement takes.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import * as api from '../../api/gold'
import { projects, type Project } from '../../api'
import { Button, Empty, Failure, format, Go, itemsPath, LongKey, Menu, Segmented, SkeletonRows, Tag, toast, toastError, Whisker } from '../../ui'
import { AddGold } from './AddGold'
import { HintsDialog } from './HintsDialog'
import { m } from './messages'
import { MixCard } from './MixCard'
import { Needed } from './Needed'
import './training.css'

const USES = ['hidden', 'practice', 'test'] as const
const REASONS = ['manager', 'leaked', 'disputed', 'shown'] as const
type Shown = api.Use | 'all'

export function GoldPage({ project: id, manages, use: first }: { project: string; manages: boolean; use?: api.Use | undefined }) {
  const [use, setUse] = useState<Shown>(first ?? 'all')
  const [adding, setAdding] = useState(false)
  const project = useQuery({ queryKey: ['project', id], queryFn: () => projects.one(id) })
  const gold = useQuery({ queryKey: ['gold', id], queryFn: () => api.list(id) })
  const all = gold.data?.items ?? []
  const rows = use === 'all' ? all : all.filter((row) => row.use === use)
  const active = (of: Shown) => all.filter((row) => row.state === 'active' && (of === 'all' || row.use === of)).length
  const tabs = (['all', ...USES] as const).map((value) => ({ value, title: <>{value === 'all' ? m.all : m.uses[value]} <span className="t3">{format.count(active(value))}</span></> }))
  return (
    <>
      <header className="top">
        <h1>{m.gold}</h1>
        <Segmented label={m.use} value={use} options={tabs} onChange={setUse} />
        <span className="grow" />
        {manages && <Button look="primary" icon="plus" onClick={() => setAdding(true)}>{m.add}</Button>}
      </header>
      <div className="page">
        {gold.isError && <Failure error={gold.error} onRetry={() => void gold.refetch()} />}
        {gold.isPending && <section className="card"><SkeletonRows rows={6} /></section>}
        {gold.data && all.length === 0 && <Empty title={m.none} actions={manages ? <Button look="primary" onClick={() => setAdding(true)}>{m.add}</Button> : undefined}>{m.noneText}</Empty>}
        {all.length > 0 && (
          <section className="card">
            {use !== 'all' && <p className="cb t2 f12 gold-about">{m.usesText[use]}</p>}
            {rows.length === 0 ? <p className="cb t3">{m.noneHere}</p> : <Rows project={id} rows={rows} manages={manages} schema={project.data} />}
          </section>
        )}
        <div className="gold-two">
          {project.data && <MixCard project={project.data} manages={manages} />}
          <Needed project={id} />
        </div>
      </div>
      {adding && <AddGold project={id} use={use === 'all' ? 'hidden' : use} onClose={() => setAdding(false)} />}
    </>
  )
}

function Rows({ project, rows, manages, schema }: { project: string; rows: readonly api.GoldRow[]; manages: boolean; schema: Project | undefined }) {
  const client = useQueryClient()
  const [hinted, setHinted] = useState<api.GoldRow | null>(null)
  const after = (done: Promise<unknown>) => void done.then(() => { toast(m.changed); return client.invalidateQueries({ queryKey: ['gold', project] }) }, toastError)
  const entries = (row: api.GoldRow) => [
    { title: m.editHints, icon: 'pencil' as const, run: () => setHinted(row) },
    ...USES.filter((one) => one !== row.use).map((one) => ({ title: m.useAs[one], run: () => after(api.change(row.id, { use: one })) })),
    'line' as const,
    ...(row.state === 'active' ? REASONS.map((reason) => ({ title: m.retireAs[reason], run: () => after(api.retire(row.id, reason)) })) : [{ title: m.restore, run: () => after(api.restore(row.id)) }]),
  ]
  return (
    <>
      <table className="cards gold-rows">
        <thead><tr><th>{m.item}</th><th>{m.use}</th><th>{m.state}</th><th>{m.source}</th><th className="right">{m.given}</th><th colSpan={2}>{m.right}</th><td className="fit" /></tr></thead>
        <tbody>
          {rows.map((row) => {
            const hints = Object.values(row.hints).filter(Boolean).length
            return (
              <tr key={row.id} className={row.state === 'active' ? '' : 'faded'}>
                <td><Go to={itemsPath(project, [{ ids: [row.item] }])} className="link"><LongKey>{row.key}</LongKey></Go>{row.suspicious && <> <Tag tone="warn" title={m.suspiciousText}>{m.suspicious}</Tag></>}</td>
                <td>{m.uses[row.use]}{row.use === 'practice' && <span className={hints > 0 ? 't3 f12' : 'warn f12'}> {hints > 0 ? m.hints(hints) : m.noHint}</span>}</td>
                <td>{row.state === 'active' ? <Tag tone="ok">{m.active}</Tag> : <span className="t2">{m.retired}, {m.reasons[row.reason] ?? row.reason}</span>}</td>
                <td className="t2">{m.sources[row.source]}</td>
                <td className="right tn">{row.most === null ? format.count(row.uses) : m.of(format.count(row.uses), format.count(row.most))}</td>
                <td className="fit">{row.right.value !== null && <Whisker measure={{ ...row.right, enough: true }} from={0} />}</td>
                <td className="tn">{row.right.value === null ? <span className="t3">–</span> : <>{format.percent(row.right.value)} <span className="t3">n {format.count(row.answers)}</span></>}</td>
                <td className="fit">{manages && <Menu position="bottom-end" control={<Button look="quiet" size="small">{m.more}</Button>} entries={entries(row)} />}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
      {hinted && schema && <HintsDialog row={hinted} project={schema} onClose={() => setHinted(null)} />}
    </>
  )
}
