// The way of a line between two spans: above the words of one line, or through the gaps between lines and along the margin,
// so that it never runs over words. All in pixels of the text's own box.

export interface Place {
  /** The middle of the span's first line of words, and its upper edge. */
  readonly x: number
  readonly top: number
}

export interface Arc {
  readonly path: string
  /** Where the arrow's head points to. */
  readonly end: { readonly x: number; readonly y: number }
  readonly label: { readonly x: number; readonly y: number }
  /** What it covers of its height above the line, to keep arcs apart. */
  readonly span: { readonly row: number; readonly from: number; readonly to: number }
}

const ABOVE_PX = 9
const LEVEL_PX = 8
const ROUND_PX = 4
const MARGIN_PX = 12
const MARGIN_STEP_PX = 6
const HEAD_PX = 3
const SAME_LINE_PX = 12

/** How many arcs lie over one another above a line, and how far apart; more than that share the highest place. */
export interface Levels {
  readonly most: number
  readonly step: number
}

const FEW: Levels = { most: 3, step: LEVEL_PX }
/** Of many, each has room for its own name. */
const ROOMY_PX = 13
const MOST = 14
/** Lines to other rows lie over all that is left of them. */
const SPARE = 3

/** The room that lines need of which so many lie over one place. */
export function levelsFor(deep: number): Levels {
  return deep <= FEW.most ? FEW : { most: Math.min(MOST, deep + SPARE), step: ROOMY_PX }
}

/** What a line of text is higher by than one with few arcs. */
export function moreHeight({ most, step }: Levels): number {
  return (most - 1) * step - (FEW.most - 1) * FEW.step
}

/** Over how many of these stretches some place lies, at most. */
export function deepest(stretches: readonly (readonly [number, number])[]): number {
  const turns = stretches.flatMap(([a, b]) => [[Math.min(a, b), 1] as const, [Math.max(a, b), -1] as const]).sort((x, y) => x[0] - y[0] || x[1] - y[1])
  let [now, most] = [0, 0]
  for (const [, by] of turns) most = Math.max(most, (now += by))
  return most
}

/** Lines between places, in order; arcs that would cover one another get different heights. */
export function arcsOf(ends: readonly { readonly from: Place; readonly to: Place }[], levels: Levels = FEW): Arc[] {
  const taken: { row: number; level: number; from: number; to: number }[] = []
  const beside: { from: number; to: number; lane: number }[] = []
  const order = ends.map((_, i) => i).sort((a, b) => widthOf(ends[a]) - widthOf(ends[b]))
  const made = new Map<number, Arc>()
  for (const i of order) {
    const { from, to } = ends[i] ?? { from: { x: 0, top: 0 }, to: { x: 0, top: 0 } }
    const isOneLine = Math.abs(from.top - to.top) < SAME_LINE_PX
    const free = (place: Place, left: number, right: number): number => freeLevel(taken, Math.round(place.top), left, right, levels.most)
    const lane = isOneLine ? 0 : freeLane(beside, Math.min(from.top, to.top), Math.max(from.top, to.top))
    const high = (level: number): number => ABOVE_PX + level * levels.step
    made.set(i, isOneLine ? over(from, to, high(free(from, Math.min(from.x, to.x), Math.max(from.x, to.x)))) : along(from, to, lane, high(free(from, -MARGIN_PX, from.x)), high(free(to, -MARGIN_PX, to.x))))
  }
  return ends.map((_, i) => made.get(i)).filter((arc) => arc !== undefined)
}

function widthOf(ends: { readonly from: Place; readonly to: Place } | undefined): number {
  return ends ? Math.abs(ends.from.x - ends.to.x) + 10 * Math.abs(ends.from.top - ends.to.top) : 0
}

function freeLevel(taken: { row: number; level: number; from: number; to: number }[], row: number, from: number, to: number, most: number): number {
  const near = taken.filter((t) => Math.abs(t.row - row) < SAME_LINE_PX && t.from < to && from < t.to)
  let level = 0
  while (level < most - 1 && near.some((t) => t.level === level)) level += 1
  taken.push({ row, level, from, to })
  return level
}

function freeLane(beside: { from: number; to: number; lane: number }[], from: number, to: number): number {
  const near = beside.filter((t) => t.from < to && from < t.to)
  let lane = 0
  while (near.some((t) => t.lane === lane)) lane += 1
  beside.push({ from, to, lane })
  return lane % 5
}

/** Up, across, down: both ends stand in one line. */
function over(from: Place, to: Place, above: number): Arc {
  const y = Math.min(from.top, to.top) - above
  const by = to.x > from.x ? 1 : -1
  const r = Math.min(ROUND_PX, Math.abs(to.x - from.x) / 2)
  const path = `M${from.x} ${from.top - 2}V${y + r}Q${from.x} ${y} ${from.x + by * r} ${y}H${to.x - by * r}Q${to.x} ${y} ${to.x} ${y + r}V${to.top - HEAD_PX}`
  return { path, end: { x: to.x, y: to.top - 1 }, label: { x: (from.x + to.x) / 2, y }, span: { row: from.top, from: Math.min(from.x, to.x), to: Math.max(from.x, to.x) } }
}

/** Up, to the margin, along it, back between the lines, down: the ends stand in two lines. */
function along(from: Place, to: Place, lane: number, above: number, beyond: number): Arc {
  const [y1, y2] = [from.top - above, to.top - beyond]
  const x = -MARGIN_PX - lane * MARGIN_STEP_PX
  const r = ROUND_PX
  const down = y2 > y1 ? 1 : -1
  const path = `M${from.x} ${from.top - 2}V${y1 + r}Q${from.x} ${y1} ${from.x - r} ${y1}H${x + r}Q${x} ${y1} ${x} ${y1 + down * r}V${y2 - down * r}Q${x} ${y2} ${x + r} ${y2}H${to.x - r}Q${to.x} ${y2} ${to.x} ${y2 + r}V${to.top - HEAD_PX}`
  return { path, end: { x: to.x, y: to.top - 1 }, label: { x: Math.max(x + 24, from.x / 2), y: y1 }, span: { row: from.top, from: x, to: from.x } }
}

/** The triangle of an arrow that points down to its end. */
export function headOf({ x, y }: { readonly x: number; readonly y: number }): string {
  return `M${x} ${y}l-3.5 -6h7Z`
}
