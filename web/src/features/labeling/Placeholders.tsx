// What stands on the surface when no item does: loading, nothing left, handed in, not to be opened.

import { type ReactNode, Suspense, useEffect, useState } from 'react'
import { Icon } from '../../ui/Icon'
import { Button } from '../../ui/parts'
import { useScreen } from './context'
import { m } from './messages'

const SAY_AFTER_MS = 1_000

/** The shape of what comes; after a second it says what is awaited. */
export function LoadingSurface({ percent = null }: { percent?: number | null }): ReactNode {
  const [late, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), SAY_AFTER_MS)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div className="waiting" role="status" aria-label={m.loading}>
      <span className="sk" />
      {percent !== null ? <p className="f12 t3">{m.cutting(percent)}</p> : late && <p className="f12 t3">{m.stillLoading}</p>}
    </div>
  )
}

/** The same in the place of a picture or a document of the open item, which is not handed in before it has been seen. */
export function AwaitedSurface({ percent }: { percent?: number | null }): ReactNode {
  const { unseen } = useScreen()
  useEffect(() => unseen.add({ reason: m.loading, canSkip: false }), [unseen])
  return <LoadingSurface percent={percent ?? null} />
}

/** The whole screen before the session is open. */
export function LoadingScreen({ title }: { title: string }): ReactNode {
  return (
    <div className="lab" aria-busy="true">
      <header className="hd">
        <span className="logo"><Icon name="logo" /></span>
        <h1 className="t2">{title}</h1>
      </header>
      <nav className="rail" />
      <main className="surf" id="main" tabIndex={-1}><LoadingSurface /></main>
      <aside className="side">
        {[3, 9, 2].map((rows) => (
          <section key={rows} className="sec skeletons">
            {Array.from({ length: rows }, (_, i) => <span key={i} className="sk" style={{ width: `${88 - ((i * 17) % 40)}%` }} />)}
          </section>
        ))}
      </aside>
    </div>
  )
}

export function Empty(): ReactNode {
  const { session, options } = useScreen()
  const course = options.beside?.course
  const plain = (
    <div className="plate">
      <span className="ok"><Icon name="check" /></span>
      <h2>{m.emptyTitle}</h2>
      <p className="t2">{m.emptyText}</p>
      {session.today !== null && session.today > 0 && <p className="t2">{m.emptyToday(session.today)}</p>}
      <div className="row g2 acts">
        <Button look="primary" size="big" icon="refresh" onClick={() => void session.next()}>{m.lookAgain}</Button>
        {options.onLeave && <Button size="big" onClick={options.onLeave}>{m.back}</Button>}
      </div>
    </div>
  )
  if (!course) return plain
  return <Suspense><course.End project={options.projectId} onAgain={() => void session.next()} onLeave={options.onLeave}>{plain}</course.End></Suspense>
}

export function Done(): ReactNode {
  const { session, options } = useScreen()
  const last = session.submitted?.work.task.item.id ?? session.lastItem
  return (
    <div className="plate">
      <span className="ok"><Icon name="check" /></span>
      <h2>{m.doneTitle}</h2>
      <p className="t2">{m.doneText}</p>
      <div className="row g2 acts">
        {options.onLeave && <Button look="primary" size="big" onClick={options.onLeave}>{m.back}</Button>}
        {last && <Button size="big" icon="pencil" onClick={() => void session.openItem(last)}>{m.again}</Button>}
      </div>
    </div>
  )
}

export function Failed(): ReactNode {
  const { session, options } = useScreen()
  const { failure } = session
  return (
    <div className="plate" role="alert">
      <span className="bad"><Icon name="alert" /></span>
      <h2>{m.failedTitle}</h2>
      <p className="t2">{failure?.message} {m.failedText}</p>
      <div className="row g2 acts">
        <Button look="primary" size="big" icon="refresh" onClick={() => session.wake()}>{m.tryAgain}</Button>
        {options.onLeave && <Button size="big" onClick={options.onLeave}>{m.back}</Button>}
      </div>
      {failure?.trace && <p className="f12 t3">{m.trace} <span className="mono">{failure.trace}</span></p>}
    </div>
  )
}
