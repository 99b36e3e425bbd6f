// Between two parts of the course: before a test one is asked to begin; what was passed is said in one line.
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import * as api from '../../../api/training'
import { Button, Dialog, Icon } from '../../../ui'
import { m } from './messages'
import { nextOf, passedBetween } from './steps'
import './own.css'

export function BetweenParts({ project, held, onOpen }: { project: string; held: boolean; onOpen: (open: boolean) => void }): ReactNode {
  const { data: course } = useQuery({ queryKey: ['course', project], queryFn: () => api.course(project) })
  const [seen, setSeen] = useState<api.Course | null>(null)
  const [passed, setPassed] = useState<api.Part | null>(null)
  const [begun, setBegun] = useState('')
  if (course && seen?.state !== course.state) {
    if (seen) setPassed(passedBetween(seen, course))
    setSeen(course)
  }
  const isAsked = course?.state === 'test' && course.done === 0 && begun !== 'test' && !held
  useEffect(() => {
    if (isAsked) onOpen(true)
  // Only when it opens: the callback is another one with every change of the screen.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [isAsked])
  if (!course || held) return null
  if (isAsked) {
    const part = course.parts.find((one) => one.part === 'test')
    const begin = () => {
      setBegun('test')
      setPassed(null)
      onOpen(false)
    }
    return (
      <Dialog title={m.testTitle} locked onClose={begin} width={440} footer={<><span className="grow" /><Button look="primary" data-autofocus onClick={begin}>{m.begin['test']}</Button></>}>
        {passed && <p className="row g2 md"><span className="ok"><Icon name="check" /></span>{m.passed[passed]}.</p>}
        {m.why[course.why] && <p>{m.why[course.why]}</p>}
        {part && <p>{m.size('test', part.items, part.least)}. {m.about['test']}</p>}
        <p className="t2">{nextOf(course) ? `${capital(m.then[nextOf(course)?.part ?? ''] ?? '')}.` : ''}</p>
      </Dialog>
    )
  }
  if (passed === null) return null
  return (
    <div className="floatbar tst" role="status">
      <span className="ok"><Icon name="check" /></span>
      <span className="words"><b>{m.passed[passed]}.</b> {m.about[course.state]}</span>
      <Button look="quiet" size="small" onClick={() => setPassed(null)}>{m.ok}</Button>
    </div>
  )
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
