// A long text in blocks that are laid out only when they are in sight. All positions are UTF-16 units.

export interface Block {
  readonly start: number
  readonly end: number
  /** Whether a line of the text ends here; else a long line goes on in the next block. */
  readonly endsLine: boolean
}

const LONGEST = 1_500

/** Cuts at line ends, and very long lines at spaces. The line end itself belongs to no block. */
export function blocksOf(text: string): Block[] {
  const blocks: Block[] = []
  let start = 0
  while (start <= text.length) {
    const found = text.indexOf('\n', start)
    const end = found < 0 ? text.length : found
    cutLine(text, start, end > start && text[end - 1] === '\r' ? end - 1 : end, blocks)
    start = end + 1
  }
  return blocks
}

function cutLine(text: string, start: number, end: number, into: Block[]): void {
  let from = start
  while (end - from > LONGEST) {
    const space = text.lastIndexOf(' ', from + LONGEST)
    const cut = space > from + LONGEST / 2 ? space + 1 : wholeCharacter(text, from + LONGEST)
    into.push({ start: from, end: cut, endsLine: false })
    from = cut
  }
  into.push({ start: from, end, endsLine: true })
}

/** Not between the halves of a surrogate pair, nor before a mark that joins the character before it. */
function wholeCharacter(text: string, at: number): number {
  let cut = at
  while (cut < text.length && /[\udc00-\udfff\u200d\ufe0f\p{M}]/u.test(text[cut] ?? '')) cut += 1
  return cut
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
