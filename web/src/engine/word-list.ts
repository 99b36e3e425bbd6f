// A list of words looked for in a text: whole words, the longest that begins at a place, none over another.

export interface Found {
  /** UTF-16 units. */
  readonly start: number
  readonly end: number
  readonly label: string
}

const words = new Intl.Segmenter(undefined, { granularity: 'word' })
const SPACE = /\s/
const SPACES = /\s+/g

export class WordList {
  private readonly labels = new Map<string, string>()
  /** What words of several begin with, up to a space: where nothing goes on so, no longer one is tried. */
  private readonly begins = new Set<string>()
  private longest = 0

  constructor(
    entries: readonly (readonly [string, string])[],
    /** Whether capitals must be the same. */
    private readonly exact: boolean,
  ) {
    for (const [given, label] of entries) {
      const key = this.folded(given)
      if (!this.labels.has(key)) this.labels.set(key, label)
      for (let at = key.indexOf(' '); at >= 0; at = key.indexOf(' ', at + 1)) this.begins.add(key.slice(0, at))
      this.longest = Math.max(this.longest, key.length)
    }
  }

  /** All places in a text, from its beginning on. The time is that of cutting it into words, whatever the list's length. */
  find(text: string): Found[] {
    const cuts = [...[...words.segment(text)].map(({ index }) => index), text.length]
    const found: Found[] = []
    for (let i = 0; i < cuts.length - 1; i += 1) {
      const start = cuts[i] ?? 0
      if (SPACE.test(text.charAt(start))) continue
      const last = this.longestFrom(text, cuts, i)
      if (last === null) continue
      found.push({ start, end: cuts[last.cut] ?? start, label: last.label })
      i = last.cut - 1
    }
    return found
  }

  private longestFrom(text: string, cuts: readonly number[], from: number): { readonly cut: number; readonly label: string } | null {
    const start = cuts[from] ?? 0
    let best: { readonly cut: number; readonly label: string } | null = null
    for (let cut = from + 1; cut < cuts.length; cut += 1) {
      const end = cuts[cut] ?? start
      // Spaces in a row count as one, so that a text may be somewhat longer than its words.
      if (end - start > 2 * this.longest) break
      if (SPACE.test(text.charAt(end - 1))) continue
      const key = this.folded(text.slice(start, end))
      const label = this.labels.get(key)
      if (label !== undefined) best = { cut, label }
      if (SPACE.test(text.charAt(end)) && !this.begins.has(key)) break
    }
    return best
  }

  private folded(given: string): string {
    const plain = (this.exact ? given : given.toLowerCase()).normalize('NFC')
    return SPACE.test(plain) ? plain.replace(SPACES, ' ') : plain
  }
}
