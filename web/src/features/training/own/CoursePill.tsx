// How far somebody is in the course, in the header of the labeling screen: the part, the items, and what comes then.
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import * as api from '../../../api/training'
import { m } from './messages'
import { nextOf } from './steps'
import './own.css'

export function CoursePill({ project }: { project: string }): ReactNode {
  const { data: course } = useQuery({ queryKey: ['course', project], queryFn: () => api.course(project) })
  if (!course || !api.isUnderway(course)) return null
  const { state, done, of } = course
  if (state === 'failed' || state === 'paused') return <span className="course-pill"><b>{state === 'paused' ? m.paused.title : m.failed[course.why]?.title ?? m.failed['test']?.title}</b></span>
  const next = nextOf(course)
  return (
    <span className="course-pill" title={m.about[state]}>
      <b>{m.parts[state]}</b>
      {of !== null && <><Bar done={done} of={of} /><span className="tn">{m.of(state, done, of)}</span></>}
      {next && <span className="t3 then">{m.then[next.part]}</span>}
    </span>
  )
}

/** The items of a part: a piece for each where they are few, else one bar. */
export function Bar({ done, of }: { done: number; of: number }): ReactNode {
  if (of > 12) return <span className="course-bar" aria-hidden="true"><i className="whole" style={{ width: `${Math.min(100, (done / of) * 100)}%` }} /></span>
  return <span className="course-bar" aria-hidden="true">{Array.from({ length: of }, (_, i) => <i key={i} className={i < done ? 'on' : ''} />)}</span>
}
