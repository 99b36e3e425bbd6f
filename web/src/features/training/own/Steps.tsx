// The parts of a course in a row: done, now with how far, and to come.
import type { ReactNode } from 'react'
import type { Course } from '../../../api/training'
import { Icon } from '../../../ui/Icon'
import { Bar } from './CoursePill'
import { m } from './messages'
import { stepsOf } from './steps'

export function Steps({ course }: { course: Course }): ReactNode {
  return (
    <ol className="course-steps" aria-label={m.course}>
      {stepsOf(course).map((step) => (
        <li key={step.part} className={step.state} aria-current={step.state === 'now' ? 'step' : undefined}>
          <span className="mark">{step.state === 'done' ? <Icon name="check" small /> : null}</span>
          <span className="what">
            <b>{m.parts[step.part]}</b>
            <small>
              {step.state === 'done' && m.done}
              {step.state === 'now' && course.of !== null && course.state === step.part && <><Bar done={course.done} of={course.of} /> {m.of(step.part, course.done, course.of)}</>}
              {(step.state === 'next' || (step.state === 'now' && course.state !== step.part)) && step.items !== null && m.size(step.part, step.items, step.least ?? step.items)}
            </small>
          </span>
        </li>
      ))}
    </ol>
  )
}
