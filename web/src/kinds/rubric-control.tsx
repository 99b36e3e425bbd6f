// A rubric to fill in: a line for each criterion, its steps, what they mean, and why.

import { type ReactNode, useState } from 'react'
import type { ControlProps } from '../engine/kind'
import { isList, isRecord } from '../engine/problem'
import type { Json } from '../engine/types'
import { m } from './messages'
import { type Asked, type Criterion, OVERALL, type Rubric, rubricOf, type Rules, rulesOf, weighted } from './rubric-check'

/** Steps that fit side by side; longer scales are typed. */
const BESIDE = 11

export function RubricControl({ field, value, onChange, id, disabled, question, onQuestion }: ControlProps): ReactNode {
  const rules = rulesOf(field)
  const said = rubricOf(value)
  const total = weighted(field, value)
  const [seen, setSeen] = useState<{ readonly criterion: string; readonly step: number } | null>(null)
  const why = (key: string, text: string): void => onChange(without({ scores: said.scores, rationale: { ...said.rationale, [key]: text } }))
  return (
    <div className="rubric" role="group" aria-label={field.title} id={id} onPointerLeave={() => setSeen(null)}>
      {rules.criteria.map((criterion) => {
        const score = said.scores[criterion.key]
        const step = seen?.criterion === criterion.key ? seen.step : question === criterion.key ? score : undefined
        return (
          <div key={criterion.key} className={question === criterion.key ? 'criterion now' : 'criterion'} data-question={criterion.key} onPointerDown={(event) => { event.stopPropagation(); onQuestion?.(criterion.key) }}>
            <span id={`${id}-${criterion.key}`} className="name" title={criterion.definition || undefined} dir="auto">
              <span className="tr">{criterion.title}</span>
              {rules.criteria.some((other) => other.weight !== criterion.weight) && <span className="t3 f11" title={m.weightTitle}>{m.weight(criterion.weight)}</span>}
            </span>
            <Steps rules={rules} criterion={criterion} score={score} labelledBy={`${id}-${criterion.key}`} disabled={disabled} onSee={(at) => setSeen(at === null ? null : { criterion: criterion.key, step: at })} onScore={(given) => onChange(without({ ...said, scores: withScore(said, criterion.key, given) }))} />
            <Anchors criterion={criterion} step={step} open={question === criterion.key || seen?.criterion === criterion.key} />
            <Why asked={rules.rationaleEach} label={m.whyOf(criterion.title)} text={said.rationale?.[criterion.key] ?? ''} disabled={disabled} onText={(text) => why(criterion.key, text)} />
          </div>
        )
      })}
      <Why asked={rules.rationale} label={m.why} text={said.rationale?.[OVERALL] ?? ''} disabled={disabled} onText={(text) => why(OVERALL, text)} />
      <p className="t3 f12" aria-live="polite">{total === null ? '' : m.total(total)}</p>
    </div>
  )
}

interface StepsProps {
  readonly rules: Rules
  readonly criterion: Criterion
  readonly score: number | undefined
  readonly labelledBy: string
  readonly disabled: boolean | undefined
  readonly onSee: (step: number | null) => void
  readonly onScore: (score: number | undefined) => void
}

function Steps({ rules, criterion, score, labelledBy, disabled, onSee, onScore }: StepsProps): ReactNode {
  const steps = Array.from({ length: rules.max - rules.min + 1 }, (_, i) => rules.min + i)
  if (steps.length > BESIDE) {
    return <input type="number" className="input" aria-labelledby={labelledBy} min={rules.min} max={rules.max} step={1} value={score ?? ''} disabled={disabled} onChange={(event) => onScore(Number.isNaN(event.target.valueAsNumber) ? undefined : event.target.valueAsNumber)} />
  }
  return (
    <span className="seg" role="radiogroup" aria-labelledby={labelledBy} dir="ltr">
      {steps.map((step, i) => {
        const says = criterion.anchors[String(step)]
        return (
          <button key={step} type="button" role="radio" aria-checked={score === step} aria-label={says ? `${step}: ${says}` : String(step)} disabled={disabled} tabIndex={score === step || (score === undefined && i === 0) ? 0 : -1} onPointerEnter={() => onSee(step)} onFocus={() => onSee(step)} onBlur={() => onSee(null)} onClick={() => onScore(step)} onKeyDown={(event) => roam(event)}>
            {step}
          </button>
        )
      })}
    </span>
  )
}

/** What steps of the scale mean: the one that is looked at, or all while the keyboard is at the criterion. */
function Anchors({ criterion, step, open }: { criterion: Criterion; step: number | undefined; open: boolean }): ReactNode {
  const all = Object.entries(criterion.anchors)
  if (!open || all.length === 0) return null
  return (
    <ul className="anchors f12 t2">
      {all.map(([at, says]) => (
        <li key={at} className={Number(at) === step ? 'on' : undefined} dir="auto"><span className="md">{at}</span> {says}</li>
      ))}
    </ul>
  )
}

function Why({ asked, label, text, disabled, onText }: { asked: Asked; label: string; text: string; disabled: boolean | undefined; onText: (text: string) => void }): ReactNode {
  if (asked === 'none') return null
  return <textarea className="area" rows={1} aria-label={label} placeholder={asked === 'required' ? m.whyNeeded(label) : label} dir="auto" value={text} disabled={disabled} onChange={(event) => onText(event.target.value)} />
}

function withScore(said: Rubric, key: string, score: number | undefined): Record<string, number> {
  const others = Object.entries(said.scores).filter(([name]) => name !== key)
  return Object.fromEntries(score === undefined ? others : [...others, [key, score]])
}

/** Without empty reasons; nothing at all where nothing is left. */
export function without({ scores, rationale = {} }: Rubric): Json | undefined {
  const said = Object.entries(rationale).filter(([, text]) => text !== '')
  if (said.length === 0) return Object.keys(scores).length === 0 ? undefined : { scores }
  return { scores, rationale: Object.fromEntries(said) }
}

/** Whether a criterion has its score. */
export function hasScore(value: Json | undefined, key: string): boolean {
  return isRecord(value) && !isList(value) && rubricOf(value).scores[key] !== undefined
}

/** Arrows move between the steps, as in any group of radios. */
function roam(event: React.KeyboardEvent<HTMLButtonElement>): void {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
  const buttons = [...(event.currentTarget.parentElement?.querySelectorAll('button') ?? [])]
  if (step === undefined) return
  event.preventDefault()
  event.stopPropagation()
  buttons.at((buttons.indexOf(event.currentTarget) + step) % buttons.length)?.focus()
}
