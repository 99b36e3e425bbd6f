// What a rule or a manager did about one's own work, and why: said in words, with whom to ask.
import { useQueries } from '@tanstack/react-query'
import type { HomeProject } from '../../api'
import * as team from '../../api/team'
import { format, Tag } from '../../ui'
import { m } from './messages'

const MOST = 20

export function Standing({ projects }: { projects: readonly HomeProject[] }) {
  const some = projects.slice(0, MOST)
  const found = useQueries({ queries: some.map((project) => ({ queryKey: ['standing', project.id], queryFn: () => team.standing(project.id) })) })
  const rows = found.flatMap((one, i) => (one.data ?? []).map((done) => ({ done, project: some[i]?.title ?? '' })))
  if (rows.length === 0) return null
  return (
    <section className="card">
      <h2 className="ch">{m.standing} <span className="c">{m.standingText}</span></h2>
      <table className="cards">
        <tbody>
          {rows.map(({ done, project }) => (
            <tr key={`${project} ${done.at} ${done.did}`}>
              <td className="nowrap"><Tag tone="warn">{m.did[done.did] ?? done.did}</Tag></td>
              <td className="t2">{project}</td>
              <td style={{ whiteSpace: 'normal' }}>{m.meaning[done.did]} <span className="t2">{done.reason}</span></td>
              <td className="right t2">{format.ago(done.at)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
