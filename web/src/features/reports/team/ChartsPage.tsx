// Every control chart of a project: of people, labels, batches and slices, with what their alarms are worth together.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import * as team from '../../../api/team'
import { Door, Failure, format, Go, itemsPath, Segmented, SkeletonCard } from '../../../ui'
import { ControlChart } from './ControlChart'
import { m } from './messages'
import '../reports.css'

const ALL = 'all'
const MOST = 24

export function ChartsPage({ project }: { project: string }) {
  const charts = useQuery({ queryKey: ['team', project, 'charts'], queryFn: () => team.charts(project) })
  const [of, setOf] = useState<string>(ALL)
  const { data } = charts
  const rows = data?.charts.filter((row) => of === ALL || row.of === of) ?? []
  return (
    <>
      <header className="top">
        <Go to={`/p/${project}/people`} className="link t2">{m.people}</Go><span className="t3" aria-hidden="true">/</span>
        <h1>{m.allCharts}</h1>
        <span className="grow" />
        {data && data.sums.length > 1 && <Segmented label={m.chartsOf} value={of} options={[{ value: ALL, title: m.every }, ...data.sums.map((sum) => ({ value: sum.of as string, title: m.of[sum.of] ?? sum.of }))]} onChange={setOf} />}
      </header>
      <div className="page">
        {charts.isPending && <><SkeletonCard height={120} /><SkeletonCard height={216} /></>}
        {charts.isError && <Failure error={charts.error} onRetry={() => void charts.refetch()} />}
        {data && <Errors data={data} />}
        <div className="home">
          {rows.slice(0, MOST).map((row) => (
            <section key={`${row.of} ${row.key}`} className="card span6">
              <ControlChart chart={row.chart} title={row.name} of={m.one[row.of]} note={<Door to={itemsPath(project, row.items['all'] as object[], { sort: 'disagreement', descending: true })} className="link">{m.itemsBehind}</Door>} />
            </section>
          ))}
        </div>
        {rows.length > MOST && <p className="t3 f12">{m.moreCharts(format.count(rows.length - MOST), format.count(rows.slice(MOST).filter((row) => row.chart.falling_since !== null).length))}</p>}
      </div>
    </>
  )
}

function Errors({ data }: { data: team.AllCharts }) {
  if (data.sums.length === 0 && data.steps === 0) return <p className="t3">{m.noCharts}</p>
  return (
    <section className="card" style={{ overflowX: 'auto' }}>
      <h2 className="ch">{m.errors} <span className="c">{m.errorsText(format.count(data.run_length), format.count(data.run_length_answers))}</span></h2>
      <table className="cards pe">
        <thead><tr><th>{m.chartsOf}</th><th className="right">{m.chartsHead}</th><th className="right">{m.pointsHead}</th><th className="right">{m.alarms}</th><th className="right">{m.expected}</th></tr></thead>
        <tbody>
          {data.sums.map((sum) => <tr key={sum.of}><td className="md">{m.of[sum.of]}</td><td className="right">{format.count(sum.charts)}</td><td className="right t2">{format.count(sum.points)}</td><td className="right md">{format.count(sum.alarms)}</td><td className="right t2">{format.fraction(sum.expected, 2)}</td></tr>)}
          {data.steps > 0 && <tr><td className="md">{m.byAnswers}</td><td className="right">{format.count(data.steps)}</td><td className="right t2">{format.count(data.answers)}</td><td className="right md">{format.count(data.alarms)}</td><td className="right t2">{format.fraction(data.answers / data.run_length_answers, 2)}</td></tr>}
          <tr className="apart"><td>{m.together}</td><td colSpan={4} className="right">{m.togetherText(format.fraction(data.expected, 2), format.percent(data.chance), format.fraction(data.next_round, 2))}</td></tr>
        </tbody>
      </table>
    </section>
  )
}
