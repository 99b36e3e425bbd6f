// The consensus: how it is made, on what share of items it is expected to be right, and how good each author is.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { projects as api, type ConsensusReport, type LearnedField } from '../../api'
import { Door, Face, format, hasEnough, itemsPath, PartFailure, SkeletonRows, Tag, Whisker, type Measured } from '../../ui'
import { m } from './messages'
import { Run } from './Run'

export function ConsensusCards({ id, manages }: { id: string; manages: boolean }) {
  const report = useQuery({ queryKey: ['reports', id, 'consensus'], queryFn: () => api.consensusReport(id) })
  if (report.isPending) return <section className="card span12"><SkeletonRows rows={3} height={32} /></section>
  if (report.isError) return <section className="card span12"><PartFailure error={report.error} onRetry={() => void report.refetch()} /></section>
  const learned = report.data.fields.filter((f) => f.authors.length > 0)
  return (
    <>
      <section className={`card ${learned.length > 0 ? 'span7' : 'span12'}`}>
        <h2 className="ch">{m.consensus} <span className="c">{m.consensusText}</span></h2>
        <Expected id={id} report={report.data} />
        {manages && <Make id={id} report={report.data} />}
      </section>
      {learned.length > 0 && <section className="card span5"><Skills id={id} fields={learned} /></section>}
    </>
  )
}

/** Each field: how it is merged, and how often that is expected to be right. */
function Expected({ id, report }: { id: string; report: ConsensusReport }) {
  const doubtful = itemsPath(id, [{ responses: { op: 'ge', value: 1 } }], { sort: 'uncertainty', descending: true })
  return (
    <table className="cards pe">
      <thead><tr><th>{m.field}</th><th colSpan={2}>{m.expected}</th><th>{m.interval}</th></tr></thead>
      <tbody>
        {report.fields.map((field) => (
          <tr key={field.field}>
            <td><span className="md">{field.title || field.field}</span> <span className="t3 f12">{field.kind}</span></td>
            {field.accuracy ? <Share measure={field.accuracy} to={doubtful} /> : <td colSpan={3} className="t3">{reason(field, report)}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** Why no accuracy can be promised. */
function reason(field: LearnedField, report: ConsensusReport): string {
  if (!field.learned) return m.mergedByKind
  if (field.n_items > 0) return m.notEstimated
  return report.learned_at ? m.tooLittle : m.notLearned
}

/** Which method, from when, and making it again. */
function Make({ id, report }: { id: string; report: ConsensusReport }) {
  const [chosen, setChosen] = useState<string | null>(null)
  const method = chosen ?? report.method
  const about = report.methods.find((one) => one.name === method)?.about
  return (
    <div className="cb col g2" style={{ paddingTop: 12 }}>
      <div className="row g3 wrap">
        <select className="input s" style={{ width: 'auto' }} aria-label={m.method} value={method} onChange={(e) => setChosen(e.target.value)}>
          {report.methods.map((one) => <option key={one.name} value={one.name}>{one.title}</option>)}
        </select>
        <Run label={m.build} icon="merge" start={() => api.buildConsensus(id, method)} />
        <span className="t3 f12">{report.learned_at ? m.learned(format.ago(report.learned_at), format.count(report.answers)) : m.neverLearned}</span>
      </div>
      {about && <p className="t3 f12">{about}</p>}
    </div>
  )
}

/** How likely what each author says on a field is right, the best first. */
function Skills({ id, fields }: { id: string; fields: readonly LearnedField[] }) {
  const [chosen, setChosen] = useState<string | null>(null)
  const field = fields.find((f) => f.field === chosen) ?? fields[0]
  if (!field) return null
  return (
    <>
      <h2 className="ch">
        {m.skill} <span className="c">{m.skillText}</span><span className="grow" />
        {fields.length > 1 && (
          <select className="input s" style={{ width: 'auto', height: 24 }} aria-label={m.skillOf} value={field.field} onChange={(e) => setChosen(e.target.value)}>
            {fields.map((f) => <option key={f.field} value={f.field}>{f.title || f.field}</option>)}
          </select>
        )}
      </h2>
      <div className="scroller">
        <table className="cards pe">
          <tbody>
            {field.authors.map(({ author, skill }) => (
              <tr key={author.id}>
                <td><span className="row g2"><Face name={author.name} /><span className="tr">{author.name}</span>{m.model[author.type] && <Tag>{m.model[author.type]}</Tag>}</span></td>
                <Share measure={skill} to={itemsPath(id, [{ author: author.id }], { sort: 'uncertainty', descending: true })} />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}

/** A share with its whisker, interval and n: three cells. Below its sample, what there is. */
export function Share({ measure, to }: { measure: Measured | null | undefined; to: string }) {
  if (!measure || measure.value === null) return <><td /><td className="t3">–</td><td /></>
  if (!hasEnough(measure)) return <><td /><td colSpan={2} className="t3">{m.tooFew(format.count(measure.n))}</td></>
  const { value, low, high, n } = measure
  return (
    <>
      <td className="fit" style={{ paddingRight: 0 }}><Whisker measure={measure} /></td>
      <td><Door to={to} className="md">{format.percent(value)}</Door></td>
      <td className="iv">{typeof low === 'number' && typeof high === 'number' && `${Math.round(low * 100)}–${format.percent(high)}, `}n {format.count(n)}</td>
    </>
  )
}
