// Which of two is better: a row of answers from the first to the second, as they stand above it.

import type { ReactNode } from 'react'
import type { ControlProps, KeyedOption } from '../engine/kind'
import { shown } from '../engine/problem'
import { Key } from '../ui/parts'
import { press } from './ranking-answers'

export function PairBar({ field, value, onChange, keys, disabled, id, parts, options }: ControlProps & { options: readonly KeyedOption[] }): ReactNode {
  const answers = options.map((option) => ({ ...option, says: press(field, undefined, option.value, parts) }))
  const chosen = answers.findIndex((answer) => shown(answer.says) === shown(value))
  return (
    <div className="pair-bar" role="radiogroup" aria-label={field.title} id={id}>
      {answers.map(({ value: option, title }, i) => (
        <button key={option} type="button" role="radio" aria-checked={i === chosen} className={option === '0' ? 'btn apart' : 'btn'} disabled={disabled} tabIndex={i === Math.max(0, chosen) ? 0 : -1} onClick={() => onChange(press(field, value, option, parts))} onKeyDown={roam}>
          {title}
          {keys.options[option] && <Key>{keys.options[option]}</Key>}
        </button>
      ))}
    </div>
  )
}

/** Arrows move between the answers, as in any group of radios. */
function roam(event: React.KeyboardEvent<HTMLButtonElement>): void {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key]
  const buttons = [...(event.currentTarget.parentElement?.querySelectorAll('button') ?? [])]
  if (step === undefined) return
  event.preventDefault()
  event.stopPropagation()
  buttons.at((buttons.indexOf(event.currentTarget) + step) % buttons.length)?.focus()
}
