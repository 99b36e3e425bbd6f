// What becomes of a table's lines and cells: lines put in, moved and taken out, cells joined and parted, the frame changed.

import type { Point } from '../engine/gesture'
import type { Size } from '../engine/kind'

/** First row and column of a cell, from 0, and how many of each it reaches over. */
export type Joined = readonly [row: number, column: number, rows: number, columns: number]
export interface Frame {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}
/** `rows` are the y of the lines between rows, `columns` the x of those between columns. */
export type Grid = {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
  readonly rows?: readonly number[]
  readonly columns?: readonly number[]
  readonly merged?: readonly Joined[]
}
export type Direction = 'rows' | 'columns'

/** Lines nearer to one another than this, in pixels of the picture, are one. */
const NEAR_PX = 1
/** Of a row's height: a gap between words at least so wide parts columns. */
const COLUMN_GAP = 0.6

const rounded = (at: number): number => Math.round(at * 10) / 10

/** The frame and the lines of one direction, in order. */
export function edges(grid: Grid, direction: Direction): number[] {
  return direction === 'rows' ? [grid.top, ...(grid.rows ?? []), grid.bottom] : [grid.left, ...(grid.columns ?? []), grid.right]
}

/** As it travels: nothing that is empty. */
export function plain({ left, top, right, bottom, rows = [], columns = [], merged = [] }: Grid): Grid {
  return { left, top, right, bottom, ...(rows.length > 0 ? { rows } : {}), ...(columns.length > 0 ? { columns } : {}), ...(merged.length > 0 ? { merged } : {}) }
}

/** With one line more; null where it would lie on another or outside. */
export function withLine(grid: Grid, direction: Direction, at: number): Grid | null {
  const lines = edges(grid, direction)
  const line = rounded(at)
  const band = lines.findIndex((low, i) => line > low + NEAR_PX && line < (lines[i + 1] ?? -Infinity) - NEAR_PX)
  if (band < 0) return null
  const merged = (grid.merged ?? []).map((cell): Joined => {
    const [start, count] = along(cell, direction)
    return start > band ? put(cell, direction, start + 1, count) : start + count > band ? put(cell, direction, start, count + 1) : cell
  })
  const own = (grid[direction] ?? []).toSpliced(band, 0, line)
  return plain({ ...grid, [direction]: own, merged })
}

/** The middle of the widest band, for a line that is put in without a pointer. */
export function widest(grid: Grid, direction: Direction): number {
  const lines = edges(grid, direction)
  const sizes = lines.slice(1).map((high, i) => high - (lines[i] ?? high))
  const at = sizes.indexOf(Math.max(...sizes))
  return ((lines[at] ?? 0) + (lines[at + 1] ?? 0)) / 2
}

/** Without a line: the two bands on either side are one. */
export function withoutLine(grid: Grid, direction: Direction, index: number): Grid | null {
  const own = grid[direction] ?? []
  if (own[index] === undefined) return null
  const merged = (grid.merged ?? []).map((cell): Joined => {
    const [start, count] = along(cell, direction)
    return start > index ? put(cell, direction, start - 1, count) : start + count > index + 1 ? put(cell, direction, start, count - 1) : cell
  })
  return plain({ ...grid, [direction]: own.toSpliced(index, 1), merged: merged.filter(([, , rows, columns]) => rows * columns > 1) })
}

/** A line goes no farther than to its neighbours. */
export function movedLine(grid: Grid, direction: Direction, index: number, to: number): Grid {
  const lines = edges(grid, direction)
  const [low, high] = [(lines[index] ?? 0) + NEAR_PX, (lines[index + 2] ?? 0) - NEAR_PX]
  if (low > high) return grid
  return { ...grid, [direction]: (grid[direction] ?? []).with(index, rounded(Math.min(Math.max(to, low), high))) }
}

/** The lines go with the frame; the table as it was where they would fall together. */
export function framed(grid: Grid, frame: Frame): Grid {
  const scaled = (direction: Direction, low: number, high: number): number[] => {
    const [from, ...rest] = edges(grid, direction)
    const to = rest.at(-1) ?? 0
    return rest.slice(0, -1).map((at) => rounded(low + ((at - (from ?? 0)) / (to - (from ?? 0))) * (high - low)))
  }
  const made = plain({ ...frame, rows: scaled('rows', frame.top, frame.bottom), columns: scaled('columns', frame.left, frame.right), merged: grid.merged })
  const isSound = (['rows', 'columns'] as const).every((direction) => edges(made, direction).every((at, i, all) => i === 0 || at > (all[i - 1] ?? at)))
  return isSound ? made : grid
}

/** By as much as the frame can move within the picture. */
export function movedBy(grid: Grid, by: Point, { width, height }: Size): Grid {
  const [x, y] = [Math.min(Math.max(by.x, -grid.left), width - grid.right), Math.min(Math.max(by.y, -grid.top), height - grid.bottom)]
  return plain({
    left: rounded(grid.left + x), top: rounded(grid.top + y), right: rounded(grid.right + x), bottom: rounded(grid.bottom + y),
    rows: grid.rows?.map((at) => rounded(at + y)), columns: grid.columns?.map((at) => rounded(at + x)), merged: grid.merged,
  })
}

/** The cell at a point, joined or not; null outside. */
export function cellAt(grid: Grid, { x, y }: Point): Joined | null {
  const [row, column] = [bandOf(edges(grid, 'rows'), y), bandOf(edges(grid, 'columns'), x)]
  if (row < 0 || column < 0) return null
  return grid.merged?.find((cell) => holds(cell, row, column)) ?? [row, column, 1, 1]
}

/** A cell joined with the next one to the right, or below; what reaches into both goes along. Null at the edge. */
export function joinedOn(grid: Grid, cell: Joined, direction: Direction): Grid | null {
  const [start, count] = along(cell, direction)
  if (start + count >= edges(grid, direction).length - 1) return null
  let made = put(cell, direction, start, count + 1)
  const rest = new Set(grid.merged ?? [])
  for (let grew = true; grew; ) {
    grew = false
    for (const other of rest) {
      if (!meet(made, other)) continue
      rest.delete(other)
      made = around(made, other)
      grew = true
    }
  }
  return plain({ ...grid, merged: inOrder([...rest, made]) })
}

/** A joined cell as its single ones; null where it is single. */
export function parted(grid: Grid, cell: Joined): Grid | null {
  const left = (grid.merged ?? []).filter((other) => !(other[0] === cell[0] && other[1] === cell[1]))
  return left.length === (grid.merged ?? []).length ? null : plain({ ...grid, merged: left })
}

/** The pieces of lines that are there: none within a joined cell. */
export function segments(grid: Grid): (readonly [Point, Point])[] {
  const [ys, xs] = [edges(grid, 'rows'), edges(grid, 'columns')]
  const merged = grid.merged ?? []
  const across = (row: number, column: number): boolean => merged.some((m) => holds(m, row, column) && holds(m, row + 1, column))
  const down = (row: number, column: number): boolean => merged.some((m) => holds(m, row, column) && holds(m, row, column + 1))
  const found: (readonly [Point, Point])[] = []
  const add = (a: Point, b: Point): void => void found.push([a, b])
  for (let row = 0; row < ys.length - 2; row += 1) pieces(xs.length - 1, (column) => across(row, column), (from, to) => add({ x: xs[from] ?? 0, y: ys[row + 1] ?? 0 }, { x: xs[to] ?? 0, y: ys[row + 1] ?? 0 }))
  for (let column = 0; column < xs.length - 2; column += 1) pieces(ys.length - 1, (row) => down(row, column), (from, to) => add({ x: xs[column + 1] ?? 0, y: ys[from] ?? 0 }, { x: xs[column + 1] ?? 0, y: ys[to] ?? 0 }))
  return found
}

/** Lines where the words in the frame leave gaps: any between rows, wide ones between columns. Null without words. */
export function proposed(grid: Grid, words: readonly Frame[]): Grid | null {
  const inside = words.filter((w) => (w.left + w.right) / 2 > grid.left && (w.left + w.right) / 2 < grid.right && (w.top + w.bottom) / 2 > grid.top && (w.top + w.bottom) / 2 < grid.bottom)
  if (inside.length === 0) return null
  const heights = inside.map((w) => w.bottom - w.top).sort((a, b) => a - b)
  const high = heights[heights.length >> 1] ?? 0
  // Letters that reach below a line touch the next one: words count by the middle of their height.
  const rows = gaps(inside.map((w) => [w.top + 0.2 * (w.bottom - w.top), w.bottom - 0.2 * (w.bottom - w.top)]), 0)
  const columns = gaps(inside.map((w) => [w.left, w.right]), COLUMN_GAP * high)
  const { left, top, right, bottom } = grid
  return plain({ left, top, right, bottom, rows, columns })
}

/** The middles of what no stretch covers between the first and the last. */
function gaps(stretches: readonly (readonly [number, number])[], least: number): number[] {
  const found: number[] = []
  let reached = Infinity
  for (const [from, to] of stretches.toSorted((a, b) => a[0] - b[0])) {
    if (from > reached && from - reached > least) found.push(rounded((from + reached) / 2))
    reached = reached === Infinity ? to : Math.max(reached, to)
  }
  return found
}

function pieces(count: number, isGone: (at: number) => boolean, add: (from: number, to: number) => void): void {
  let from: number | null = null
  for (let at = 0; at <= count; at += 1) {
    const isOpen = at < count && !isGone(at)
    if (isOpen) from ??= at
    else if (from !== null) {
      add(from, at)
      from = null
    }
  }
}

const bandOf = (lines: readonly number[], at: number): number => lines.findIndex((low, i) => at >= low && at < (lines[i + 1] ?? -Infinity))
const along = ([row, column, rows, columns]: Joined, direction: Direction): readonly [number, number] => (direction === 'rows' ? [row, rows] : [column, columns])
const put = ([row, column, rows, columns]: Joined, direction: Direction, start: number, count: number): Joined => (direction === 'rows' ? [start, column, count, columns] : [row, start, rows, count])
const holds = ([row, column, rows, columns]: Joined, r: number, c: number): boolean => r >= row && r < row + rows && c >= column && c < column + columns
const meet = (a: Joined, b: Joined): boolean => a[0] < b[0] + b[2] && b[0] < a[0] + a[2] && a[1] < b[1] + b[3] && b[1] < a[1] + a[3]
const inOrder = (cells: readonly Joined[]): Joined[] => cells.toSorted((a, b) => a[0] - b[0] || a[1] - b[1])

function around(a: Joined, b: Joined): Joined {
  const [row, column] = [Math.min(a[0], b[0]), Math.min(a[1], b[1])]
  return [row, column, Math.max(a[0] + a[2], b[0] + b[2]) - row, Math.max(a[1] + a[3], b[1] + b[3]) - column]
}
