// Which rows and columns of a table are in sight: rows are equally high, columns as wide as they are.

export interface Range {
  readonly from: number
  /** The first one that is out of sight again. */
  readonly to: number
}

export interface Sizes {
  readonly row: number
  readonly rows: number
  /** Where each column begins, from the left edge of the table, and at last where the table ends. */
  readonly edges: readonly number[]
}

export interface Scrolled {
  readonly top: number
  readonly left: number
  readonly width: number
  readonly height: number
}

export interface InSight {
  readonly rows: Range
  readonly columns: Range
}

/** So many rows and columns beyond the edges are laid out, too: what is scrolled to is there. */
const BEYOND = { rows: 6, columns: 1 }

/** What is in sight; the same object as before where that is the same. */
export function inSight(sizes: Sizes, seen: Scrolled, before: InSight | null = null): InSight {
  const rows = grown(Math.floor(seen.top / sizes.row), Math.ceil((seen.top + seen.height) / sizes.row), BEYOND.rows, sizes.rows)
  const columns = grown(columnAt(sizes.edges, seen.left), columnAt(sizes.edges, seen.left + seen.width) + 1, BEYOND.columns, sizes.edges.length - 1)
  return before !== null && isSame(before.rows, rows) && isSame(before.columns, columns) ? before : { rows, columns }
}

/** Where the edges of the columns are: each is so wide, and they begin after the numbers of the rows. */
export function edgesOf(widths: readonly number[], begin: number): number[] {
  const edges = [begin]
  for (const width of widths) edges.push((edges.at(-1) ?? 0) + width)
  return edges
}

/** How far to scroll so that a stretch is whole between two edges of what is seen; its beginning counts where it is longer. */
export function scrolledTo(offset: number, [from, to]: readonly [number, number], length: number, head: number): number {
  if (from < offset + head) return from - head
  return to > offset + length ? Math.min(from - head, to - length) : offset
}

function columnAt(edges: readonly number[], x: number): number {
  let [low, high] = [0, edges.length - 1]
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((edges[middle] ?? Infinity) <= x) low = middle
    else high = middle - 1
  }
  return low
}

function grown(from: number, to: number, by: number, count: number): Range {
  return { from: Math.max(0, Math.min(from - by, count)), to: Math.max(0, Math.min(to + by, count)) }
}

function isSame(a: Range, b: Range): boolean {
  return a.from === b.from && a.to === b.to
}
