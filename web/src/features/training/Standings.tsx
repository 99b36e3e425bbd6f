// Where everybody stands in the course, or those whom somebody mentors: how far, why, and what a manager decides.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import * as api from '../../api/training'
import { Button, Face, Failure, format, Menu, Segmented, SkeletonRows, Tag, type Tone } from '../../ui'
import { AnswersDialog } from './AnswersDialog'
import { DecisionDialog } from './DecisionDialog'
import { m } from './messages'

const TONES: Partial<Record<api.Standing['state'], Tone>> = { working: 'ok', failed: 'warn', paused: 'bad' }

export function Standings({ project, manages }: { project: string; manages: boolean }) {
  const people = useQuery({ queryKey: ['standings', project], queryFn: () => api.standings(project), refetchInterval: 30_000 })
  const [whose, setWhose] = useState<'everybody' | 'mine' | null>(null)
  const [looked, setLooked] = useState<api.Standing | null>(null)
  const [decided, setDecided] = useState<{ person: api.Standing; decision: api.Decision } | null>(null)
  const all = people.data ?? []
  // A mentor is shown their own people first; who is in no group with anybody, everybody.
  const shown = whose ?? (!manages && all.some((one) => one.mine) ? 'mine' : 'everybody')
  const rows = shown === 'mine' ? all.filter((one) => one.mine) : all
  return (
    <section className="card">
      <h2 className="ch">{m.people} <span className="c">{format.count(rows.length)}</span><span className="grow" /><Segmented label={m.people} value={shown} options={(['everybody', 'mine'] as const).map((value) => ({ value, title: m[value] }))} onChange={setWhose} /></h2>
      {people.isPending && <SkeletonRows rows={4} />}
      {people.isError && <Failure error={people.error} onRetry={() => void people.refetch()} />}
      {people.data && rows.length === 0 && <p className="cb t3">{shown === 'mine' ? m.mineNone : m.nobody}</p>}
      {rows.length > 0 && (
        <table className="cards">
          <thead><tr><th>{m.person}</th><th>{m.groups}</th><th>{m.stands}</th><th className="right">{m.progress}</th><th className="right">{m.rightOf}</th><th>{m.since}</th><th>{m.reason}</th><td className="fit" /></tr></thead>
          <tbody>
            {rows.map((one) => (
              <tr key={one.author.id}>
                <td><span className="row g2"><Face name={one.author.name} /><button type="button" className="link" onClick={() => setLooked(one)}>{one.author.name}</button></span></td>
                <td className="t2">{one.groups.join(', ')}</td>
                <td><Tag {...(TONES[one.state] ? { tone: TONES[one.state] as Tone } : {})}>{m.states[one.state]}</Tag>{!one.begun && <span className="t3 f12"> {m.notBegun}</span>}</td>
                <td className="right tn">{one.done > 0 ? format.count(one.done) : <span className="t3">–</span>}</td>
                <td className="right tn">{one.compared > 0 ? <>{format.count(one.right)} <span className="t3">of {format.count(one.compared)}</span></> : <span className="t3">–</span>}</td>
                <td className="t2">{one.since ? format.ago(one.since) : ''}</td>
                <td className="t2 why">{whyOf(one)}</td>
                <td className="fit">{manages && <Menu position="bottom-end" control={<Button look="quiet" size="small">{m.decide}</Button>} entries={decisionsFor(one).map((decision) => ({ title: m.decisions[decision], run: () => setDecided({ person: one, decision }) }))} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {looked && <AnswersDialog project={project} person={looked} onClose={() => setLooked(null)} />}
      {decided && <DecisionDialog project={project} person={decided.person} decision={decided.decision} onClose={() => setDecided(null)} />}
    </section>
  )
}

function whyOf(one: api.Standing): string {
  const parts = [one.why === 'said' ? one.reason : one.tries > 0 && one.why === 'test' ? '' : m.why[one.why]]
  if (one.tries > 0) parts.push(m.failedTries(one.tries))
  if (one.state === 'failed') parts.push(one.until ? m.againAt(format.moment(one.until)) : m.forManager)
  return parts.filter(Boolean).join('; ')
}

/** What may be decided of somebody where they stand. */
export function decisionsFor({ state }: Pick<api.Standing, 'state'>): api.Decision[] {
  if (state === 'paused') return ['reinstate', 'train', 'test', 'waive']
  const all: api.Decision[] = ['waive', 'test', 'train', 'pause']
  return all.filter((one) => !(one === 'waive' && state === 'working'))
}
