// What became of a text, word by word: what stayed, what was put in, and what was taken out.

import { diffArrays } from 'diff'
import { wordCount } from '../engine/talk'
import { wholeCharacter } from '../ui/blocks'

export interface Run {
  readonly type: 'same' | 'in' | 'out'
  readonly text: string
}

export interface Changes {
  readonly runs: readonly Run[]
  readonly wordsIn: number
  readonly wordsOut: number
}

/** A comparison that takes longer tells what changed as one piece: people read nothing in thousands of crumbs. */
const PATIENCE_MS = 40
/** Words, single letters of scripts that write no spaces, line ends, other spaces, and signs. */
const TOKEN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]\p{M}*|[\p{L}\p{M}\p{N}_]+|\r?\n|[^\S\n]+|./gsu

/** The changes from one text to another; their ends, where nothing changed, are not even looked at word by word. */
export function changesOf(before: string, after: string, patience = PATIENCE_MS): Changes {
  if (before === after) return { runs: before === '' ? [] : [{ type: 'same', text: before }], wordsIn: 0, wordsOut: 0 }
  const head = commonHead(before, after)
  const tail = commonTail(before.slice(head), after.slice(head))
  const [from, to] = [before.slice(head, before.length - tail), after.slice(head, after.length - tail)]
  const middle = compared(from, to, patience) ?? [{ type: 'out', text: from }, { type: 'in', text: to }]
  const runs = joined([{ type: 'same', text: before.slice(0, head) }, ...middle, { type: 'same', text: tail === 0 ? '' : before.slice(-tail) }])
  return { runs, wordsIn: wordsOf(runs, 'in'), wordsOut: wordsOf(runs, 'out') }
}

function compared(from: string, to: string, patience: number): Run[] | null {
  const found = diffArrays(tokens(from), tokens(to), { timeout: patience }) as ReturnType<typeof diffArrays<string>> | undefined
  return found?.map(({ added, removed, value }): Run => ({ type: added ? 'in' : removed ? 'out' : 'same', text: value.join('') })) ?? null
}

function tokens(text: string): string[] {
  return text.match(TOKEN) ?? []
}

/** Up to the last space that both have in common from the start: a word is one thing. */
function commonHead(a: string, b: string): number {
  const most = Math.min(a.length, b.length)
  let at = 0
  while (at < most && a[at] === b[at]) at += 1
  if (at === a.length && at === b.length) return at
  while (at > 0 && !isSpace(a[at - 1])) at -= 1
  return at
}

function commonTail(a: string, b: string): number {
  const most = Math.min(a.length, b.length)
  let at = 0
  while (at < most && a[a.length - 1 - at] === b[b.length - 1 - at]) at += 1
  while (at > 0 && !isSpace(a[a.length - at])) at -= 1
  return at
}

function isSpace(char: string | undefined): boolean {
  return char === ' ' || char === '\n'
}

/** Runs of one type are one; a space that stayed between two changes is told with them, so that phrases are read whole. */
function joined(runs: readonly Run[]): Run[] {
  const made: Run[] = []
  let [out, into] = ['', '']
  const flush = (): void => {
    if (out !== '') made.push({ type: 'out', text: out })
    if (into !== '') made.push({ type: 'in', text: into })
    ;[out, into] = ['', '']
  }
  runs.forEach((run, i) => {
    if (run.text === '') return
    if (run.type === 'out') out += run.text
    else if (run.type === 'in') into += run.text
    else if (run.text === ' ' && out !== '' && into !== '' && isChange(runs[i + 1])) {
      out += run.text
      into += run.text
    } else {
      flush()
      const last = made.at(-1)
      if (last?.type === 'same') made[made.length - 1] = { type: 'same', text: last.text + run.text }
      else made.push(run)
    }
  })
  flush()
  return made
}

function isChange(run: Run | undefined): boolean {
  return run !== undefined && run.type !== 'same' && run.text !== ''
}

function wordsOf(runs: readonly Run[], type: Run['type']): number {
  return runs.reduce((sum, run) => (run.type === type ? sum + wordCount(run.text) : sum), 0)
}

/** Letters of what stayed that are shown on either side of a change. */
const CONTEXT = 240

/** The beginning and the end of a run, without what lies between; null where it is short enough to be read whole. */
export function folded(text: string, isFirst: boolean, isLast: boolean, context = CONTEXT): { readonly head: string; readonly tail: string } | null {
  if (text.length <= 3 * context) return null
  return { head: isFirst ? '' : text.slice(0, wholeCharacter(text, context)), tail: isLast ? '' : text.slice(wholeCharacter(text, text.length - context)) }
}
