// What streams of conversations and of candidates hold, as the server sends it.

import type { Json } from './types'

export interface Turn {
  readonly role: string
  readonly content: string
  readonly name?: string
  readonly at?: string
  readonly tool_calls?: readonly Json[]
  readonly tool_call_id?: string
}

/** One of several answers; its source is not told to those who compare. */
export interface Candidate {
  readonly key: string
  readonly turns: readonly Turn[]
  readonly source?: string
}

/** The turns of a conversation. The server checked and wrote the text. */
export function turnsOf(text: string): readonly Turn[] {
  return text === '' ? [] : (JSON.parse(text) as readonly Turn[])
}

/** The candidates in the order in which they are shown. */
export function candidatesOf(text: string): readonly Candidate[] {
  return text === '' ? [] : (JSON.parse(text) as readonly Candidate[])
}

/** The texts in which spans lie: of each turn by its number from 0, of each answer by its key; null where the stream is one text. */
export function partTexts(kind: string, text: string): readonly { readonly part: string; readonly text: string }[] | null {
  if (kind === 'dialogue') return turnsOf(text).map((turn, i) => ({ part: String(i), text: turn.content }))
  if (kind === 'candidates') return candidatesOf(text).map((candidate) => ({ part: candidate.key, text: saidBy(candidate) }))
  return null
}

/** All that an answer says: its turns with an empty line between. */
export function saidBy(candidate: Candidate): string {
  return candidate.turns.map((turn) => turn.content).join('\n\n')
}

/** What somebody can write anew: a text, the last answer of a conversation, or that of each candidate. */
export function answersIn(kind: string, text: string): readonly { readonly part: string | null; readonly text: string }[] {
  if (kind === 'candidates') return candidatesOf(text).map((candidate) => ({ part: candidate.key, text: lastAnswer(candidate.turns)?.content ?? '' }))
  if (kind !== 'dialogue') return [{ part: null, text }]
  const turns = turnsOf(text)
  const last = lastAnswer(turns)
  return last === undefined ? [] : [{ part: String(turns.indexOf(last)), text: last.content }]
}

/** What one part says, to be written anew: a turn, an answer, a message of a tree; null where there is no such part. */
export function partIn(kind: string, text: string, part: string): string | null {
  if (kind === 'dialogue') return turnsOf(text)[Number(part)]?.content ?? null
  if (kind === 'tree') return (turnsOf(text) as readonly (Turn & { readonly key: string })[]).find((message) => message.key === part)?.content ?? null
  return answersIn(kind, text).find((answer) => answer.part === part)?.text ?? null
}

/** The last turn of the assistant; where nobody is called so, the last turn. */
function lastAnswer(turns: readonly Turn[]): Turn | undefined {
  return turns.findLast((turn) => turn.role === 'assistant' && turn.content !== '') ?? turns.at(-1)
}

/** The letter under which a candidate is shown at this place: A, B … */
export function letterOf(place: number): string {
  return String.fromCharCode(65 + (place % 26))
}

/** How many words a text has, counted as people read it; languages without spaces by their own words. */
export function wordCount(text: string, locale?: string): number {
  const words = new Intl.Segmenter(locale, { granularity: 'word' })
  let count = 0
  for (const { isWordLike } of words.segment(text)) if (isWordLike) count += 1
  return count
}
