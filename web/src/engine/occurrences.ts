// Where else the same words stand in a text. Positions are UTF-16 units; what people see as one character is never cut.

export interface Ways {
  /** Only where no word goes on before or behind. */
  readonly whole: boolean
  /** Only with the same capitals. */
  readonly exact: boolean
}

const AROUND = 48
const words = new Intl.Segmenter(undefined, { granularity: 'word' })
const characters = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** Every place of some words in a text, from its beginning on, none over another. */
export function occurrences(text: string, wanted: string, { whole, exact }: Ways): { readonly start: number; readonly end: number }[] {
  if (wanted.trim() === '') return []
  const pattern = new RegExp(wanted.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&').replace(/\s+/g, '\\s+'), exact ? 'gu' : 'giu')
  const found = [...text.matchAll(pattern)].map((match) => ({ start: match.index, end: match.index + match[0].length }))
  return found.filter(({ start, end }) => isCut(text, start, whole ? words : characters) && isCut(text, end, whole ? words : characters))
}

/** Whether a word, or a character, begins or ends at a position. Scripts without spaces are cut as their dictionaries say. */
function isCut(text: string, at: number, by: Intl.Segmenter): boolean {
  if (at === 0 || at === text.length) return true
  const line = text.lastIndexOf('\n', at - 1) + 1
  const from = Math.max(line, at - AROUND)
  // A window may begin in the middle of a word; a space before it is a safe place.
  const space = from === line ? line : text.indexOf(' ', from) + 1
  const start = space > 0 && space <= at ? space : from
  return at === start || [...by.segment(text.slice(start, at + AROUND))].some(({ index }) => start + index === at)
}
