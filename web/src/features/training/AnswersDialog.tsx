// What somebody answered in practice and in tests, for whoever mentors or manages them.
import { useQuery } from '@tanstack/react-query'
import * as api from '../../api/training'
import { Dialog, Failure, format, Go, itemsPath, LongKey, SkeletonRows, Tag } from '../../ui'
import { m } from './messages'

export function AnswersDialog({ project, person, onClose }: { project: string; person: api.Standing; onClose: () => void }) {
  const answers = useQuery({ queryKey: ['standings', project, person.author.id], queryFn: () => api.answers(project, person.author.id) })
  return (
    <Dialog title={m.answersOf(person.author.name)} width={720} onClose={onClose}>
      {answers.isPending && <SkeletonRows rows={5} height={32} />}
      {answers.isError && <Failure error={answers.error} onRetry={() => void answers.refetch()} />}
      {answers.data?.length === 0 && <p className="t3">{m.answersNone}</p>}
      {answers.data && answers.data.length > 0 && (
        <table className="cards">
          <thead><tr><th>{m.item}</th><th>{m.use}</th><th /><th className="right">{m.score}</th><th>{m.off}</th><th className="right">{m.when}</th></tr></thead>
          <tbody>
            {answers.data.map((one) => (
              <tr key={`${one.item} ${one.at}`}>
                <td><Go to={itemsPath(project, [{ ids: [one.item] }])} className="link"><LongKey>{one.key}</LongKey></Go></td>
                <td className="t2">{m.states[one.use]}</td>
                <td>{one.right ? <Tag tone="ok">{m.rightTag}</Tag> : <Tag tone="warn">{m.offTag}</Tag>}</td>
                <td className="right tn">{format.fraction(one.score)}</td>
                <td className="t2">{Object.entries(one.fields).filter(([, distance]) => distance > 1e-9).map(([field]) => field).join(', ')}</td>
                <td className="right t2">{format.ago(one.at)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Dialog>
  )
}
