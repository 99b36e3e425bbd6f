// One question about one annotation, large, with its options on digits.

import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react'
import type { ControlProps } from '../../engine/kind'
import { Button, IconButton, Key } from '../../ui/parts'
import { useScreen } from './context'
import { m } from './messages'
import type { Screen } from './screen'
import { DIGITS, type Question } from './walk'

export function WalkPanel(): ReactNode {
  const screen = useScreen()
  const { walk } = screen
  if (walk.state === 'off') return null
  const { question, count } = walk
  return (
    <section className="floatbar walk" aria-label={m.commands.walk}>
      <header className="row g2">
        <span className="grow t2 f12" role="status">{question ? m.walkAt(screen.nameOf(question.annotation), question.number, question.of) : m.walkDone}</span>
        <IconButton icon="x" size="small" label={m.commands.walkEnd} onClick={() => walk.end()} />
      </header>
      {question ? <Asked key={`${question.annotation.id}/${question.attribute.key}`} screen={screen} question={question} /> : <Done screen={screen} count={count} />}
    </section>
  )
}

function Asked({ screen, question }: { screen: Screen; question: Question }): ReactNode {
  const { attribute, options, value } = question
  const typed = useRef<HTMLDivElement>(null)
  const kind = screen.kinds.get(attribute.kind)
  useEffect(() => typed.current?.querySelector<HTMLElement>('input, textarea, button')?.focus(), [])
  if (kind?.surface !== 'form') return null
  const chosen = Array.isArray(value) ? value.map(String) : value === undefined || value === null ? [] : [String(value)]
  // The engine does not know what a control renders; every kind of this screen renders React.
  const Control = kind.Control as (props: ControlProps) => ReactNode
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' && event.key !== 'Escape') return
    event.preventDefault()
    if (event.key === 'Escape') screen.walk.end()
    else if (event.shiftKey) screen.walk.back()
    else screen.walk.next()
    screen.surface?.focus()
  }
  return (
    <>
      <h2 id="walk-asked" dir="auto">{attribute.title}</h2>
      {attribute.definition && <p className="t2 f12" dir="auto">{attribute.definition}</p>}
      {options.length > 0 ? (
        <div className="walk-options" role="group" aria-labelledby="walk-asked">
          {options.map((option, i) => (
            <button key={option.value} type="button" className={chosen.includes(option.value) ? 'lb on' : 'lb'} aria-pressed={chosen.includes(option.value)} onClick={() => screen.walk.choose(i)}>
              <Key>{DIGITS[i]}</Key>
              <span className="tr" dir="auto">{option.title}</span>
            </button>
          ))}
        </div>
      ) : (
        <div ref={typed} onKeyDown={onKeyDown}><Control id="walk-answer" field={attribute} value={value} keys={{ field: null, options: {} }} onChange={(next) => screen.walk.answer(next)} /></div>
      )}
      <p className="row g2 t2 f12"><Key>Enter</Key> {m.walkOn} <Key>Shift Enter</Key> {m.walkBack} <Key>Esc</Key> {m.walkStop}</p>
    </>
  )
}

function Done({ screen, count }: { screen: Screen; count: { readonly objects: number; readonly answers: number } }): ReactNode {
  return (
    <>
      <h2>{m.walkCount(count.answers, count.objects)}</h2>
      <p className="row g2"><Button look="primary" size="small" onClick={() => screen.walk.end()}>{m.dismiss} <Key>Enter</Key></Button><Button look="quiet" size="small" onClick={() => screen.walk.back()}>{m.walkBack} <Key>Shift Enter</Key></Button></p>
    </>
  )
}
