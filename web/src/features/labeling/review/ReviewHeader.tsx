// The header: where one is, whether all is saved, what was just judged and can still be taken back.

import type { ReactNode } from 'react'
import { Icon } from '../../../ui/Icon'
import { Button, Key } from '../../../ui/parts'
import { m as labeling } from '../messages'
import { SaveDot } from '../SaveDot'
import { useJudging } from './context'
import { m } from './messages'

export function ReviewHeader(): ReactNode {
  const judging = useJudging()
  const { screen } = judging
  const { session, work, options } = screen
  const what = work ? labeling.item(work.title) : ''
  return (
    <header className="hd" data-panel="header" tabIndex={-1}>
      <button type="button" className="logo" aria-label={labeling.back} title={labeling.back} onClick={() => options.onLeave?.()}>
        <Icon name="logo" />
      </button>
      <span className="row g2 tr">
        <h1 className="t2 tr">{options.projectTitle}</h1>
        <span className="t3">/</span>
        <bdi className="md tr">{[what, (judging.isAdjudication ? m.adjudication : m.title).toLowerCase()].filter(Boolean).join(', ')}</bdi>
      </span>
      <SaveDot />
      {session.submitted && (
        <span className="row g1 just" role="status">
          <span className="t3">{m.handed(labeling.item(session.submitted.work.title))}</span>
          <button type="button" className="btn quiet small" onClick={() => void session.undoSubmit()}>
            {m.undoText} <Key>Ctrl Z</Key>
          </button>
        </span>
      )}
      <span className="grow" />
      {session.today !== null && <span className="row g2 today"><span className="t2">{m.today}</span><span className="n">{session.today.toLocaleString()}</span></span>}
      {work !== null && !judging.isFixing && (
        <>
          <span className="sep" />
          <Button look="quiet" icon="skip" keys={screen.keyOf('review.leave') ?? undefined} onClick={() => screen.run('review.leave')}>{m.leave}</Button>
        </>
      )}
    </header>
  )
}
