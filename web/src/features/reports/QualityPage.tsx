// How well people agree, field by field and pair by pair; what to look at first; making the consensus.
import { useQuery } from '@tanstack/react-query'
import { conditionsOf, projects as api, type AgreementField, type AgreementReport, type SchemaDocument } from '../../api'
import { Failure, format, itemsPath, Measure, SkeletonCard } from '../../ui'
import { AgreementTable } from './Agreement'
import { ComparedCards } from './Compared'
import { ConsensusCards } from './Consensus'
import { Matrix } from './Matrix'
import { m } from './messages'
import { Most } from './Most'
import { Run } from './Run'
import './reports.css'

export function QualityPage({ id, manages }: { id: string; manages: boolean }) {
  const agreement = useQuery({ queryKey: ['reports', id, 'agreement'], queryFn: () => api.agreement(id) })
  const { data } = agreement
  return (
    <>
      <header className="top">
        <h1>{m.quality}</h1>
        {data && <span className="t3 f12">{data.computed_at ? m.computed(format.ago(data.computed_at)) : m.never}{data.stale && data.computed_at ? `, ${m.stale}` : ''}</span>}
        <span className="grow" />
        {manages && <Run label={m.refresh} icon="refresh" start={() => api.refreshReports(id)} />}
      </header>
      <div className="page">
        {agreement.isPending && <><SkeletonCard height={160} /><SkeletonCard height={260} /></>}
        {agreement.isError && <Failure error={agreement.error} onRetry={() => void agreement.refetch()} />}
        {data && <Board id={id} report={data} manages={manages} />}
      </div>
    </>
  )
}

function Board({ id, report, manages }: { id: string; report: AgreementReport; manages: boolean }) {
  const schema = useQuery({ queryKey: ['project', id], queryFn: () => api.one(id) }).data?.schema
  const withLabels = report.fields.filter((f) => (f.per_label?.length ?? 0) > 0)
  return (
    <div className="home">
      <section className="card span12">
        <h2 className="ch">{m.agreement} <span className="c">{m.agreementText}</span></h2>
        {report.fields.length === 0 ? <p className="t3 cb">{m.noAgreement}</p> : <AgreementTable project={id} fields={report.fields} wide />}
      </section>
      <ComparedCards id={id} />
      <ConsensusCards id={id} manages={manages} />
      <section className="card span7"><Matrix project={id} schema={schema} /></section>
      <section className="card span5"><Most project={id} limit={10} /></section>
      {withLabels.map((field) => (
        <section className="card span6" key={field.field}>
          <h2 className="ch">{m.perLabel} <span className="c">{field.title || field.field}</span></h2>
          <div className="scroller">
            <table className="cards">
              <thead><tr><th>{m.label}</th><th>{measured(field) === 'alpha' ? m.alphaHead : m.percentHead}</th></tr></thead>
              <tbody>{field.per_label?.map((l) => <tr key={l.label}><td>{nameOf(schema, field.field, l.label)}</td><td><Measure measure={measured(field) === 'alpha' ? l.alpha : l.percent} band={measured(field) === 'alpha'} {...(measured(field) === 'percent' ? { show: format.percent } : {})} to={itemsPath(id, conditionsOf(l.filter), { sort: 'disagreement', descending: true })} /></td></tr>)}</tbody>
            </table>
          </div>
        </section>
      ))}
    </div>
  )
}

/** Attributes are reported as "field.attribute"; their options and those of a tree are shown by their keys. */
function nameOf(schema: SchemaDocument | undefined, field: string, label: string): string {
  const of = schema?.fields[field]
  return of?.labels?.[label]?.title || of?.options?.[label]?.title || label
}

/** Regions have no alpha of one label: there the share of the same answer is shown. */
function measured(field: AgreementField): 'alpha' | 'percent' {
  return field.role === 'what' && field.per_label?.some((l) => (l.alpha?.n ?? 0) > 0) ? 'alpha' : 'percent'
}
