// What waits for this person beside their own items: judging by stage and age, questions and appeals, and answers to what they asked.
import { useQuery } from '@tanstack/react-query'
import { conditionsOf } from '../../api'
import * as api from '../../api/boards'
import { Door, format, Go, Icon, itemsPath, PartFailure, Tag } from '../../ui'
import { m } from './messages'

export function TodoCards() {
  const todo = useQuery({ queryKey: ['todo'], queryFn: api.todo, refetchInterval: LOOK_MS })
  if (todo.isError) return <section className="card"><PartFailure error={todo.error} onRetry={() => void todo.refetch()} /></section>
  if (!todo.data) return null
  const { judge, questions, appeals, answered } = todo.data
  return (
    <>
      {judge.length > 0 && <Judging rows={judge} />}
      {questions.length + appeals.length > 0 && <Deciding questions={questions} appeals={appeals} />}
      {answered.length > 0 && <Answered rows={answered} />}
    </>
  )
}

const LOOK_MS = 30_000

function Judging({ rows }: { rows: api.Todo['judge'] }) {
  return (
    <section className="card" style={{ overflowX: 'auto' }}>
      <h2 className="ch">{m.reviews} <span className="c">{m.judgeText}</span></h2>
      <table className="cards">
        <thead><tr><th>{m.project}</th><th>{m.stage}</th><th className="right">{m.waitingHead}</th><th>{m.since}</th><td /></tr></thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.project} ${row.stage}`} className="hover">
              <td className="md">{row.title}</td>
              <td>{row.stage} <span className="t3 f12">{m.does[row.do]}</span></td>
              <td className="right"><Door to={itemsPath(row.project, [{ stage: [row.stage] }, { state: ['review'] }], { sort: 'changed', descending: false })} className="md">{format.count(row.items)}</Door></td>
              <td className="t2"><span className="row g3 wrap">{row.ages.map((age) => <span key={age.days ?? 'more'} className="nowrap">{m.ages(age.days)} <Door to={itemsPath(row.project, conditionsOf(age.filter), { sort: 'changed', descending: false })}>{format.count(age.n)}</Door></span>)}</span></td>
              <td className="right fit"><Go to={`/p/${row.project}/review`} className="btn small">{m.judge}</Go></td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Deciding({ questions, appeals }: Pick<api.Todo, 'questions' | 'appeals'>) {
  const rows = [...questions.map((one) => ({ ...one, of: 'questions' as const })), ...appeals.map((one) => ({ ...one, of: 'appeals' as const }))].toSorted((a, b) => a.since.localeCompare(b.since))
  return (
    <section className="card">
      <h2 className="ch">{m.toDecide} <span className="c">{m.toDecideText}</span></h2>
      <ul className="nq">
        {rows.map((one) => (
          <li key={`${one.of} ${one.project}`}><Go to={`/p/${one.project}/questions`}><span className="t2"><Icon name={one.of === 'questions' ? 'comment' : 'shield'} /></span><span className="grow tr">{one.title}<small>{m.open[one.of](format.count(one.n), one.n)}, {m.oldest(format.ago(one.since))}</small></span><Icon name="cr" /></Go></li>
        ))}
      </ul>
    </section>
  )
}

function Answered({ rows }: { rows: api.Todo['answered'] }) {
  return (
    <section className="card">
      <h2 className="ch">{m.answeredYours} <span className="c">{format.count(rows.length)}</span></h2>
      <ul className="nq">
        {rows.map((one) => (
          <li key={one.thread}><Go to={`/p/${one.project}/questions`}><span className="t2"><Icon name="comment" /></span><span className="grow tr">{one.title}<small>{format.ago(one.at)}</small></span><Tag tone="ok">{m.answeredAs[one.state] ?? one.state}</Tag><Icon name="cr" /></Go></li>
        ))}
      </ul>
    </section>
  )
}
