// In the place of an item where the course gives none: what it waits for, that a test was not passed, and what to do next.
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect, useRef } from 'react'
import * as api from '../../../api/training'
import { Button, format, Go, Icon } from '../../../ui'
import { m } from './messages'
import { Steps } from './Steps'
import './own.css'

export function CourseEnd({ project, children, onAgain, onLeave }: { project: string; children: ReactNode; onAgain: () => void; onLeave: (() => void) | null }): ReactNode {
  const { data: course } = useQuery({ queryKey: ['course', project], queryFn: () => api.course(project) })
  const place = course ? `${course.state} ${course.waits}` : ''
  const before = useRef(place)
  useEffect(() => {
    if (before.current !== '' && before.current !== place) onAgain()
    before.current = place
  }, [place, onAgain])
  if (!course || !api.isUnderway(course)) return children
  const { title } = wordsOf(course)
  return (
    <div className="plate course-end">
      <span className={course.state === 'failed' || course.state === 'paused' ? 'warn' : 't2'}><Icon name={course.state === 'failed' ? 'refresh' : course.state === 'paused' ? 'lock' : 'clock'} /></span>
      <h2>{title}</h2>
      <Standing course={course} project={project} />
      <Steps course={course} />
      <div className="row g2 acts">
        <Button look="primary" size="big" icon="refresh" onClick={onAgain}>{m.lookAgain}</Button>
        {onLeave && <Button size="big" onClick={onLeave}>{m.back}</Button>}
      </div>
    </div>
  )
}

/** What somebody is told of where they stand, and what helps. */
export function Standing({ course, project }: { course: api.Course; project: string }): ReactNode {
  const { text } = wordsOf(course)
  return (
    <>
      <p className="t2">{text}</p>
      {course.reason && <p dir="auto">{m.said(course.reason)}</p>}
      {course.why !== 'said' && m.why[course.why] && <p>{m.why[course.why]}</p>}
      {course.state === 'failed' && (
        <>
          <p>{course.until ? m.again(format.moment(course.until), course.tries_left ?? 0) : m.askManager}</p>
          <ul className="helps" aria-label={m.helps}>
            <li><Go to={`/p/${project}/guideline`} className="link"><Icon name="book" small /> {m.read}</Go></li>
            <li><Go to={`/p/${project}/feedback`} className="link"><Icon name="chart" small /> {m.look}</Go></li>
          </ul>
        </>
      )}
    </>
  )
}

function wordsOf(course: api.Course): { title: string; text: string } {
  if (course.state === 'paused') return m.paused
  if (course.state === 'failed') return m.failed[course.why] ?? m.failed['test'] ?? m.none
  if (course.waits || course.state === 'pilot') return m.waits[course.state] ?? m.none
  return m.none
}
