// One turn: who says it, told apart by more than colour, and what is said.

import { memo, type ReactNode } from 'react'
import type { Turn } from '../../engine/talk'
import { LongText } from '../../ui/LongText'
import { Markdown, CopyButton } from '../../ui/Markdown'
import { m } from './messages'

/** Roles whose words are not written by Markdown's rules. */
const PLAIN = new Set(['tool', 'function'])

export const TurnView = memo(function TurnView({ turn, number, called, active, note, under }: { turn: Turn; number: number; called?: string; active?: boolean; note?: ReactNode; under?: ReactNode }): ReactNode {
  const role = m.roles[turn.role] ?? turn.role
  return (
    <article className={['turn', `role-${m.roles[turn.role] ? turn.role : 'other'}`, active ? 'active' : ''].filter(Boolean).join(' ')} aria-label={called ?? m.turn(number, turn.name ? `${role}, ${turn.name}` : role)}>
      <header>
        <span className="who-letter" aria-hidden="true">{[...(turn.name || role)][0]?.toUpperCase()}</span>
        <span className="md">{role}</span>
        {turn.name && <bdi className="t2">{turn.name}</bdi>}
        {turn.at && <span className="t3 f12">{turn.at}</span>}
        <span className="grow" />
        {note}
        <CopyButton text={turn.content} label={m.copyTurn(number)} />
        <span className="t3 f12 number" aria-hidden="true">{number}</span>
      </header>
      <Said turn={turn} />
      {under}
    </article>
  )
})

/** What a turn says, with the tools it calls. */
export const Said = memo(function Said({ turn }: { turn: Turn }): ReactNode {
  return (
    <>
      {turn.content !== '' && (PLAIN.has(turn.role) ? <div className="tool-said"><LongText text={turn.content} /></div> : <Markdown text={turn.content} />)}
      {(turn.tool_calls ?? []).map((call, i) => (
        <div key={i} className="tool-call">
          <span className="t3 f12">{m.calls}</span>
          <pre dir="ltr">{typeof call === 'string' ? call : JSON.stringify(call, null, 2)}</pre>
        </div>
      ))}
    </>
  )
})
