// What somebody is told of their own work: accuracy with its interval, what they mix up, and what models say; nobody else's numbers.
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useMemo } from 'react'
import { projects } from '../../../api'
import * as api from '../../../api/training'
import { readSchema, type Schema } from '../../../engine/schema'
import { format, Measure, PartFailure, SkeletonRows, Whisker } from '../../../ui'
import { Appeal, AppealOutcome } from './Appeal'
import { Confusions } from './Confusions'
import { m } from './messages'
import './own.css'
import './scores.css'

export function OwnScores({ project: id }: { project: string }): ReactNode {
  const project = useQuery({ queryKey: ['project', id], queryFn: () => projects.one(id) })
  const schema = useMemo(() => (project.data ? readSchema(project.data.schema) : null), [project.data])
  const learning = useQuery({ queryKey: ['learning', id], queryFn: () => api.learning(id) })
  return (
    <>
      <div className="own-scores">
        <Accuracy project={id} schema={schema} />
        <Models learning={learning.data} schema={schema} />
      </div>
      <section className="card">
        <h2 className="ch">{m.scores.mixed} <span className="c">{m.scores.mixedText}</span></h2>
        {learning.isPending && <SkeletonRows rows={3} />}
        {learning.isError && <PartFailure error={learning.error} onRetry={() => void learning.refetch()} />}
        {learning.data?.confusions.length === 0 && <p className="t3 cb">{m.scores.mixedNone}</p>}
        {learning.data && learning.data.confusions.length > 0 && schema && <Confusions project={id} schema={schema} rows={learning.data.confusions} />}
      </section>
    </>
  )
}

const ENOUGH = { enough: true }

function Accuracy({ project, schema }: { project: string; schema: Schema | null }): ReactNode {
  const mine = useQuery({ queryKey: ['gold-mine', project], queryFn: () => api.mine(project) })
  if (mine.isPending) return <section className="card"><SkeletonRows rows={3} /></section>
  if (mine.isError) return <section className="card"><PartFailure error={mine.error} onRetry={() => void mine.refetch()} /></section>
  const { score, exact, fields, at, batches = [] } = mine.data
  return (
    <section className="card">
      <h2 className="ch">{m.scores.accuracy} <span className="c">{m.scores.on}{at ? `, ${m.scores.since(format.day(at))}` : ''}</span></h2>
      {!score || !exact ? (
        <p className="t3 cb">{m.scores.none}</p>
      ) : (
        <>
          <div className="big-score">
            <p><span className="f28 b">{score.value === null ? '–' : format.fraction(score.value)}</span> <span className="t2">{range(score)}</span> <span className="t3">n {format.count(score.n)}</span></p>
            <p className="t2 f12">{m.scores.right} <Measure measure={{ ...exact, ...ENOUGH }} band={false} show={format.percent} /></p>
          </div>
          {fields.length > 1 && (
            <table className="cards of-fields">
              <tbody>
                {fields.map((one) => (
                  <tr key={one.field}><td>{titleOf(schema, one.field)}</td><td className="fit"><Whisker measure={{ ...one.score, ...ENOUGH }} from={0} /></td><td className="right tn">{one.score.value === null ? '–' : format.fraction(one.score.value)}</td><td className="t3 tn">{range(one.score)}</td></tr>
                ))}
              </tbody>
            </table>
          )}
          <table className="cards">
            <thead><tr><th>{m.scores.batches}</th><th /><th /><td /></tr></thead>
            <tbody>
              {batches.map((one) => (
                <tr key={one.name}><td>{m.scores.upTo(format.count(one.n))} <AppealOutcome project={project} thing={one.name} /></td><td className="tn">{one.score.value === null ? '–' : format.fraction(one.score.value)} <span className="t3">{range(one.score)}</span></td><td className="t3">{format.day(one.at)}</td><td className="right"><Appeal project={project} against="gold" thing={one.name} /></td></tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </section>
  )
}

function Models({ learning, schema }: { learning: api.Learning | undefined; schema: Schema | null }): ReactNode {
  return (
    <section className="card">
      <h2 className="ch">{m.scores.models} <span className="c">{m.scores.modelsText}</span></h2>
      {learning?.models.length === 0 && <p className="t3 cb">{m.scores.modelsNone}</p>}
      {learning && learning.models.length > 0 && (
        <table className="cards">
          <tbody>
            {learning.models.map((one) => (
              <tr key={`${one.name} ${one.version ?? ''}`}>
                <td><span className="md">{one.name}</span> <span className="t3">{one.version}</span></td>
                <td className="fit"><Whisker measure={{ ...one.score, ...ENOUGH }} from={0} /></td>
                <td className="tn">{m.scores.agree} {one.score.value === null ? '–' : format.fraction(one.score.value)} <span className="t3">{range(one.score)}, n {format.count(one.score.n)}</span></td>
                <td className="t2 f12">{one.fields.length > 1 && one.fields.map((field) => `${titleOf(schema, field.field)} ${field.score.value === null ? '–' : format.fraction(field.score.value)}`).join(', ')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

const range = ({ low, high }: { low: number | null; high: number | null }): string => (low === null || high === null ? '' : `${format.fraction(low)}–${format.fraction(high)}`)
const titleOf = (schema: Schema | null, key: string): string => schema?.fields.find((field) => field.key === key)?.title ?? key
