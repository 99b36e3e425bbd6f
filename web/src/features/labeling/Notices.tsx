// What must be known now, in one line at the top of the surface: no connection, a refusal, two versions.

import type { ReactNode } from 'react'
import type { Conflict } from '../../engine/rebase'
import { labelOf } from '../../engine/schema'
import { Icon, type IconName } from '../../ui/Icon'
import { shownChord } from '../../engine/hotkeys'
import { Button, Key } from '../../ui/parts'
import { BetweenParts } from './beside'
import { useScreen } from './context'
import { m } from './messages'
import type { Screen } from './screen'
import { SentBack } from './SentBack'

export function Notices({ schemaVersion, onReload }: { schemaVersion: number; onReload: (() => void) | undefined }): ReactNode {
  const screen = useScreen()
  const { session, work } = screen
  const { save } = session
  const conflict = work?.sync?.conflicts[0]
  return (
    <div className="notices" aria-live="polite">
      {save.kind === 'offline' && (
        <Line icon="wifi" tone="warn" text={`${m.noConnection(timeOf(save.since))} ${m.goOn(session.readyCount)}`}>
          <Button look="quiet" size="small" onClick={() => session.wake()}>{m.tryNow}</Button>
        </Line>
      )}
      {session.outbox.returned.map(({ parcel, failure }) => (
        <Line key={parcel.id} icon="alert" tone="bad" text={`${m.refusedSubmit(capital(m.item(parcel.title)))} ${failure.message}`}>
          <Button look="quiet" size="small" onClick={() => void session.openReturned(parcel.id)}>{m.openItem(m.item(parcel.title))}</Button>
          <Button look="quiet" size="small" onClick={() => session.outbox.dismiss(parcel.id)}>{m.giveUp}</Button>
        </Line>
      ))}
      {work && <SentBack key={work.task.item.id} screen={screen} work={work} />}
      {conflict && work && <Versions screen={screen} conflict={conflict} />}
      {save.kind === 'refused' && work?.sync?.failure && <Line icon="alert" tone="bad" text={`${m.notSavedTitle} ${work.sync.failure.message}`} />}
      {session.undoFailure && (
        <Line icon="alert" tone="warn" text={`${m.undoFailed} ${session.undoFailure.message}`}>
          <Button look="quiet" size="small" onClick={() => session.forgetUndoFailure()}>{m.dismiss}</Button>
        </Line>
      )}
      {work && !work.isFinal && screen.walk.state === 'off' && !screen.schema.card && work.given().length > 0 && (
        <Line icon="smart" tone="info" text={m.givenCount(work.given().length)}>
          <Button look="quiet" size="small" onClick={() => screen.run('labeling.accept')}>{m.acceptAll(work.given().length)} <Key>{shownChord(screen.keyOf('labeling.accept') ?? '')}</Key></Button>
        </Line>
      )}
      {screen.notice !== null && (
        <Line icon="infoc" tone="warn" text={screen.notice}>
          <Button look="quiet" size="small" onClick={() => screen.say(null)}>{m.dismiss}</Button>
        </Line>
      )}
      <BetweenParts />
      {work?.isFinal && !work.isHandedIn && <Line icon="lock" tone="info" text={m.final} />}
      {session.takenElsewhere && <Line icon="infoc" tone="info" text={m.elsewhere} />}
      {onReload && work?.task.schema !== undefined && work.task.schema !== schemaVersion && (
        <Line icon="refresh" tone="info" text={m.newQuestions}>
          <Button look="quiet" size="small" onClick={onReload}>{m.reload}</Button>
        </Line>
      )}
    </div>
  )
}

function Versions({ screen, conflict }: { screen: Screen; conflict: Conflict }): ReactNode {
  const { work } = screen
  const field = work?.field(conflict.field)
  const name = (field && labelOf(field, conflict.mine.label)?.title) ?? field?.title ?? conflict.field
  const settle = (act: () => void): void => {
    act()
    work?.sync?.settle(conflict.id)
  }
  return (
    <Line icon="alert" tone="bad" text={m.versions(name)}>
      <Button look="quiet" size="small" onClick={() => settle(() => conflict.copy !== null && work?.remove([conflict.id]))}>{m.keepMine}</Button>
      <Button look="quiet" size="small" onClick={() => settle(() => (conflict.copy === null ? work?.take(conflict.theirs) : work?.remove([conflict.copy])))}>{m.takeOther}</Button>
      {conflict.copy !== null && <Button look="quiet" size="small" onClick={() => settle(() => screen.view.select(conflict.id, conflict.copy ?? conflict.id))}>{m.dismiss}</Button>}
    </Line>
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

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
