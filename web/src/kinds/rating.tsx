// A rating: a whole number on a scale with two ends.

import type { ReactNode } from 'react'
import type { ControlProps, FormKind, KeyedOption } from '../engine/kind'
import { problem } from '../engine/problem'
import type { Field } from '../engine/schema'
import type { Json, Problem } from '../engine/types'

/** Steps that fit side by side in the panel; longer scales are drawn as a line. */
const BESIDE = 7

function check(value: Json, field: Field): Problem[] {
  const { min, max } = scaleOf(field)
  if (!Number.isInteger(value)) return [problem('', value, 'a whole number', 'Choose a step of the scale.')]
  const step = value as number // just tested
  return step >= min && step <= max ? [] : [problem('', value, `${min} to ${max}`, 'Choose a step of the scale.')]
}

function scaleOf({ options }: Field): { readonly min: number; readonly max: number } {
  const { min, max } = options
  return { min: typeof min === 'number' ? min : 1, max: typeof max === 'number' ? max : 5 }
}

function stepsOf(field: Field): number[] {
  const { min, max } = scaleOf(field)
  return Array.from({ length: max - min + 1 }, (_, i) => min + i)
}

function Control({ field, value, onChange, id, disabled }: ControlProps): ReactNode {
  const { min, max } = scaleOf(field)
  const steps = stepsOf(field)
  if (steps.length > BESIDE) {
    return (
      <span className="row g2 grow" dir="ltr">
        <input id={id} type="range" className="grow" min={min} max={max} step={1} value={typeof value === 'number' ? value : Math.round((min + max) / 2)} disabled={disabled} aria-valuetext={typeof value === 'number' ? String(value) : '–'} onChange={(event) => onChange(event.target.valueAsNumber)} />
        <output htmlFor={id} className="f12">{typeof value === 'number' ? value : '–'}</output>
      </span>
    )
  }
  return (
    <span className="seg" role="radiogroup" aria-label={field.title} id={id}>
      {steps.map((step, i) => (
        <button key={step} type="button" role="radio" aria-checked={value === step} disabled={disabled} tabIndex={value === step || (value === undefined && i === 0) ? 0 : -1} onClick={() => onChange(value === step && !field.required ? undefined : step)}>
          {step}
        </button>
      ))}
    </span>
  )
}

/** One step up with each press; past the last it begins again. */
function press(field: Field, value: Json | undefined, option: string | null): Json {
  const { min, max } = scaleOf(field)
  if (option !== null) return Number(option)
  return typeof value === 'number' && value < max ? value + 1 : min
}

/** A digit is the step that has it. */
function digit(field: Field, _value: Json | undefined, pressed: number): Json | undefined {
  const { min, max } = scaleOf(field)
  return pressed >= min && pressed <= max ? pressed : undefined
}

function values(field: Field): KeyedOption[] {
  const steps = stepsOf(field)
  return steps.length > BESIDE ? [] : steps.map((step) => ({ value: String(step), title: String(step), key: null }))
}

export const rating: FormKind<ReactNode> = {
  name: 'rating',
  version: 1,
  title: 'Rating',
  surface: 'form',
  check,
  Control,
  values,
  keys: () => [],
  press,
  digit,
  summary: (value) => String(value),
}
