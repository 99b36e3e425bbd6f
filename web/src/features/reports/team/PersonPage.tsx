// One person of a project: by field, by day, by defect, and the control chart with its false alarms stated.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import * as team from '../../../api/team'
import { Door, Face, Failure, format, Go, itemsPath, Notice, SkeletonCard, Tag } from '../../../ui'
import { DayChart, type Range } from '../DayChart'
import { ActionsCard } from './ActionsCard'
import { ControlChart } from './ControlChart'
import { m } from './messages'
import { ShareCells } from './Shares'
import { Signals } from './Signals'
import { Alarms, ReviewerRows } from './TeamTables'
import '../reports.css'

export function PersonPage({ project, person, manages }: { project: string; person: string; manages: boolean }) {
  const page = useQuery({ queryKey: ['team', project, person], queryFn: () => team.one(project, person) })
  const name = page.data?.row.author.name
  return (
    <>
      <header className="top">
        <Go to={`/p/${project}/people`} className="link t2">{m.people}</Go><span className="t3" aria-hidden="true">/</span>
        <h1>{name ?? ' '}</h1>
        {page.data && page.data.row.alarms.length > 0 && <Alarms alarms={page.data.row.alarms} />}
        {page.data?.row.is_fast && <Tag tone="warn">{m.fastTag}</Tag>}
      </header>
      <div className="page">
        {page.isPending && <><SkeletonCard height={88} /><SkeletonCard height={216} /></>}
        {page.isError && <Failure error={page.error} onRetry={() => void page.refetch()} />}
        {page.data && <Board project={project} page={page.data} manages={manages} />}
      </div>
    </>
  )
}

function Board({ project, page, manages }: { project: string; page: team.PersonPage; manages: boolean }) {
  const { row } = page
  const [range, setRange] = useState<Range>('quarter')
  const of = [{ author: row.author.id }]
  const apart = itemsPath(project, of, { sort: 'disagreement', descending: true })
  return (
    <div className="home">
      <section className="card stg">
        <div><span className="t2 f12">{m.responses}</span><span><Door to={itemsPath(project, [{ answered: { author: row.author.id } }])} className="f20 b">{format.count(row.answers)}</Door></span></div>
        <div><span className="t2 f12">{m.skipped}</span><span>{row.skipped > 0 ? <Door to={itemsPath(project, [{ answered: { author: row.author.id, state: 'skipped' } }])} className="f20 b">{format.count(row.skipped)}</Door> : <span className="f20 b">0</span>}</span></div>
        <div><span className="t2 f12">{m.active}</span><span className="f20 b">{row.active_ms > 0 ? format.duration(row.active_ms) : '–'}</span></div>
        <div><span className="t2 f12">{m.median}</span><span className="f20 b">{row.median_ms === null ? '–' : format.duration(row.median_ms)}</span></div>
        <div><span className="t2 f12">{m.last}</span><span className="f20 b">{row.last_day ? format.day(row.last_day) : '–'}</span></div>
        <div title={page.course?.reason}><span className="t2 f12">{m.course}</span>{page.course ? <><span className="f20 b">{m.courses[page.course.state] ?? page.course.state}</span><span className="t3 f12">{m.courseSince(format.day(page.course.since), page.course.tries)}</span></> : <span className="f20 b t3">–</span>}</div>
      </section>
      <section className="card span7"><DayChart project={project} author={page.row.author.id} days={page.days.map((d) => ({ day: d.day, n: d.answers }))} range={range} onRange={setRange} /></section>
      <section className="card span5">
        <h2 className="ch">{m.review} <span className="c">{m.defectsText}</span></h2>
        <table className="cards pe">
          <tbody>
            {Object.keys(m.verdicts).map((verdict) => <tr key={verdict}><td>{m.verdicts[verdict]}</td><td className="right md">{(row.verdicts[verdict] ?? 0) > 0 ? <Door to={itemsPath(project, [{ reviewed: { verdict, author: row.author.id } }])}>{format.count(row.verdicts[verdict] ?? 0)}</Door> : 0}</td><td /></tr>)}
            <tr className="apart"><td>{m.reviewed}</td><td className="right" colSpan={2}>{row.reviewed.value === null ? <span className="t3">–</span> : <Share measure={row.reviewed} />}</td></tr>
            <tr title={m.goldText}><td>{m.gold}</td><td className="right" colSpan={2}>{row.gold.value === null ? <span className="t3">–</span> : <Share measure={row.gold} />}</td></tr>
            {page.defects.map((defect) => (
              <tr key={defect.code}>
                <td>{defect.title} {defect.severity && <span className="t3 f12">{m.severity[defect.severity]}</span>}</td>
                <td className="right md">{format.count(defect.n)}</td>
                <td className="right t2">{defect.share === null ? '–' : format.percent(defect.share)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {page.defects.length === 0 && <p className="t3 cb">{m.noDefects}</p>}
      </section>
      {row.author.type === 'person' && <section className="card span12" style={{ overflowX: 'auto' }}><Signals project={project} row={row} /></section>}
      <section className="card span12"><ControlChart chart={page.chart} /></section>
      <section className="card span12" style={{ overflowX: 'auto' }}>
        <h2 className="ch">{m.byField} <span className="c">{m.accuracyText}</span></h2>
        <table className="cards pe">
          <thead><tr><th>{m.field}</th><th colSpan={3}>{m.accuracy}</th><th colSpan={3}>{m.agreement}</th></tr></thead>
          <tbody>{page.fields.map((field) => <tr key={field.field}><td className="md">{field.title}</td><ShareCells measure={field.accuracy} to={apart} /><ShareCells measure={field.agreement} to={apart} /></tr>)}</tbody>
        </table>
      </section>
      {page.reviewer && (
        <section className="card span12" style={{ overflowX: 'auto' }}>
          <h2 className="ch"><Face name={row.author.name} />{m.asReviewer} <span className="c">{m.reviewersText}</span></h2>
          <ReviewerRows project={project} rows={[page.reviewer]} />
        </section>
      )}
      <section className="card span12" style={{ overflowX: 'auto' }}><ActionsCard project={project} person={row.author} manages={manages} /></section>
      {row.falling_since && <div className="span12"><Notice tone="warn">{m.falling(format.day(row.falling_since))}</Notice></div>}
    </div>
  )
}

function Share({ measure: { value, low, high, n } }: { measure: team.PersonRow['reviewed'] }) {
  if (value === null) return null
  return <><span className="md">{format.percent(value)}</span> <span className="iv">{typeof low === 'number' && typeof high === 'number' && `${Math.round(low * 100)}–${format.percent(high)}, `}n {format.count(n)}</span></>
}
