// The courses that somebody is in, on their start page: where they stand, how far, and the one next thing to do.
import { useQueries } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import * as api from '../../../api/training'
import { Go, Icon } from '../../../ui'
import { Standing } from './CourseEnd'
import { m } from './messages'
import { Steps } from './Steps'
import './own.css'

export function CourseCards({ projects }: { projects: readonly { id: string; title: string; waiting: boolean }[] }): ReactNode {
  const found = useQueries({ queries: projects.map((one) => ({ queryKey: ['course', one.id], queryFn: () => api.course(one.id) })) })
  return (
    <>
      {projects.map((project, i) => {
        const course = found[i]?.data
        return course && api.isUnderway(course) ? <One key={project.id} project={project} course={course} /> : null
      })}
    </>
  )
}

function One({ project, course }: { project: { id: string; title: string; waiting: boolean }; course: api.Course }): ReactNode {
  const stopped = course.state === 'failed' || course.state === 'paused'
  const title = course.state === 'paused' ? m.paused.title : course.state === 'failed' ? (m.failed[course.why] ?? m.failed['test'])?.title : course.waits ? m.waits[course.state]?.title : null
  return (
    <section className="card course-card">
      <h2 className="ch">{m.course} <span className="c">{project.title}</span><span className="grow" />{!stopped && project.waiting && <Go to={`/p/${project.id}/label`} className="btn small">{course.done === 0 ? m.begin[course.state] : m.goOn}</Go>}</h2>
      <div className="cb">
        <Steps course={course} />
        {title && <h3 className="row g2"><span className={stopped ? 'warn' : 't2'}><Icon name={stopped ? 'refresh' : 'clock'} small /></span>{title}</h3>}
        {stopped || course.waits ? <Standing course={course} project={project.id} /> : <p className="t2">{m.why[course.why] ? `${m.why[course.why]} ` : ''}{m.about[course.state]}{course.reason ? ` ${m.said(course.reason)}` : ''}</p>}
      </div>
    </section>
  )
}
