// What a stream of an agent's steps holds, as the server sends it.

import type { Json } from './types'

export interface Step {
  readonly kind: 'message' | 'thought' | 'call' | 'observation'
  readonly text?: string
  /** Of a message. */
  readonly role?: string
  readonly tool?: string
  readonly arguments?: Json
  readonly result?: string
  readonly at?: string
}

/** The steps of a trace. The server checked and wrote the text. */
export function stepsOf(text: string): readonly Step[] {
  return text === '' ? [] : (JSON.parse(text) as readonly Step[])
}

/** JSON with two spaces a level, where a text is a mapping or a list; else the text as it is. */
export function formatted(value: Json | undefined): string {
  if (typeof value !== 'string') return value === undefined ? '' : JSON.stringify(value, null, 2)
  if (!/^\s*[{[]/.test(value)) return value
  try {
    return JSON.stringify(JSON.parse(value), null, 2)
  } catch {
    return value // it only begins like JSON
  }
}

/** A step as one text, to be copied. */
export function wordsOf(step: Step): string {
  if (step.kind !== 'call') return step.text ?? ''
  return [[step.tool, formatted(step.arguments)].filter(Boolean).join(' '), step.result ?? ''].filter(Boolean).join('\n')
}

/** The beginning of a step on one line, for one that is folded. */
export function briefly(step: Step, most = 120): string {
  const words = step.kind === 'call' ? [typeof step.arguments === 'string' ? step.arguments : JSON.stringify(step.arguments ?? ''), step.result].filter((part) => part && part !== '""').join(' → ') : (step.text ?? '')
  const line = words.replace(/\s+/g, ' ').trim()
  return line.length > most ? `${line.slice(0, most - 1)}…` : line
}
