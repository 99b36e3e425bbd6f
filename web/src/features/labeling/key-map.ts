// Keys that a person has chosen, as a file: to be kept, and to be given to others.

import { isRecord } from '../../engine/problem'
import type { Json } from '../../engine/types'

export type KeyMap = Readonly<Record<string, readonly string[]>>

/** What a person has chosen for all projects, and for the one at hand, which goes before. */
export interface ChosenKeys {
  readonly everywhere?: KeyMap
  readonly here?: KeyMap
}

/** The keys that hold in this project. */
export function holding({ everywhere, here }: ChosenKeys): KeyMap {
  return { ...everywhere, ...here }
}

const FORMAT = 'karat_keys'
/** Of a command; nobody has more. */
const MOST_CHORDS = 8
const LONGEST = 40
/** Modifiers alone, and the key that goes from one control to the next. */
const NO_KEYS = new Set(['Ctrl', 'Alt', 'Shift', 'Tab'])

/** What a file says: the keys, and how many of its lines are none. */
export interface KeysRead {
  readonly keys: KeyMap
  readonly wrong: number
}

/** The file of chosen keys. */
export function fileOf(keys: KeyMap): string {
  return `${JSON.stringify({ [FORMAT]: 1, keys }, null, 2)}\n`
}

/**
 * The keys of a file; null where it is no file of keys. Commands that this screen does not have stay, since other projects
 * have others. A command without keys has none.
 */
export function keysOf(text: string): KeysRead | null {
  const given = parsed(text)
  const listed = isRecord(given) && given[FORMAT] === 1 ? given['keys'] : null
  if (!isRecord(listed)) return null
  const lines = Object.entries(listed)
  const sound = lines.flatMap(([id, chords]) => (isId(id) && areChords(chords) ? [[id, chords] as const] : []))
  return { keys: Object.fromEntries(sound), wrong: lines.length - sound.length }
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json // whatever JSON there is
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

function isId(id: string): boolean {
  return /^[\w.-]{1,200}$/.test(id) && id !== '__proto__'
}

function areChords(given: unknown): given is string[] {
  return Array.isArray(given) && given.length <= MOST_CHORDS && given.every((chord) => typeof chord === 'string' && isChord(chord))
}

/** Whether pressing something gives this chord: modifiers in their order, then one key by its sign or its name. */
function isChord(chord: string): boolean {
  const key = chord.length <= LONGEST ? /^(?:Ctrl\+)?(?:Alt\+)?(?:Shift\+)?(.+)$/.exec(chord)?.[1] : undefined
  return key !== undefined && (/^[^a-z\s]$/u.test(key) || /^[A-Z][A-Za-z0-9]+$/.test(key)) && !NO_KEYS.has(key)
}
