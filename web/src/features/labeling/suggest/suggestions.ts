// Suggestions from lists of words: which one is asked about, and what becomes of them. None is an answer until accepted.

import { type Command, command } from '../../../engine/command'
import { failureOf } from '../../../engine/failure'
import { isRecord } from '../../../engine/problem'
import type { Field } from '../../../engine/schema'
import type { Suggesting, Suggestion } from '../../../engine/suggesting'
import { WordList } from '../../../engine/word-list'
import { type Declared, drawnFields } from '../fields'
import { m as labeling } from '../messages'
import type { Screen } from '../screen'
import { m } from './messages'

const KEYS = { accept: 'A', pass: 'D', all: 'Alt+S' } as const
const NONE: readonly Suggesting[] = []

/** The list of words that a field asks for. */
function wantedOf(field: Field): { readonly words: string; readonly exact: boolean } | null {
  const given = field.options['suggest']
  return isRecord(given) && typeof given['words'] === 'string' ? { words: given['words'], exact: given['exact'] === true } : null
}

function suggestedFields(declared: Declared): readonly Field[] {
  return drawnFields(declared).filter((field) => declared.kinds.get(field.kind)?.surface === 'text' && wantedOf(field) !== null)
}

/** Chords that answers must not take where words are suggested. */
export function suggestKeys(declared: Declared): readonly string[] {
  return suggestedFields(declared).length === 0 ? [] : Object.values(KEYS)
}

export class Suggestions {
  /** What is suggested in this project; empty until its lists have come. */
  lists: readonly Suggesting[] = NONE
  /** What was passed over on the open item. */
  passed: ReadonlySet<string> = new Set()
  /** The one that is asked about, by its key. */
  asked: string | null = null

  constructor(private readonly screen: Screen) {}

  /** Fetches the lists; each once for a screen. */
  async load(): Promise<void> {
    const { screen } = this
    for (const field of suggestedFields(screen)) {
      const wanted = wantedOf(field)
      const asked = wanted && screen.options.words?.(wanted.words)
      if (!wanted || !asked) continue
      try {
        this.lists = [...this.lists, { field, list: new WordList(await asked, wanted.exact) }]
        screen.changed()
      } catch (error) {
        screen.say(m.missing(wanted.words, failureOf(error).message))
      }
    }
  }

  opened(): void {
    this.passed = new Set()
    this.asked = null
  }

  /** What is asked about now: chosen by key or pointer, and still in sight. */
  get current(): Suggestion | null {
    return this.asked === null ? null : (this.inSight.find(({ key }) => key === this.asked) ?? null)
  }

  private get inSight(): readonly Suggestion[] {
    return this.lists.length === 0 || this.screen.work?.isFinal !== false ? [] : (this.screen.surface?.suggested?.() ?? [])
  }

  readonly choose = (key: string | null): void => {
    this.asked = key
    this.screen.changed()
  }

  /** Asks about the first in sight; pressed again, that is a span. */
  accept(): void {
    const { current } = this
    if (current === null) return this.choose(this.inSight[0]?.key ?? null)
    const next = this.after(current)
    this.screen.work?.addEach([current])
    this.choose(next)
  }

  /** Not suggested any more on this item, as long as it is open. */
  pass(): void {
    const { current } = this
    if (current === null) return this.choose(this.inSight[0]?.key ?? null)
    const next = this.after(current)
    this.passed = new Set([...this.passed, current.key])
    this.choose(next)
  }

  /** Everything that is suggested in sight, in one step. */
  acceptAll(): void {
    const { work, view } = this.screen
    const all = this.inSight
    this.choose(null)
    if (work !== null && all.length > 0) view.select(...work.addEach(all))
  }

  get can(): boolean {
    return this.lists.length > 0 && this.inSight.length > 0
  }

  private after({ key }: Suggestion): string | null {
    const all = this.inSight
    const at = all.findIndex((one) => one.key === key)
    return (all[at + 1] ?? all.find((one) => one.key !== key))?.key ?? null
  }
}

/** What a text surface is told of the suggestions. */
export function suggesting({ suggestions }: Screen): { readonly suggests: readonly Suggesting[]; readonly passed: ReadonlySet<string>; readonly asked: string | null; readonly onAsk: (key: string) => void } {
  return { suggests: suggestions.lists, passed: suggestions.passed, asked: suggestions.asked, onAsk: suggestions.choose }
}

export function suggestCommands(screen: Screen): Command<Screen>[] {
  if (suggestedFields(screen).length === 0) return []
  const make = (id: string, title: string, key: string, icon: string, run: (s: Suggestions) => void): Command<Screen> =>
    command<Screen>({ id: `suggest.${id}`, title, group: labeling.groups.draw, keys: [key], icon, when: (s) => s.work !== null && s.dialog === null && s.suggestions.can, run: (s) => run(s.suggestions) })
  return [
    make('accept', m.accept, KEYS.accept, 'check', (s) => s.accept()),
    make('pass', m.pass, KEYS.pass, 'x', (s) => s.pass()),
    make('all', m.all, KEYS.all, 'smart', (s) => s.acceptAll()),
  ]
}
