// The foot of a card: its question and a large button for each answer.

import { type ReactNode, useLayoutEffect } from 'react'
import { Mark } from '../../ui/Mark'
import { Key } from '../../ui/parts'
import { cardAnswers, questionOf, suggestAgain } from './cards'
import { useScreen } from './context'
import { m } from './messages'

export function CardBar(): ReactNode {
  const screen = useScreen()
  const { work } = screen
  useLayoutEffect(() => suggestAgain(screen, work), [screen, work])
  if (work === null) return null
  return (
    <div className="card-bar" role="group" aria-label={questionOf(screen)}>
      <h2 aria-live="polite">{questionOf(screen)}</h2>
      <div className="card-answers">
        {cardAnswers(screen).map((answer) => (
          <button key={answer.id} type="button" className="card-answer" aria-keyshortcuts={answer.key || undefined} disabled={work.isFinal} onClick={() => screen.run(`card.${answer.id}`)}>
            {answer.mark !== null && <Mark index={answer.mark} size={12} />}
            <span className="tr">{answer.title}</span>
            {answer.key && <Key>{answer.key}</Key>}
          </button>
        ))}
        <button type="button" className="card-answer quiet" aria-keyshortcuts="Space" disabled={work.isFinal} onClick={() => screen.run('card.ignore')}>{m.ignoreShort} <Key>Space</Key></button>
      </div>
    </div>
  )
}
