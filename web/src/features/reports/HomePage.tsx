// A project at a glance. Every number opens the items behind it.
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { conditionsOf, projects as api, type Counts, type Project } from '../../api'
import * as boards from '../../api/boards'
import { Door, Empty, Failure, format, Go, Icon, itemsPath, Key, Notice, PartFailure, Progress, SkeletonCard, SkeletonRows, TablesMenu, Tag, useCommands, useGo } from '../../ui'
import { AgreementTable } from './Agreement'
import { DayChart, type Range } from './DayChart'
import { LabelMix } from './LabelMix'
import { Matrix } from './Matrix'
import { m } from './messages'
import { Most } from './Most'
import { PeopleTable } from './People'
import { Ahead, endSaid, lastOf } from './board/Ahead'
import { m as b } from './board/messages'
import { Slices } from './board/Slices'
import { Stages } from './board/Stages'
import { Trend } from './board/Trend'
import { useFlow } from './board/useFlow'
import './reports.css'

export function HomePage({ id, manages }: { id: string; manages: boolean }) {
  const go = useGo()
  const project = useQuery({ queryKey: ['project', id], queryFn: () => api.one(id) })
  const { data } = project
  const open = data?.state === 'active'
  const hasWork = open && (data?.counts?.items ?? 0) > 0
  useCommands(useMemo(() => (hasWork ? [{ id: 'home.start', title: m.start, group: m.thisProject, icon: 'play', keys: 'L', run: () => go(`/p/${id}/label`) }] : []), [go, hasWork, id]))
  if (project.isError) return <Failure error={project.error} onRetry={() => void project.refetch()} />
  return (
    <>
      <header className="top">
        <h1>{data?.title ?? ' '}</h1>
        {data && Object.values(data.schema.streams).map((s, i) => <Tag key={i}><Icon name={s.kind === 'text' ? 'text' : 'image'} small />{s.kind}</Tag>)}
        {data && <span className="t3 f12">{m.schema(data.schema_version)}</span>}
        <span className="grow" />
        {(data?.counts?.items ?? 0) > 0 && <TablesMenu title={b.tables} text={b.tablesText} tables={boards.tables.map((table) => ({ key: table, name: b.table[table], path: (format) => boards.tablePath(id, table, format) }))} />}
        {manages && open && <Go to={`/p/${id}/import`} className="btn"><Icon name="imp" />{m.import}</Go>}
        {hasWork && <Go to={`/p/${id}/label`} className="btn primary"><Icon name="play" />{m.start} <Key>L</Key></Go>}
      </header>
      <div className="page">
        {!data && <><SkeletonCard height={88} /><SkeletonCard height={216} /><SkeletonCard height={260} /></>}
        {data && !open && <Notice tone="warn" icon="archive" actions={manages && <Go to={`/p/${id}/setup`} className="btn small">{m.setup}</Go>}>{data.state === 'archived' ? m.archivedNote : m.binNote}</Notice>}
        {data && (!data.counts?.items ? <NoItems project={data} manages={manages && open} /> : <Board project={data} counts={data.counts} manages={manages} />)}
      </div>
    </>
  )
}

function NoItems({ project, manages }: { project: Project; manages: boolean }) {
  return (
    <Empty title={m.emptyTitle} actions={manages && <Go to={`/p/${project.id}/import`} className="btn primary big"><Icon name="imp" />{m.import}</Go>}>
      {m.emptyText}
    </Empty>
  )
}

function Board({ project, counts, manages }: { project: Project; counts: Counts; manages: boolean }) {
  const { id } = project
  const [range, setRange] = useState<Range>('quarter')
  const progress = useQuery({ queryKey: ['reports', id, 'progress'], queryFn: () => api.progress(id) })
  const agreement = useQuery({ queryKey: ['reports', id, 'agreement'], queryFn: () => api.agreement(id) })
  const mix = useQuery({ queryKey: ['reports', id, 'labels'], queryFn: () => boards.labels(id) })
  const flow = useFlow(id)
  const report = agreement.data
  return (
    <div className="home">
      <Strip project={project} counts={counts} flow={flow.data} />
      {flow.isError && <section className="card span12"><PartFailure error={flow.error} onRetry={() => void flow.refetch()} /></section>}
      {flow.isPending && <><section className="card span7"><SkeletonRows rows={5} height={32} /></section><section className="card span5"><SkeletonRows rows={5} height={32} /></section></>}
      {flow.data && <section className="card span7"><Trend project={id} weeks={flow.data.weeks} /></section>}
      {flow.data && <section className="card span5"><Ahead project={id} flow={flow.data} manages={manages} /></section>}
      {flow.data && <section className="card span12 wide" style={{ overflowX: 'auto' }}><Stages project={id} flow={flow.data} /></section>}
      <section className="card span7">
        {progress.isError ? <PartFailure error={progress.error} onRetry={() => void progress.refetch()} /> : progress.data ? <DayChart project={id} days={progress.data.by_day} range={range} onRange={setRange} /> : <SkeletonRows rows={4} />}
      </section>
      <section className="card span5">
        <h2 className="ch">{m.agreement} <span className="c">{m.agreementText}</span><span className="grow" /><span className="c">{report?.computed_at ? m.computed(format.ago(report.computed_at)) : ''}</span></h2>
        {agreement.isPending && <SkeletonRows rows={3} height={32} />}
        {agreement.isError && <PartFailure error={agreement.error} onRetry={() => void agreement.refetch()} />}
        {report && (report.fields.length === 0 ? <p className="t3 cb">{m.noAgreement}</p> : <AgreementTable project={id} fields={report.fields} />)}
      </section>
      <section className="card span4 wide"><Matrix project={id} schema={project.schema} /></section>
      <section className="card span8 wide" style={{ overflowX: 'auto' }}>
        <h2 className="ch">{m.people} {progress.data && <span className="c">{m.peopleText(progress.data.people.length)}</span>}<span className="grow" /><Go to={`/p/${id}/people`} className="c link">{m.allOfThem}</Go></h2>
        {progress.isPending && <SkeletonRows rows={5} height={32} />}
        {progress.isError && <PartFailure error={progress.error} onRetry={() => void progress.refetch()} />}
        {progress.data && (progress.data.people.length === 0 ? <p className="t3 cb">{m.noPeople}</p> : <PeopleTable project={id} rows={progress.data.people.slice(0, 8)} />)}
      </section>
      <section className="card span7">{mix.data ? <LabelMix project={id} schema={project.schema} labels={mix.data} /> : mix.isError ? <PartFailure error={mix.error} onRetry={() => void mix.refetch()} /> : <SkeletonRows rows={4} height={32} />}</section>
      <section className="card span5"><Slices project={id} /></section>
      <section className="card span12"><Most project={id} limit={6} /></section>
    </div>
  )
}

function Strip({ project, counts, flow }: { project: Project; counts: Counts; flow: boards.Flow | undefined }) {
  const { id } = project
  const overlap = project.overlap ?? project.policy?.stages['label']?.overlap ?? 1
  const share = (n: number) => (counts.items > 0 ? n / counts.items : 0)
  const cells = [
    { key: 'items', n: counts.items, to: itemsPath(id), note: '', share: 1 },
    { key: 'open', n: counts.open, to: itemsPath(id, [{ state: ['open'] }]), note: format.percent(share(counts.open)), share: share(counts.open) },
    { key: 'labeled', n: counts.labeled, to: itemsPath(id, [{ state: ['labeled'] }]), note: m.overlap(overlap), share: share(counts.labeled) },
    { key: 'done', n: counts.done, to: itemsPath(id, [{ state: ['done'] }]), note: format.percent(share(counts.done)), share: share(counts.done) },
  ] as const
  const last = flow && lastOf(flow.forecast)
  const end = last && endSaid(last.days, last.left)
  return (
    <section className="card stg">
      {cells.map((cell) => (
        <div key={cell.key}>
          <span className="t2 f12">{m.strip[cell.key]}</span>
          <span className="row g2" style={{ alignItems: 'baseline' }}><Door to={cell.to} className="f20 b">{format.count(cell.n)}</Door><span className="t3 f12 tr">{cell.note}</span></span>
          <Progress value={cell.share} look={cell.key === 'done' ? 'gold' : undefined} label={m.strip[cell.key]} />
        </div>
      ))}
      <div>
        <span className="t2 f12">{m.strip.responses}</span>
        <span className="row g2" style={{ alignItems: 'baseline' }}><span className="f20 b">{format.count(counts.responses)}</span><span className="t3 f12 tr">{m.perItem((counts.responses / counts.items).toFixed(1))}</span></span>
        <Progress value={Math.min(1, counts.responses / (counts.items * overlap))} label={m.strip.responses} />
      </div>
      <div className="end">
        <span className="t2 f12">{b.done}</span>
        {!flow ? <SkeletonRows rows={1} height={24} /> : last && end ? <><span className="row g2" style={{ alignItems: 'baseline' }}>{last.days.value === null ? <span className="f20 b t3">{end.day}</span> : <Door to={itemsPath(id, conditionsOf(last.items.filter))} className="f20 b" title={m.left(format.count(last.items.n))}>{end.day}</Door>}<span className="t3 f12">{end.interval}</span></span><span className="t3 f12">{last.per_day > 0 && b.perDay(format.count(Math.round(last.per_day)))}</span></> : <span className="f20 b">{counts.open === 0 && counts.labeled === 0 ? b.doneAll : '–'}</span>}
      </div>
    </section>
  )
}
