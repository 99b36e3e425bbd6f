// What a manager gave to whoever looks, by hand: it comes before everything else. Nothing of what others do with it.
import { useQueries } from '@tanstack/react-query'
import { work as api, type HomeProject } from '../../api'
import { format, Go, Tag } from '../../ui'
import { m } from './messages'

const MOST_PROJECTS = 8

export function GivenCard({ projects }: { projects: readonly HomeProject[] }) {
  const found = useQueries({ queries: projects.slice(0, MOST_PROJECTS).map((one) => ({ queryKey: ['given', one.id], queryFn: () => api.given(one.id) })) })
  const rows = found.flatMap((query, index) => (query.data ?? []).map((batch) => ({ batch, project: projects[index] })))
  if (rows.length === 0) return null
  return (
    <section className="card">
      <h2 className="ch">{m.given} <span className="c">{m.givenText}</span></h2>
      <table className="cards">
        <thead><tr><th>{m.what}</th><th>{m.project}</th><th className="right">{m.left}</th><th className="right">{m.deadline}</th></tr></thead>
        <tbody>
          {rows.map(({ batch, project }) => (
            <tr key={batch.id} className="hover">
              <td><span className="row g2"><Go to={`/p/${project?.id ?? ''}/label`} className="link">{batch.title}</Go>{batch.priority > 0 && <Tag tone="warn">{m.urgent}</Tag>}</span></td>
              <td className="t2">{project?.title}</td>
              <td className="right">{batch.left === null ? '' : format.count(batch.left)}</td>
              <td className="right t2">{batch.deadline ? format.moment(batch.deadline) : ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
