// What can be said of the answer that is shown, one key each.

import type { ReactNode } from 'react'
import { shownChord } from '../../../engine/hotkeys'
import { Icon, type IconName } from '../../../ui/Icon'
import { Button, Key } from '../../../ui/parts'
import { useJudging } from './context'
import { GOLD_USES, type Judging } from './judging'
import { CONSENSUS } from './layers'
import { m } from './messages'

export function VerdictBar(): ReactNode {
  const judging = useJudging()
  return (
    <div className="verdicts" role="toolbar" aria-label={judging.isAdjudication ? m.adjudication : m.title}>
      {judging.differences.length > 0 && <Differences judging={judging} />}
      <div className="row says">
        {judging.isFixing ? <Fixing judging={judging} /> : judging.isAdjudication ? <Deciding judging={judging} /> : <Judges judging={judging} />}
      </div>
      {judging.mayGold && <label className="row g2 f12 nowrap" title={judging.isAdjudication ? m.goldOfResult : m.goldOfAnswer}>{m.makeGold}<select className="input" aria-label={m.makeGold} value={judging.goldUse ?? ''} onChange={(event) => judging.setGold(GOLD_USES.find((use) => use === event.target.value) ?? null)}><option value="">{m.goldNo}</option>{GOLD_USES.map((use) => <option key={use} value={use}>{m.goldUses[use]}</option>)}</select> <Key>G</Key></label>}
    </div>
  )
}

function Differences({ judging }: { judging: Judging }): ReactNode {
  const { differences, at, screen } = judging
  return (
    <div className="row g2 f12 step">
      <Button look="quiet" size="small" icon="cl" aria-label={m.previousDifference} onClick={() => screen.run('review.difference-before')} />
      <span className="md">{m.differences}</span>
      <span className="t2">{at < 0 ? differences.length : m.differenceOf(at + 1, differences.length)}</span>
      <Button look="quiet" size="small" icon="cr" keys="N" aria-label={m.nextDifference} onClick={() => screen.run('review.difference')} />
      {judging.isFixing && at >= 0 && judging.layers.map((layer, n) => (
        <Button key={layer.key} size="small" keys={`Alt ${n + 1}`} onClick={() => judging.pick(layer)}>{m.pickFrom(layer.name)}</Button>
      ))}
    </div>
  )
}

function Judges({ judging }: { judging: Judging }): ReactNode {
  const { screen, open, layers } = judging
  const about = layers.filter((one) => one.answer !== null).length > 1 && judging.target ? judging.target.name : null
  return (
    <>
      <Choice id="review.accept" icon="check" title={about ? `${m.accept} ${about}` : m.accept} text={m.acceptText} judging={judging} main />
      <Choice id="review.fix" icon="pencil" title={m.fix} text={m.fixText} judging={judging} />
      <Choice id="review.reject" icon="left" title={about ? `${m.reject} ${about}` : m.reject} text={m.rejectText} judging={judging} bad />
      {open.length > 1 && <span className="t3 f12">{open.map((one) => one.name).join(', ')}</span>}
      <span className="hidden" aria-live="polite">{screen.work ? m.by(judging.target?.name ?? '') : ''}</span>
    </>
  )
}

function Deciding({ judging }: { judging: Judging }): ReactNode {
  return (
    <>
      {judging.layers.map((layer, n) => (
        <Choice key={layer.key} id={layer.key === CONSENSUS ? 'review.consensus' : `review.take.${n + 1}`} icon={layer.key === CONSENSUS ? 'merge' : 'check'} title={m.take(layer.name)} text={m.takeText} judging={judging} main={layer.key === judging.shown} />
      ))}
      <Choice id="review.fix" icon="pencil" title={m.compose} text={m.composeText} judging={judging} />
    </>
  )
}

function Fixing({ judging }: { judging: Judging }): ReactNode {
  return (
    <>
      <Choice id="review.hand-in" icon="check" title={judging.isAdjudication ? m.handInResult : m.handInFix} text={m.handInText(judging.changes.length)} judging={judging} main />
      <Choice id="review.drop" icon="trash" title={m.dropFix} text={m.dropText} judging={judging} />
    </>
  )
}

function Choice({ id, icon, title, text, judging, main, bad }: { id: string; icon: IconName; title: string; text: string; judging: Judging; main?: boolean; bad?: boolean }): ReactNode {
  const key = judging.screen.keyOf(id)
  return (
    <button type="button" className={['say', main ? 'first' : '', bad ? 'back' : ''].filter(Boolean).join(' ')} aria-label={title} title={`${title}, ${text}`} onClick={() => judging.screen.run(id)}>
      <Icon name={icon} />
      <span className="words"><b>{title}</b><small>{text}</small></span>
      {key && <Key>{shownChord(key)}</Key>}
    </button>
  )
}
