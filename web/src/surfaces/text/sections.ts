// Several texts to mark as one: the turns of a conversation one below the other, or one answer; each counts from its own beginning.

export interface Section {
  /** The part of the stream. */
  readonly part: string
  /** Where it lies in the whole, in UTF-16 units. */
  readonly start: number
  readonly end: number
}

export class Sections {
  readonly text: string
  readonly all: readonly Section[]
  private readonly byPart: ReadonlyMap<string, Section>

  constructor(parts: readonly { readonly part: string; readonly text: string }[]) {
    this.text = parts.map(({ text }) => text).join('\n')
    let start = 0
    this.all = parts.map(({ part, text }) => {
      const section = { part, start, end: start + text.length }
      start = section.end + 1
      return section
    })
    this.byPart = new Map(this.all.map((section) => [section.part, section]))
  }

  of(part: string | undefined): Section | null {
    return this.byPart.get(part ?? '') ?? null
  }

  /** The section in which a position lies; its end is still part of it. */
  at(position: number): Section | null {
    let [low, high] = [0, this.all.length - 1]
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.all[middle]?.start ?? 0) <= position) low = middle
      else high = middle - 1
    }
    return this.all[low] ?? null
  }
}
