// A choice among few: values side by side, or one on each line with its key.

import type { ReactNode } from 'react'
import type { ControlProps } from '../engine/kind'
import { Key } from '../ui/parts'
import { type Answer, isMultiple, keysOf, optionsOf, toggled } from './options'

/** Short values side by side. */
export function ChoiceRow({ field, value, onChange, keys, disabled, id }: ControlProps): ReactNode {
  const chosen = keysOf(value as Answer)
  const several = isMultiple(field)
  return (
    <span className="seg wrap" role={several ? 'group' : 'radiogroup'} aria-label={field.title} id={id}>
      {optionsOf(field).map(({ key, title, definition }, i) => {
        const on = chosen.includes(key)
        const state = several ? { 'aria-pressed': on } : { role: 'radio', 'aria-checked': on }
        return (
          <button key={key} type="button" {...state} title={definition || undefined} disabled={disabled} tabIndex={on || (chosen.length === 0 && i === 0) || several ? 0 : -1} onClick={() => onChange(toggled(field, value as Answer, key))} onKeyDown={(event) => roam(event)}>
            {title}
            {keys.options[key] && <Key>{keys.options[key]}</Key>}
          </button>
        )
      })}
    </span>
  )
}

/** One option on each line. */
export function ChoiceList({ field, value, onChange, keys, disabled, id }: ControlProps): ReactNode {
  const chosen = keysOf(value as Answer)
  const several = isMultiple(field)
  return (
    <ul className="choices" role={several ? 'group' : 'radiogroup'} aria-label={field.title} id={id}>
      {optionsOf(field).map(({ key, title, definition }, i) => {
        const on = chosen.includes(key)
        return (
          <li key={key} role="none">
            <button type="button" role={several ? 'checkbox' : 'radio'} aria-checked={on} className={on ? 'on' : ''} title={definition || undefined} disabled={disabled} tabIndex={on || several || (chosen.length === 0 && i === 0) ? 0 : -1} onClick={() => onChange(toggled(field, value as Answer, key))} onKeyDown={(event) => roam(event)}>
              <i className={several ? 'tick' : 'pip'} aria-hidden="true" />
              <span className="grow tr" dir="auto">{title}</span>
              {keys.options[key] && <Key>{keys.options[key]}</Key>}
            </button>
          </li>
        )
      })}
    </ul>
  )
}

/** Arrows move between the options of a group, as in any group of radios. */
function roam(event: React.KeyboardEvent<HTMLButtonElement>): void {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key]
  const group = event.currentTarget.closest('[role="radiogroup"],[role="group"]')
  if (step === undefined || group === null) return
  event.preventDefault()
  event.stopPropagation()
  const buttons = [...group.querySelectorAll('button')]
  buttons.at((buttons.indexOf(event.currentTarget) + step) % buttons.length)?.focus()
}
