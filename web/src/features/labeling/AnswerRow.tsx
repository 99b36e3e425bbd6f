// One question with its control: beside its name when it is short, below it when not.

import type { ReactNode } from 'react'
import type { OpenPoint } from '../../engine/check'
import type { ControlProps, FieldKeys } from '../../engine/kind'
import type { Field } from '../../engine/schema'
import type { Json } from '../../engine/types'
import { isGiven } from '../../engine/work'
import { Key } from '../../ui/parts'
import { useScreen } from './context'
import { m } from './messages'
import type { Screen } from './screen'

export interface AnswerRowProps {
  readonly id: string
  readonly field: Field
  readonly value: Json | undefined
  readonly keys: FieldKeys
  readonly point: OpenPoint | null
  readonly compact?: boolean
  /** The words that the annotation stands on, for an attribute of one. */
  readonly about?: string
  /** The part of the field's stream that is answered for, of a field that is asked of each. */
  readonly part?: string | null
  readonly question?: string | null
  readonly onQuestion?: (key: string) => void
  readonly onChange: (value: Json | undefined) => void
}

export function AnswerRow({ id, field, value, keys, point, compact, about, part = null, question, onQuestion, onChange }: AnswerRowProps): ReactNode {
  const screen = useScreen()
  const kind = screen.kinds.get(field.kind)
  if (kind?.surface !== 'form') return null
  // A field whose options have a key each, or that opens a search or an input, takes the whole width.
  const short = kind.press(field, undefined, null) !== undefined && (compact || Object.keys(keys.options).length === 0)
  // The engine does not know what a control renders; every kind of this screen renders React.
  const Control = kind.Control as (props: ControlProps) => ReactNode
  const begins = kind.begins?.(field) === true
  const beginning = begins && part !== null ? screen.editing.beginningOn(field, part) : begins && field.each === null ? screen.editing.beginningOf(field) : undefined
  const classes = ['fr', short ? 'short' : 'tall', point ? 'open' : '', screen.view.state.pointed === field.key ? 'pointed' : ''].filter(Boolean).join(' ')
  // Of several questions the one that lacks an answer is named.
  const lacking = value === undefined ? field.title : kind.questions?.(field).find((one) => kind.isAnswered?.(value, one.key) === false)?.title
  return (
    <div className={classes}>
      <label htmlFor={id} className="name" title={[short && keys.field ? `${field.title} (${keys.field})` : '', field.definition].filter(Boolean).join('. ') || undefined} dir="auto">
        <span className="tr">{field.title}</span>
        {short && keys.field && <Key>{keys.field}</Key>}
        {isGivenAnswer(screen, id, field) && <span className="tag given" title={m.givenText}>{m.given}</span>}
        {field.required && value === undefined && !short && <span className="t3 f11">{m.required}</span>}
      </label>
      <Control id={id} field={field} value={value} keys={keys} compact={compact} about={about} question={question} onQuestion={onQuestion} parts={screen.work?.partsOf(field)} here={screen.view.state.here} disabled={screen.work?.isFinal} beginning={beginning} onChange={beginning && part === null ? (edited) => screen.editing.change(field, edited) : onChange} />
      {point && <p className="bad f11 point" role="alert">{lacking !== undefined ? m.missing(lacking) : m.wrongValue(field.title, point.problem.expected)}</p>}
    </div>
  )
}

/** Whether the answer of the item, not of one of its objects, was given. */
function isGivenAnswer(screen: Screen, id: string, field: Field): boolean {
  const answer = id === `answer-${field.key}` ? screen.work?.store.get(field.key) : null
  return answer != null && isGiven(answer)
}
