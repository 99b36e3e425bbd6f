// What people ask, what was ruled, and what they appeal: the expert's queue.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { guidance as api, projects, type Appeal, type Precedent, type Thread } from '../../api'
import { Button, Empty, Failure, format, Go, Segmented, SkeletonRows, Tag } from '../../ui'
import { DecideDialog } from './DecideDialog'
import { m } from './messages'
import { PrecedentRow } from './PrecedentRow'
import { RuleDialog } from './RuleDialog'
import { ThreadView } from './ThreadView'
import { named } from './words'
import './guidance.css'

type Tab = 'open' | 'answered' | 'ruled' | 'closed' | 'rulings' | 'appeals'

export function QuestionsPage({ project, manages }: { project: string; manages: boolean }) {
  const [tab, setTab] = useState<Tab>('open')
  const tabs = [
    { value: 'open' as const, title: m.tabs['open'] },
    { value: 'answered' as const, title: m.tabs['answered'] },
    { value: 'ruled' as const, title: m.tabs['ruled'] },
    { value: 'closed' as const, title: m.tabs['closed'] },
    { value: 'rulings' as const, title: m.rulings },
    { value: 'appeals' as const, title: m.appeals },
  ]
  return (
    <>
      <header className="top"><h1>{m.questions}</h1><Segmented label={m.questions} value={tab} options={tabs} onChange={setTab} /></header>
      <div className="page guide-cards">
        {tab === 'rulings' ? <Rulings project={project} manages={manages} /> : tab === 'appeals' ? <Appeals project={project} /> : <Threads key={tab} project={project} state={tab} />}
      </div>
    </>
  )
}

function Threads({ project, state }: { project: string; state: 'open' | 'answered' | 'ruled' | 'closed' }) {
  const list = useQuery({ queryKey: ['threads', project, state], queryFn: () => api.threads(project, state) })
  const about = useQuery({ queryKey: ['project', project], queryFn: () => projects.one(project) })
  const [ruled, setRuled] = useState<Thread | null>(null)
  if (list.isPending) return <section className="card"><SkeletonRows rows={6} /></section>
  if (list.isError) return <Failure error={list.error} onRetry={() => void list.refetch()} />
  if (list.data.items.length === 0) return <Empty title={m.noQuestions}>{m.noQuestionsText}</Empty>
  return (
    <>
      <section className="card">
        <div className="cb" style={{ maxWidth: 'none' }}>
          {list.data.items.map((one) => (
            <ThreadView
              key={one.id}
              project={project}
              thread={one}
              actions={
                <>
                  <Go to={`/p/${project}/items?item=${one.item}`} className="btn quiet small">{m.showItem}</Go>
                  {one.kind === 'question' && <Button look="plain" size="small" icon="scale" onClick={() => setRuled(one)}>{m.rule}</Button>}
                </>
              }
            />
          ))}
        </div>
      </section>
      {ruled && <RuleDialog project={project} thread={ruled} fields={named(about.data?.schema ?? {})} onClose={() => setRuled(null)} />}
    </>
  )
}

function Rulings({ project, manages }: { project: string; manages: boolean }) {
  const [typed, setTyped] = useState('')
  const list = useQuery({ queryKey: ['precedents', project, typed], queryFn: () => api.precedents(project, typed) })
  if (list.isError) return <Failure error={list.error} onRetry={() => void list.refetch()} />
  const rows: readonly Precedent[] = list.data?.items ?? []
  return (
    <>
      <input className="input" style={{ maxWidth: 360 }} type="search" value={typed} onChange={(e) => setTyped(e.target.value)} placeholder={m.rulings} aria-label={m.rulings} />
      {list.isPending && <section className="card"><SkeletonRows rows={6} /></section>}
      {list.isSuccess && rows.length === 0 && <Empty title={m.noRulings}>{m.noRulingsText}</Empty>}
      {rows.length > 0 && (
        <section className="card"><div className="cb" style={{ maxWidth: 'none' }}>{rows.map((one) => <PrecedentRow key={one.id} project={project} precedent={one} manages={manages} />)}</div></section>
      )}
    </>
  )
}

function Appeals({ project }: { project: string }) {
  const list = useQuery({ queryKey: ['appeals', project], queryFn: () => api.appeals(project) })
  const [decided, setDecided] = useState<Appeal | null>(null)
  if (list.isPending) return <section className="card"><SkeletonRows rows={6} /></section>
  if (list.isError) return <Failure error={list.error} onRetry={() => void list.refetch()} />
  if (list.data.items.length === 0) return <Empty title={m.noAppeals}>{m.noAppealsText}</Empty>
  return (
    <>
      <section className="card">
        <div className="cb" style={{ maxWidth: 'none' }}>
          {list.data.items.map((one) => (
            <article key={one.id} className="thread">
              <div className="row g2">
                <Tag tone={one.state === 'open' ? 'warn' : one.state === 'overturned' ? 'ok' : 'info'}>{m.appealStates[one.state]}</Tag>
                <span className="t3 f12">{[one.author?.name, one.against === 'gold' ? m.gold : m.rejection, format.ago(one.at)].filter(Boolean).join(', ')}</span>
                <span className="grow" />
                {one.item && <Go to={`/p/${project}/items?item=${one.item}`} className="btn quiet small">{m.showItem}</Go>}
                {one.state === 'open' && <Button size="small" onClick={() => setDecided(one)}>{m.decide}</Button>}
              </div>
              <p className="said" dir="auto">{one.reason}</p>
              {one.outcome && <p className="said" dir="auto"><span className="who">{one.by?.name ?? m.expert}</span>{one.outcome}</p>}
            </article>
          ))}
        </div>
      </section>
      {decided && <DecideDialog appeal={decided} project={project} onClose={() => setDecided(null)} />}
    </>
  )
}
