// The parts of a course side by side, each with what it asks and what that means; checked by the server while it is written.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import { projects, Refusal, workflow, type Problem, type Project } from '../../api'
import * as gold from '../../api/gold'
import { Button, Check, Confirm, format, Go, Notice, Problems, SelectField, TextField, toast, toastError } from '../../ui'
import { Meaning } from './Meaning'
import { m } from './messages'
import { EXAM, PILOT, policyWith, PRACTICE, wholeOf, type Course } from './policy'

export function CourseEditor({ project, course, isFresh, manages, onGone }: { project: Project; course: Course; isFresh: boolean; manages: boolean; onGone: () => void }) {
  const client = useQueryClient()
  const [now, setNow] = useState(() => wholeOf(course))
  const [removing, setRemoving] = useState(false)
  const before = JSON.stringify(wholeOf(course))
  const isChanged = isFresh || JSON.stringify(now) !== before
  const { problems, checking } = useChecked(project, now, manages)
  const rows = useQuery({ queryKey: ['gold', project.id], queryFn: () => gold.list(project.id) })
  const have = (use: gold.Use) => (rows.data?.items ?? []).filter((row) => row.use === use && row.state === 'active').length
  const put = async (next: Course | null) => {
    try {
      await projects.change(project.id, project.etag, { policy: policyWith(project, { course: next }) })
      await Promise.all(['project', 'standings', 'workflow'].map((key) => client.invalidateQueries({ queryKey: [key] })))
      if (next) toast(m.saved)
      else onGone()
    } catch (error) {
      toastError(error)
    }
  }
  const { practice, test, pilot } = now
  const exam = (change: Partial<typeof EXAM>) => test && setNow({ ...now, test: { ...test, ...change } })
  const own = (path: string): Problem[] => problems.filter((one) => (one.path ?? '').startsWith(path))
  const others = problems.filter((one) => !(one.path ?? '').startsWith('course.'))
  const percent = (label: string, value: number, set: (share: number) => void, hint?: string) => (
    <TextField label={label} type="number" min={0} max={100} step="any" disabled={!manages} {...(hint ? { hint } : {})} value={Math.round(value * 1000) / 10} onChange={(e) => set((e.target.valueAsNumber || 0) / 100)} />
  )
  const number = (label: string, value: number, set: (n: number) => void) => <TextField label={label} type="number" min={0} disabled={!manages} value={value} onChange={(e) => set(e.target.valueAsNumber || 0)} />
  return (
    <section className="card course-editor">
      <h2 className="ch">
        {m.course}<span className="grow" />
        {manages && !isFresh && !isChanged && <Button size="small" look="quiet" onClick={() => setRemoving(true)}>{m.remove}</Button>}
        {manages && isChanged && <Button size="small" onClick={() => (isFresh ? onGone() : setNow(wholeOf(course)))}>{m.discard}</Button>}
        {manages && isChanged && <Button size="small" look="primary" disabled={problems.length > 0 || checking} onClick={() => put(now)}>{m.save}</Button>}
      </h2>
      {isFresh && <Notice tone="info">{m.begins}</Notice>}
      {others.length > 0 && <Notice tone="bad"><Problems problems={others} /></Notice>}
      <ol className="course-parts">
        <Part title={m.parts.guideline} text={m.partText.guideline} problems={[]}>
          <Go to={`/p/${project.id}/guideline`} className="btn small">{m.open}</Go>
          <SelectField label={m.renew} disabled={!manages} value={now.renew} onChange={(e) => setNow({ ...now, renew: e.target.value as typeof now.renew })}>
            {(['nothing', 'practice', 'test'] as const).map((value) => <option key={value} value={value}>{m.renews[value]}</option>)}
          </SelectField>
        </Part>
        <Part title={m.parts.practice} text={m.partText.practice} on={practice > 0} onTurn={manages ? (on) => setNow({ ...now, practice: on ? PRACTICE : 0 }) : undefined} problems={own('course.practice')}>
          {number(m.practiceItems, practice, (n) => setNow({ ...now, practice: n }))}
          <Have project={project.id} use="practice" have={have('practice')} needed={practice} />
        </Part>
        <Part title={m.parts.test} text={m.partText.test} on={test !== null} onTurn={manages ? (on) => setNow({ ...now, test: on ? EXAM : null }) : undefined} problems={own('course.test')}>
          {test && (
            <>
              <div className="two">{percent(m.passes, test.good, (good) => exam({ good }))}{percent(m.fails, test.bad, (bad) => exam({ bad }))}</div>
              <div className="two">{percent(m.alpha, test.alpha, (alpha) => exam({ alpha }))}{percent(m.beta, test.beta, (beta) => exam({ beta }))}</div>
              <div className="two">{number(m.most, test.most, (most) => exam({ most }))}{percent(m.bar, test.right, (right) => exam({ right }))}</div>
              <div className="two">{number(m.tries, test.tries, (tries) => exam({ tries }))}<TextField label={m.pause} disabled={!manages} value={test.pause} onChange={(e) => exam({ pause: e.target.value })} /></div>
              <Have project={project.id} use="test" have={have('test')} needed={test.most * test.tries} />
            </>
          )}
        </Part>
        <Part title={m.parts.pilot} text={m.partText.pilot} on={pilot !== null} onTurn={manages ? (on) => setNow({ ...now, pilot: on ? PILOT : null }) : undefined} problems={own('course.pilot')}>
          {pilot && <div className="two">{number(m.pilotItems, pilot.items, (items) => setNow({ ...now, pilot: { ...pilot, items } }))}{percent(m.agree, pilot.agree, (agree) => setNow({ ...now, pilot: { ...pilot, agree } }))}</div>}
        </Part>
      </ol>
      {test && own('course.test').length === 0 && <Meaning project={project.id} test={test} />}
      {removing && <Confirm title={m.remove} action={m.remove} danger onClose={() => setRemoving(false)} onConfirm={() => put(null)}>{m.removeText}</Confirm>}
    </section>
  )
}

function Part({ title, text, on = true, onTurn, problems, children }: { title: string; text: string; on?: boolean; onTurn?: ((on: boolean) => void) | undefined; problems: readonly Problem[]; children: ReactNode }) {
  return (
    <li className={on ? '' : 'off'}>
      {onTurn ? <Check checked={on} onChange={onTurn}><b>{title}</b></Check> : <b className="title">{title}</b>}
      <p className="t2 f12">{text}</p>
      {on && children}
      {problems.length > 0 && <Problems problems={problems} />}
    </li>
  )
}

function Have({ project, use, have, needed }: { project: string; use: 'practice' | 'test'; have: number; needed: number }) {
  return (
    <p className="f12 have">
      <span className={have < needed ? 'warn' : 't2'}>{m.have(format.count(have), m.uses[use].toLowerCase())}{have < needed ? `; ${m.few(format.count(needed - have))}` : ''}</span>{' '}
      <Go to={`/p/${project}/gold?use=${use}`} className="link">{m.choose}</Go>
    </p>
  )
}

/** The server's opinion of a course, asked once it rests for a moment. */
function useChecked(project: Project, course: Course, manages: boolean): { problems: readonly Problem[]; checking: boolean } {
  const [settled, setSettled] = useState(course)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(course), 300)
    return () => clearTimeout(timer)
  }, [course])
  const check = useQuery({
    queryKey: ['policy-check', project.id, project.policy_version, 'course', settled],
    queryFn: ({ signal }) => workflow.check(project.id, policyWith(project, { course: settled }), false, signal).catch((error: unknown) => {
      if (error instanceof Refusal && error.problems.length > 0) return { problems: [...error.problems] }
      throw error
    }),
    staleTime: 60_000,
    placeholderData: (last) => last,
    enabled: manages && project.policy !== null,
  })
  return { problems: (check.data?.problems ?? []) as readonly Problem[], checking: settled !== course || check.isFetching }
}
