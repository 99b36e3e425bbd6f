// How many answers to gold items it takes to say something of a person.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import * as api from '../../api/gold'
import { Failure, format, Segmented, TextField } from '../../ui'
import { m } from './messages'

type Statement = 'accuracy' | 'tell'

export function Needed({ project }: { project: string }) {
  const [statement, setStatement] = useState<Statement>('accuracy')
  const [percent, setPercent] = useState(90)
  const [wrong, setWrong] = useState(0)
  const [good, setGood] = useState(90)
  const [bad, setBad] = useState(75)
  const isSound = statement === 'accuracy' ? percent >= 50 && percent <= 99 && wrong >= 0 && wrong <= 100 : good <= 99 && bad >= 1 && good > bad
  const plan = useQuery({
    queryKey: ['gold-plan', project, statement, percent, wrong, good, bad],
    queryFn: () => (statement === 'accuracy' ? api.plan(project, percent / 100, wrong) : api.tell(project, { good: good / 100, bad: bad / 100 })),
    enabled: isSound,
    placeholderData: (last) => last,
  })
  const number = (label: string, value: number, set: (n: number) => void, min: number, max: number) => <TextField label={label} type="number" min={min} max={max} value={value} onChange={(e) => set(e.target.valueAsNumber || 0)} />
  return (
    <section className="card">
      <h2 className="ch">{m.planTitle}<span className="grow" /><Segmented label={m.planTitle} value={statement} options={(['accuracy', 'tell'] as const).map((value) => ({ value, title: m.statements[value] }))} onChange={setStatement} /></h2>
      <div className="cb col g2" style={{ maxWidth: 'none' }}>
        <p className="t2">{statement === 'accuracy' ? m.planAbout(format.percent(percent / 100), wrong) : m.tellAbout(format.percent(good / 100), format.percent(bad / 100))}</p>
        <div className="row g2 plan-numbers">{statement === 'accuracy' ? <>{number(m.accuracy, percent, setPercent, 50, 99)}{number(m.wrong, wrong, setWrong, 0, 100)}</> : <>{number(m.good, good, setGood, 2, 99)}{number(m.bad, bad, setBad, 1, 98)}</>}</div>
        {plan.isError && <Failure error={plan.error} onRetry={() => void plan.refetch()} />}
        {plan.data && isSound && (
          <>
            <dl className="plan">
              <div><dd>{format.count(plan.data.answers)}</dd><dt>{m.planAnswers}, {m.planAllowed(format.count(plan.data.wrong))}</dt></div>
              <div><dd>{format.count(plan.data.items)}</dd><dt>{m.planItems}</dt></div>
              {plan.data.ordinary !== null && <div><dd>{format.count(plan.data.ordinary)}</dd><dt>{m.planOrdinary}</dt></div>}
            </dl>
            {plan.data.expected_good !== null && plan.data.expected_bad !== null && <p className="t2">{m.planSequential(format.count(Math.ceil(plan.data.expected_good)), format.count(Math.ceil(plan.data.expected_bad)))}</p>}
            <p className={plan.data.have >= plan.data.items ? 't2' : 'warn'}>{m.planHave(format.count(plan.data.have))}. {plan.data.have >= plan.data.items ? m.planEnough : `${m.planShort(format.count(plan.data.items - plan.data.have))}.`}</p>
          </>
        )}
      </div>
    </section>
  )
}
