// The header: where one is, whether all is saved, how much was done, skip and submit.

import { type ReactNode, Suspense } from 'react'
import { Icon } from '../../ui/Icon'
import { Button, Key } from '../../ui/parts'
import { useScreen } from './context'
import { m } from './messages'
import { SaveDot } from './SaveDot'

export function Header({ preview }: { preview: boolean }): ReactNode {
  const screen = useScreen()
  const { session, work, options } = screen
  const { beside } = options
  const open = screen.openCount
  const ready = work !== null && open === 0 && screen.unseen.why === null
  return (
    <header className="hd" data-panel="header" tabIndex={-1}>
      <button type="button" className="logo" aria-label={m.back} title={m.back} disabled={options.onLeave === null} onClick={() => options.onLeave?.()}>
        <Icon name="logo" />
      </button>
      <span className="row g2 tr">
        {preview ? <span className="t2 tr">{options.projectTitle}</span> : <h1 className="t2 tr">{options.projectTitle}</h1>}
        {work && (
          <>
            <span className="t3">/</span>
            <bdi className="md tr" title={work.title}>{m.item(work.title)}</bdi>
          </>
        )}
      </span>
      {!preview && <SaveDot />}
      {!preview && beside?.course && session.isQueue && <Suspense><beside.course.Pill project={options.projectId} /></Suspense>}
      {session.submitted && <JustSubmitted />}
      <span className="grow" />
      {!preview && session.today !== null && (
        <button type="button" className="row g2 today" title={m.recentTitle} onClick={() => screen.run('labeling.recent')}>
          <span className="t2">{m.today}</span>
          <span className="n">{session.today.toLocaleString()}</span>
        </button>
      )}
      {!preview && !screen.isIdle && !screen.schema.card && (
        <>
          <span className="sep" />
          {screen.options.beside && (
            <Button look="quiet" icon="ask" keys={screen.keyOf('labeling.ask') ?? undefined} disabled={work === null} onClick={() => screen.run('labeling.ask')}>
              {m.ask}
            </Button>
          )}
          <Button look="quiet" icon="skip" keys={screen.keyOf('labeling.skip') ?? undefined} disabled={work === null || work.isFinal} onClick={() => screen.run('labeling.skip')}>
            {m.skip}
          </Button>
        </>
      )}
      {!screen.isIdle && !screen.schema.card && <Button look={ready ? 'primary' : 'plain'} className={ready ? '' : 'not-yet'} keys={ready ? (screen.keyOf('labeling.submit') ?? undefined) : undefined} disabled={work === null || screen.unseen.why !== null} onClick={() => screen.submit()}>
        {work?.isFinal ? m.goOnNext : open === 0 ? m.submit : m.submitOpen(open)}
      </Button>}
    </header>
  )
}

/** Five seconds in which what was just handed in can be taken back. */
function JustSubmitted(): ReactNode {
  const { session } = useScreen()
  if (session.submitted === null) return null
  const { work, parcel } = session.submitted
  return (
    <span className="row g1 just" role="status">
      <span className="t3">{parcel.body.state === 'skipped' ? m.skipped(m.item(work.title)) : m.submitted(m.item(work.title))}</span>
      <button type="button" className="btn quiet small" onClick={() => void session.undoSubmit()}>
        {m.undoSubmit} <Key>Ctrl Z</Key>
      </button>
    </span>
  )
}
