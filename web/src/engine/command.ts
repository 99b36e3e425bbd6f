// Commands as records: palette, tooltips, shortcut sheet and key presses are all read from one list.

/**
 * When a command's keys count. Where something is selected a key of `selected` comes before the same one of `idle`; `always` meets
 * both. `drawing`, `corner`, `linking` and `cell` come before all others as long as they hold, so their keys may be those of other commands.
 */
export type Mode = 'always' | 'idle' | 'selected' | 'drawing' | 'corner' | 'linking' | 'walking' | 'cell'

export interface Command<C> {
  readonly id: string
  readonly title: string
  readonly group: string
  readonly keys: readonly string[]
  readonly mode?: Mode
  readonly icon?: string
  /** What it acts on now, e.g. "car 3"; shown in the palette. */
  readonly detail?: (context: C) => string | null
  /** Left out of the palette and the sheet: steps such as an arrow key, which stand there as one line. */
  readonly quiet?: boolean
  /** A mark drawn on the key board, for labels. */
  readonly mark?: number
  /** Also while a text field has the focus. */
  readonly everywhere?: boolean
  readonly when: (context: C) => boolean
  readonly run: (context: C) => void
}

/** A command as it is; the function only gives the record its type. */
export function command<C>(record: Command<C>): Command<C> {
  return record
}

export interface Clash<C> {
  readonly chord: string
  readonly first: Command<C>
  readonly second: Command<C>
}

/** Commands with the keys that a person or a project chose instead. */
export function rebound<C>(commands: readonly Command<C>[], keys: Readonly<Record<string, readonly string[]>>): Command<C>[] {
  return commands.map((c) => ({ ...c, keys: keys[c.id] ?? c.keys }))
}

/** Pairs of commands that a chord would call at the same time. */
export function clashes<C>(commands: readonly Command<C>[]): Clash<C>[] {
  const found: Clash<C>[] = []
  const byChord = Map.groupBy(
    commands.flatMap((c) => c.keys.map((chord) => [chord, c] as const)),
    ([chord]) => chord,
  )
  for (const [chord, sharing] of byChord) {
    sharing.forEach(([, first], i) => {
      for (const [, second] of sharing.slice(i + 1)) if (meet(first.mode, second.mode)) found.push({ chord, first, second })
    })
  }
  return found
}

function meet(a: Mode = 'always', b: Mode = 'always'): boolean {
  if (isFirst(a) || isFirst(b)) return a === b
  return a === b || a === 'always' || b === 'always'
}

/** The command that a chord calls now, if one does. */
export function commandFor<C>(commands: readonly Command<C>[], chord: string, context: C): Command<C> | null {
  const called = commands.filter((c) => c.keys.includes(chord) && c.when(context))
  return called.find((c) => isFirst(c.mode ?? 'always')) ?? called.find((c) => c.mode === 'selected') ?? called[0] ?? null
}

function isFirst(mode: Mode): boolean {
  return mode === 'drawing' || mode === 'corner' || mode === 'linking' || mode === 'walking' || mode === 'cell'
}

/** Commands whose title holds every word typed, best first: those that begin with it, then the rest in their order. */
export function matching<C>(commands: readonly Command<C>[], typed: string): Command<C>[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  const fitting = commands.filter((c) => words.every((word) => `${c.title} ${c.group}`.toLowerCase().includes(word)))
  const begins = (c: Command<C>): number => (words.length > 0 && c.title.toLowerCase().startsWith(words.join(' ')) ? 0 : 1)
  return fitting.toSorted((a, b) => begins(a) - begins(b))
}
