// What must be known now: no connection, a review that was refused and what to do about it, why something did not happen.

import type { ReactNode } from 'react'
import { Icon, type IconName } from '../../../ui/Icon'
import { Button } from '../../../ui/parts'
import { m as labeling } from '../messages'
import { useJudging } from './context'
import { m } from './messages'

export function ReviewNotices({ schemaVersion, onReload }: { schemaVersion: number; onReload: () => void }): ReactNode {
  const judging = useJudging()
  const { screen } = judging
  const { session, work } = screen
  const { save } = session
  return (
    <div className="notices" aria-live="polite">
      {save.kind === 'offline' && (
        <Line icon="wifi" tone="warn" text={`${labeling.noConnection(timeOf(save.since))} ${labeling.goOn(session.readyCount)}`}>
          <Button look="quiet" size="small" onClick={() => session.wake()}>{labeling.tryNow}</Button>
        </Line>
      )}
      {session.outbox.returned.map(({ parcel, failure }) => (
        <Line key={parcel.id} icon="alert" tone="bad" text={`${m.refused(labeling.item(parcel.title))} ${failure.message}`}>
          <Button look="quiet" size="small" onClick={() => void judging.lookAgain(parcel)}>{m.openAgain}</Button>
          <Button look="quiet" size="small" onClick={() => session.outbox.dismiss(parcel.id)}>{m.giveUp}</Button>
        </Line>
      ))}
      {save.kind === 'refused' && work?.sync?.failure && <Line icon="alert" tone="bad" text={`${labeling.notSavedTitle} ${work.sync.failure.message}`} />}
      {session.undoFailure && (
        <Line icon="alert" tone="warn" text={`${labeling.undoFailed} ${session.undoFailure.message}`}>
          <Button look="quiet" size="small" onClick={() => session.forgetUndoFailure()}>{m.dismiss}</Button>
        </Line>
      )}
      {screen.notice !== null && (
        <Line icon="infoc" tone="warn" text={screen.notice}>
          <Button look="quiet" size="small" onClick={() => screen.say(null)}>{m.dismiss}</Button>
        </Line>
      )}
      {work?.task.schema !== undefined && work.task.schema !== schemaVersion && (
        <Line icon="refresh" tone="info" text={labeling.newQuestions}>
          <Button look="quiet" size="small" onClick={onReload}>{labeling.reload}</Button>
        </Line>
      )}
    </div>
  )
}

function Line({ icon, tone, text, children }: { icon: IconName; tone: 'warn' | 'bad' | 'info'; text: string; children?: ReactNode }): ReactNode {
  return (
    <div className="floatbar tst" role={tone === 'bad' ? 'alert' : 'status'}>
      <span className={tone}><Icon name={icon} /></span>
      <span className="words">{text}</span>
      {children}
    </div>
  )
}

function timeOf(at: number | null): string {
  return new Date(at ?? Date.now()).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
}
