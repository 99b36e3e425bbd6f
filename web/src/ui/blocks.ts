// A long text in blocks that are laid out only when they are in sight. All positions are UTF-16 units.

/** A way to cut: positions at which pieces of text begin. */
export type Cut = (text: string, start: number, end: number, direction: Direction) => readonly number[]

export type Direction = 'ltr' | 'rtl'

export interface Block {
  readonly start: number
  readonly end: number
  /** Whether a line of the text begins, and ends, here; else a long line goes on over the seam. */
  readonly startsLine: boolean
  readonly endsLine: boolean
  /** How it is read; null where its own letters say so. */
  readonly direction: Direction | null
}

/** Characters of a block at which a long line is cut. */
export const LONGEST = 1_500

/** Cuts at line ends, and very long lines as `cut` says. The line end itself belongs to no block. */
export function blocksOf(text: string, cut: Cut = atSpaces): Block[] {
  const blocks: Block[] = []
  let start = 0
  while (start <= text.length) {
    const found = text.indexOf('\n', start)
    const end = found < 0 ? text.length : found
    cutLine(text, start, end > start && text[end - 1] === '\r' ? end - 1 : end, cut, blocks)
    start = end + 1
  }
  return blocks
}

/** Whether any line is too long for one block. */
export function hasLongLine(blocks: readonly Block[]): boolean {
  return blocks.some((block) => !block.endsLine)
}

function cutLine(text: string, start: number, end: number, cut: Cut, into: Block[]): void {
  const isLong = end - start > LONGEST
  const direction = isLong ? directionOf(text.slice(start, end)) : null
  const starts = [start, ...(direction === null ? [] : cut(text, start, end, direction))]
  for (const [i, from] of starts.entries()) {
    const next = starts[i + 1]
    into.push({ start: from, end: next ?? end, startsLine: i === 0, endsLine: next === undefined, direction })
  }
}

/** Without a page to wrap on: at spaces. */
export const atSpaces: Cut = spaced(LONGEST)

/** Cuts at spaces into pieces of at most so many characters, or a few more where a character would be cut in two. */
export function spaced(longest: number): Cut {
  return (text, start, end) => {
    const cuts: number[] = []
    for (let from = start; end - from > longest; from = cuts.at(-1) ?? end) {
      const space = text.lastIndexOf(' ', from + longest)
      cuts.push(space > from + longest / 2 ? space + 1 : wholeCharacter(text, from + longest))
    }
    return cuts
  }
}

/** Texts to read or write in pieces: whole lines up to about so many characters together, longer ones cut at spaces. */
export function piecesOf(text: string, longest: number): { readonly start: number; readonly end: number; readonly direction: Direction | null }[] {
  const pieces: { start: number; end: number; direction: Direction | null }[] = []
  for (const block of blocksOf(text, spaced(longest))) {
    const last = pieces.at(-1)
    if (last !== undefined && block.startsLine && last.direction === null && block.direction === null && block.end - last.start <= longest) last.end = block.end
    else pieces.push({ start: block.start, end: block.end, direction: block.direction })
  }
  return pieces
}

/** Whether a line is longer than this: browsers take long to lay out such a one, and far longer where it is read from the right. */
export function hasLineOver(text: string, most: number): boolean {
  for (let start = 0; text.length - start > most; ) {
    const end = text.indexOf('\n', start)
    if (end < 0 || end - start > most) return true
    start = end + 1
  }
  return false
}

/** Not between the halves of a surrogate pair, nor before a mark that joins the character before it. */
export function wholeCharacter(text: string, at: number): number {
  let cut = at
  while (cut < text.length && /[\udc00-\udfff\u200d\ufe0f\p{M}]/u.test(text[cut] ?? '')) cut += 1
  return cut
}

const LETTER = /\p{L}/u
const FROM_THE_RIGHT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}\p{Script=Samaritan}\p{Script=Mandaic}]/u

/** As a browser sees it: by the first letter. */
function directionOf(line: string): Direction {
  const first = LETTER.exec(line)?.[0]
  return first !== undefined && FROM_THE_RIGHT.test(first) ? 'rtl' : 'ltr'
}

/** The block in which a position lies; at a cut, the one that begins there. */
export function blockAt(blocks: readonly Block[], position: number): number {
  let [low, high] = [0, blocks.length - 1]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((blocks[middle]?.start ?? 0) <= position) low = middle
    else high = middle - 1
  }
  return low
}
