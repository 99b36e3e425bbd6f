// The project as work: what stands where, when it will be done, what an item costs in minutes, and how much is wrong.
import { useQuery } from '@tanstack/react-query'
import * as team from '../../../api/team'
import { Door, format, itemsPath, PartFailure, Progress, SkeletonRows, type Measured } from '../../../ui'
import { m } from './messages'
import { ShareCells } from './Shares'

export function FlowCards({ project }: { project: string }) {
  const flow = useQuery({ queryKey: ['reports', project, 'flow'], queryFn: () => team.flow(project) })
  if (flow.isPending) return <section className="card span12"><SkeletonRows rows={3} height={32} /></section>
  if (flow.isError) return <section className="card span12"><PartFailure error={flow.error} onRetry={() => void flow.refetch()} /></section>
  const { data } = flow
  const reviewed = data.weeks.some((week) => week.defects.n > 0)
  return (
    <>
      <section className="card span7 wide" style={{ overflowX: 'auto' }}><Stages project={project} flow={data} /></section>
      <section className="card span5 wide"><Ahead flow={data} /></section>
      {data.weeks.length > 1 && (
        <section className="card span12 wide" style={{ overflowX: 'auto' }}>
          <h2 className="ch">{m.weeks} <span className="c">{reviewed ? m.weeksText : m.weeksShort}</span></h2>
          <table className="cards pe">
            <thead><tr><th>{m.week}</th><th className="right">{m.responses}</th><th colSpan={3}>{m.agreement}, 95 %</th>{reviewed && <th colSpan={3}>{m.notAccepted}</th>}</tr></thead>
            <tbody>
              {[...data.weeks].reverse().slice(0, 8).map((week) => (
                <tr key={week.week}>
                  <td>{format.day(week.week)}</td><td className="right md">{format.count(week.answers)}</td>
                  <ShareCells measure={week.agreement} to={itemsPath(project, [{ responses: { op: 'ge', value: 2 } }], { sort: 'disagreement', descending: true })} />
                  {reviewed && <ShareCells measure={week.defects} to={itemsPath(project, [{ responses: { op: 'ge', value: 1 } }])} from={0} />}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </>
  )
}

function Stages({ project, flow }: { project: string; flow: team.Flow }) {
  const all = flow.stages.reduce((sum, stage) => sum + stage.items, 0)
  return (
    <>
      <h2 className="ch">{m.stages} <span className="c">{m.stagesText}</span></h2>
      <table className="cards pe">
        <thead><tr><th>{m.stage}</th><th className="right">{m.items}</th><td style={{ width: 120 }} /><th>{m.states}</th><th className="right">{m.waits}</th></tr></thead>
        <tbody>
          {flow.stages.map((stage) => (
            <tr key={stage.stage}>
              <td><span className="md">{stage.stage}</span> <span className="t3 f12">{m.does[stage.do] ?? stage.do}</span></td>
              <td className="right md">{format.count(stage.items)}</td>
              <td><Progress value={all > 0 ? stage.items / all : 0} label={stage.stage} /></td>
              <td className="t2">
                <span className="row g3 wrap">
                  {Object.entries(stage.by_state).map(([state, n]) => <span key={state} className="nowrap">{m.state[state] ?? state} {alone(flow, state) ? <Door to={itemsPath(project, [{ state: [state] }])}>{format.count(n)}</Door> : <span className="md">{format.count(n)}</span>}</span>)}
                </span>
              </td>
              <td className="right t2">{stage.waits_since ? <span title={format.moment(stage.waits_since)}>{format.ago(stage.waits_since)}</span> : '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}

/** Whether items of a state stand at one stage only, so that the state alone finds them. */
function alone(flow: team.Flow, state: string): boolean {
  return flow.stages.filter((stage) => (stage.by_state[state] ?? 0) > 0).length === 1
}

function Ahead({ flow }: { flow: team.Flow }) {
  const { defects } = flow
  return (
    <>
      <h2 className="ch">{m.ahead} <span className="c">{m.aheadText}</span></h2>
      <table className="cards pe">
        <tbody>
          {flow.forecast.map((one) => (
            <tr key={one.of}>
              <td>{m.left[one.of] ?? one.of}</td>
              <td className="right md">{format.count(one.left)}</td>
              <td className="t2">{daysSaid(one.days, one.left)}</td>
            </tr>
          ))}
          <tr><td>{m.perItem}</td><td className="right md">{flow.minutes_per_done === null ? '–' : format.duration(flow.minutes_per_done * 60_000)}</td><td className="t2">{m.perItemText}</td></tr>
          <tr>
            <td>{m.notAccepted}</td>
            <td className="right md">{defects.rate.value === null ? '–' : format.percent(defects.rate.value)}</td>
            <td className="t2">{defects.bound === null ? m.noReviews : m.below(format.percent(defects.bound), format.count(defects.rate.n))}</td>
          </tr>
        </tbody>
      </table>
    </>
  )
}

/** In how many days, with the interval; nothing is promised from too few days. */
export function daysSaid({ value, low, high }: Measured, left: number): string {
  if (left === 0) return m.nothingLeft
  if (value === null) return m.tooFewDays
  const show = (days: number) => (days < 10 ? days.toFixed(1) : format.count(Math.round(days)))
  return typeof low === 'number' && typeof high === 'number' ? m.inDays(show(value), `${show(low)}–${show(high)}`) : m.inDays(show(value), m.openEnd(typeof low === 'number' ? show(low) : '0'))
}
