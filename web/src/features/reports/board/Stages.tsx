// What stands at each stage, since when, how long others stood there, and whom it all waits for.
import { conditionsOf } from '../../../api'
import type { Flow, StageRow } from '../../../api/boards'
import { Door, format, itemsPath, Tag } from '../../../ui'
import { m } from './messages'

const HOLDERS = 2

export function Stages({ project, flow }: { project: string; flow: Flow }) {
  return (
    <>
      <h2 className="ch">{m.stages} <span className="c">{m.stagesText}</span>{flow.behind && <><span className="grow" /><span className="c">{m.behind}</span></>}</h2>
      <table className="cards pe stages">
        <thead><tr><th>{m.stage}</th><th className="right">{m.items}</th><th>{m.states}</th><th>{m.age}</th><th className="right">{m.stayed}</th><th>{m.waits}</th></tr></thead>
        <tbody>
          {flow.stages.map((stage) => (
            <tr key={stage.stage}>
              <td><span className="row g2"><span><span className="md">{stage.stage}</span><br /><span className="t3 f12">{m.does[stage.do] ?? stage.do}</span></span>{stage.is_bottleneck && <Tag tone="warn" title={m.bottleneckText}>{m.bottleneck}</Tag>}</span></td>
              <td className="right md"><Door to={itemsPath(project, conditionsOf(stage.items.filter))}>{format.count(stage.items.n)}</Door></td>
              <td className="t2"><span className="row g3 wrap">{Object.entries(stage.by_state).map(([state, items]) => <span key={state} className="nowrap">{m.state[state] ?? state} <Door to={itemsPath(project, conditionsOf(items.filter))}>{format.count(items.n)}</Door></span>)}</span></td>
              <td className="t2"><Ages project={project} stage={stage} /></td>
              <td className="right" title={stage.stayed.n > 0 ? m.stayedText(format.count(stage.stayed.n), format.percent(stage.stayed.share ?? 0)) : undefined}>{stage.stayed.median_ms === null ? <span className="t3">–</span> : <>{format.duration(stage.stayed.median_ms)} <span className="t3 f12">n {format.count(stage.stayed.n)}</span></>}</td>
              <td className="t2"><Waits stage={stage} /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}

/** Items that wait, by how long: a bar of parts, each of which opens its items. */
function Ages({ project, stage }: { project: string; stage: StageRow }) {
  if (stage.ages.length === 0) return <span className="t3">–</span>
  return <span className="row g3 wrap">{stage.ages.map((age) => <span key={age.days ?? 'more'} className="nowrap">{m.ages(age.days)} <Door to={itemsPath(project, conditionsOf(age.filter), { sort: 'changed', descending: false })}>{format.count(age.n)}</Door></span>)}</span>
}

function Waits({ stage }: { stage: StageRow }) {
  if (stage.waits_for === 'nobody') return <span className="t3">–</span>
  if (stage.waits_for === 'consensus') return <>{m.consensus}</>
  const word = stage.do === 'label' ? m.answersWord(stage.left) : m.verdictsWord(stage.left)
  return (
    <span className="row g3 wrap">
      <span className="nowrap">{m.wanted(format.count(stage.left), word, stage.who.join(', '))}</span>
      {stage.held.slice(0, HOLDERS).map((one) => <span key={one.person.id} className="t3 nowrap" title={format.moment(one.since)}>{m.holds(one.person.name, format.count(one.n))}</span>)}
      {stage.held.length > HOLDERS && <span className="t3">{m.others(stage.held.length - HOLDERS)}</span>}
    </span>
  )
}
