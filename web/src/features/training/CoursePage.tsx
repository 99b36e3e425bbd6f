// The course of a project: its parts as managers set them up, and where everybody stands, for managers and mentors.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { projects } from '../../api'
import { Button, Empty, Failure, SkeletonCard } from '../../ui'
import { CourseEditor } from './CourseEditor'
import { m } from './messages'
import { courseOf, type Course } from './policy'
import { Standings } from './Standings'
import './training.css'

const FRESH: Course = { practice: 5, test: {}, pilot: null }

export function CoursePage({ project: id, manages }: { project: string; manages: boolean }) {
  const project = useQuery({ queryKey: ['project', id], queryFn: () => projects.one(id) })
  const [fresh, setFresh] = useState(false)
  const course = project.data ? courseOf(project.data) : null
  return (
    <>
      <header className="top"><h1>{m.course}</h1><span className="t3 f12">{m.courseAbout}</span></header>
      <div className="page">
        {project.isPending && <><SkeletonCard height={240} /><SkeletonCard /></>}
        {project.isError && <Failure error={project.error} onRetry={() => void project.refetch()} />}
        {project.data && !course && !fresh && (
          <Empty title={m.noCourse} actions={manages ? <Button look="primary" onClick={() => setFresh(true)}>{m.setUp}</Button> : undefined}>{m.noCourseText}</Empty>
        )}
        {project.data && (course ?? fresh) && <CourseEditor key={`${project.data.policy_version}`} project={project.data} course={course ?? FRESH} isFresh={!course} manages={manages} onGone={() => setFresh(false)} />}
        {course && <Standings project={id} manages={manages} />}
      </div>
    </>
  )
}
