// A text: what somebody writes as an answer.

import { lazy, type ReactNode, Suspense, useEffect, useRef } from 'react'
import type { ControlProps, FormKind } from '../engine/kind'
import { problem } from '../engine/problem'
import type { Field } from '../engine/schema'
import type { Json, Problem } from '../engine/types'
import { wholeCharacter } from '../ui/blocks'
import { m } from './messages'

const MAX_LENGTH = 1_000_000
/** Characters of a text in lists. */
const SUMMARY = 300
const EditControl = lazy(() => import('./text-edit'))

/** Whether it begins from what its stream says, instead of from an empty page. */
function edits({ options }: Field): boolean {
  return options['edits'] === true
}

function check(value: Json, field: Field): Problem[] {
  const { options } = field
  if (typeof value !== 'string') return [problem('', value, 'text', 'Put it in quotes.')]
  const most = typeof options['max_length'] === 'number' ? options['max_length'] : MAX_LENGTH
  const pattern = options['pattern']
  const found: Problem[] = []
  const length = lengthOf(value)
  if (length > most) found.push(problem('', `${length} characters`, `at most ${most} characters`, 'Shorten the text.'))
  if (options['multiline'] !== true && !edits(field) && /[\n\r]/.test(value)) found.push(problem('', value, 'one line', 'Remove the line breaks.'))
  if (found.length === 0 && value !== '' && typeof pattern === 'string' && !matches(pattern, value)) {
    found.push(problem('', value, `text that matches ${pattern}`, 'Write the text in the form that the field asks for.'))
  }
  return found
}

/** Code points, as the server counts. */
function lengthOf(value: string): number {
  let count = 0
  for (let i = 0; i < value.length; i += (value.codePointAt(i) ?? 0) > 0xffff ? 2 : 1) count += 1
  return count
}

/** Whether the whole text matches. The schema takes only what RE2 and browsers read alike. */
function matches(pattern: string, value: string): boolean {
  return new RegExp(`^(?:${pattern})$`, 'u').test(value)
}

function Control(props: ControlProps): ReactNode {
  if (!edits(props.field)) return <Written {...props} />
  return <Suspense fallback={<span className="sk" style={{ height: 160 }} />}><EditControl {...props} wrong={wrongWith(props)} /></Suspense>
}

/** What is wrong with what was written, in words; empty where nothing is. */
function wrongWith({ field, value }: ControlProps): string {
  const [first] = typeof value === 'string' && value !== '' ? check(value, field) : []
  return first ? m.expected(first.expected) : ''
}

function Written({ field, value, onChange, id, keys, disabled, compact }: ControlProps): ReactNode {
  const area = useRef<HTMLTextAreaElement>(null)
  const text = typeof value === 'string' ? value : ''
  const multiline = field.options['multiline'] === true
  const most = typeof field.options['max_length'] === 'number' ? field.options['max_length'] : null
  const say = (typed: string) => onChange(typed === '' ? undefined : typed)
  useEffect(() => {
    const box = area.current
    if (box === null) return
    box.style.height = 'auto'
    box.style.height = `${Math.min(box.scrollHeight + 2, 320)}px`
  }, [text])
  const wrong = text === '' ? [] : check(text, field)
  const common = { id, value: text, disabled, dir: 'auto', 'aria-invalid': wrong.length > 0, 'aria-describedby': `${id}-note`, placeholder: keys.field ? m.writeWith(keys.field) : m.write }
  return (
    <div className="answer-text">
      {multiline ? (
        <textarea ref={area} className="area" rows={compact ? 2 : 3} {...common} onChange={(event) => say(event.target.value)} />
      ) : (
        <input className="input" type="text" {...common} onChange={(event) => say(event.target.value)} />
      )}
      <p id={`${id}-note`} className={wrong.length > 0 ? 'note bad' : 'note'}>
        {wrong[0] ? m.expected(wrong[0].expected) : most !== null && text !== '' ? m.lengthOf(lengthOf(text), most) : ''}
      </p>
    </div>
  )
}

export const text: FormKind<ReactNode> = {
  name: 'text',
  version: 1,
  title: 'Text',
  surface: 'form',
  check,
  Control,
  values: () => [],
  keys: () => [],
  press: () => undefined,
  isUnder: edits,
  begins: edits,
  summary: (value) => (typeof value !== 'string' ? '' : value.length > SUMMARY ? `${value.slice(0, wholeCharacter(value, SUMMARY))}…` : value),
}
