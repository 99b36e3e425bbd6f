// Between Unicode code points (what is stored) and UTF-16 units (what the browser counts).

const STEP = 1024

/** Converts positions of one text both ways, each in at most `STEP` steps after a binary search. */
export class CodePoints {
  /** `pointsAt[k]` code points lie before UTF-16 unit k * STEP; null where the two counts are equal everywhere. */
  private readonly pointsAt: Uint32Array | null
  readonly length: number

  constructor(private readonly text: string) {
    if (!/[\ud800-\udbff]/.test(text)) {
      this.pointsAt = null
      this.length = text.length
      return
    }
    const marks = new Uint32Array(Math.floor(text.length / STEP) + 1)
    let points = 0
    for (let i = 0; i < text.length; i += 1) {
      if (i % STEP === 0) marks[i / STEP] = points
      if (!this.isTrail(i)) points += 1
    }
    if (text.length % STEP === 0) marks[text.length / STEP] = points
    this.pointsAt = marks
    this.length = points
  }

  /** Code points before a UTF-16 position. Inside a surrogate pair it counts the pair as passed. */
  fromUtf16(unit: number): number {
    const end = Math.max(0, Math.min(unit, this.text.length))
    if (this.pointsAt === null) return end
    const mark = Math.floor(end / STEP)
    let points = this.pointsAt[mark] ?? 0
    for (let i = mark * STEP; i < end; i += 1) if (!this.isTrail(i)) points += 1
    return points
  }

  /** The UTF-16 position before which so many code points lie. */
  toUtf16(point: number): number {
    const marks = this.pointsAt
    if (marks === null) return Math.max(0, Math.min(point, this.text.length))
    let [low, high] = [0, marks.length - 1]
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((marks[middle] ?? 0) <= point) low = middle
      else high = middle - 1
    }
    let unit = low * STEP
    if (this.isTrail(unit)) unit += 1
    let points = this.fromUtf16(unit)
    while (points < point && unit < this.text.length) {
      unit += this.isTrail(unit + 1) ? 2 : 1
      points += 1
    }
    return unit
  }

  /** The text between two code points. */
  slice(start: number, end: number): string {
    return this.text.slice(this.toUtf16(start), this.toUtf16(end))
  }

  /** Whether the second half of a surrogate pair stands here. A lone one counts as a character of its own. */
  private isTrail(unit: number): boolean {
    const code = this.text.charCodeAt(unit)
    if (!(code >= 0xdc00 && code <= 0xdfff) || unit === 0) return false
    const lead = this.text.charCodeAt(unit - 1)
    return lead >= 0xd800 && lead <= 0xdbff
  }
}
