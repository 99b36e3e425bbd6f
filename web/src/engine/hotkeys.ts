// Which chord a key press is, and which commands share one.

/** What of a keyboard event matters. */
export interface KeyPress {
  readonly key: string
  readonly code: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly shiftKey: boolean
}

const NAMED: Readonly<Record<string, string>> = { ' ': 'Space', Escape: 'Esc', Delete: 'Del', ArrowLeft: 'Left', ArrowRight: 'Right', ArrowUp: 'Up', ArrowDown: 'Down' }
const MODIFIERS = new Set(['Control', 'Meta', 'Alt', 'Shift', 'AltGraph', 'CapsLock', 'Fn', 'OS'])

/**
 * The chord of a key press, e.g. `Ctrl+Shift+Z`, `3`, `?`; null for a modifier alone.
 *
 * Digits go by place (`code`), since AZERTY types them with Shift; letters by what is typed (`key`), and by place
 * where the layout has no Latin letters. Signs carry their Shift in themselves: `?`, not `Shift+/`.
 */
export function chordOf(press: KeyPress): string | null {
  if (MODIFIERS.has(press.key)) return null
  const [name, isSign] = nameOf(press)
  const modifiers = [press.ctrlKey || press.metaKey ? 'Ctrl' : '', press.altKey ? 'Alt' : '', press.shiftKey && !isSign ? 'Shift' : '']
  return [...modifiers.filter(Boolean), name].join('+')
}

function nameOf(press: KeyPress): [name: string, isSign: boolean] {
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(press.code)?.[1]
  if (digit !== undefined && (/^\d$/.test(press.key) || press.code.startsWith('Digit'))) return [digit, false]
  if (press.key === 'Dead' && press.code === 'Backquote') return ['`', true]
  const named = NAMED[press.key]
  if (named !== undefined) return [named, false]
  if (/^[a-z]$/i.test(press.key)) return [press.key.toUpperCase(), false]
  const letter = /^Key([A-Z])$/.exec(press.code)?.[1]
  if (letter !== undefined) return [letter, false]
  return press.key.length === 1 ? [press.key, true] : [press.key, false]
}

/** The caps to draw for a chord: `Ctrl+Shift+Z` is shown in one cap as people say it. */
export function shownChord(chord: string): string {
  const arrows: Readonly<Record<string, string>> = { Left: '←', Right: '→', Up: '↑', Down: '↓' }
  return chord
    .split(/(?<=.)\+/)
    .map((part) => arrows[part] ?? part)
    .join(' ')
}
