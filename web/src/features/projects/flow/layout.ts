// Where the boxes and arrows of a workflow stand. Columns by the longest way from the start; arrows go at right angles,
// down and up only between columns, along only above or below all boxes: so none can cross a box.
import { startOf, waysOf, type Edge, type Flow } from './policy'

export const BOX = { width: 176, height: 92, gapX: 156, gapY: 36 } as const
/** Between two arrows that go the same way: up or down beside one another, along over one another. */
const TRACK = 14
const LANE = 30
const ROUND = 8
/** About as much as a label takes; two do not stand on one another. */
const LABEL = { width: 96, height: 18 } as const

export interface Point { x: number; y: number }
export interface Box { name: string; x: number; y: number }
/** Ways between the same two stages are one arrow. `skip`: taken after skips. `points` are its corners, `path` the same with round ones. */
export interface Arrow { from: string; to: string; ways: Edge[]; skip: number | null; points: Point[]; path: string; label: Point }
export interface Drawing { boxes: Box[]; arrows: Arrow[]; width: number; height: number }

interface Joined { from: string; to: string; ways: Edge[]; skip: number | null }
type Side = 'left' | 'right' | 'top' | 'bottom'
interface Route { one: Joined; out: Side; into: Side; a: Placed; b: Placed; lane: number | null }
interface Placed extends Box { column: number; isTop: boolean; isBottom: boolean }

export function draw(flow: Flow): Drawing {
  const names = Object.keys(flow.stages)
  const joined = arrowsOf(flow)
  const column = columns(names, startOf(flow), joined)
  const { boxes, tall } = placed(names, column)
  const of = new Map(boxes.map((box) => [box.name, box]))
  const routes = joined.map((one) => routeOf(one, of.get(one.from) as Placed, of.get(one.to) as Placed))
  layLanes(routes, tall)
  const port = portsOf(routes)
  const track = tracksOf(routes, port)
  const labels: Point[] = []
  const arrows = routes.map((route): Arrow => {
    const points = cornersOf(route, port(route, 'out'), port(route, 'into'), track(route, 'out'), track(route, 'into'))
    const label = freeOf(labelOf(route, points), labels)
    labels.push(label)
    return { ...route.one, points, path: '', label }
  })
  return moved(boxes, arrows)
}

function arrowsOf(flow: Flow): Joined[] {
  const joined = new Map<string, Joined>()
  const join = (from: string, to: string) => {
    const key = JSON.stringify([from, to])
    const found = joined.get(key) ?? { from, to, ways: [], skip: null }
    joined.set(key, found)
    return found
  }
  for (const [from, stage] of Object.entries(flow.stages)) {
    for (const way of waysOf(stage)) if (flow.stages[way.to]) join(from, way.to).ways.push(way)
    const { then, after } = stage.skip ?? {}
    if (then && flow.stages[then]) join(from, then).skip = after ?? 1
  }
  return [...joined.values()]
}

/** Boxes in their columns, each column in the middle of the tallest. */
function placed(names: readonly string[], column: ReadonlyMap<string, number>): { boxes: Placed[]; tall: number } {
  const inColumn = Map.groupBy(names, (name) => column.get(name) ?? 0)
  const heightOf = (n: number) => n * BOX.height + (n - 1) * BOX.gapY
  const tall = Math.max(0, ...[...inColumn.values()].map((own) => heightOf(own.length)))
  const boxes = names.map((name): Placed => {
    const at = column.get(name) ?? 0
    const own = inColumn.get(at) ?? [name]
    const row = own.indexOf(name)
    return { name, column: at, x: at * (BOX.width + BOX.gapX), y: (tall - heightOf(own.length)) / 2 + row * (BOX.height + BOX.gapY), isTop: row === 0, isBottom: row === own.length - 1 }
  })
  return { boxes, tall }
}

/** By which sides an arrow leaves and comes: to the next column straight on, further on above all boxes, back below them. */
function routeOf(one: Joined, a: Placed, b: Placed): Route {
  const steps = b.column - a.column
  if (steps === 1) return { one, a, b, out: 'right', into: 'left', lane: null }
  if (steps === 0) return { one, a, b, out: 'right', into: 'right', lane: null }
  if (steps > 1) return { one, a, b, out: a.isTop ? 'top' : 'right', into: b.isTop ? 'top' : 'left', lane: 0 }
  return { one, a, b, out: a.isBottom ? 'bottom' : 'right', into: b.isBottom ? 'bottom' : 'left', lane: 0 }
}

/** Each arrow above or below has a height of its own, the shortest next to the boxes. */
function layLanes(routes: readonly Route[], tall: number): void {
  const span = ({ a, b }: Route) => Math.abs(a.column - b.column)
  const along = routes.filter(({ lane }) => lane !== null).toSorted((p, q) => span(p) - span(q))
  let [above, below] = [0, 0]
  for (const route of along) route.lane = route.b.column > route.a.column ? -LANE * (above += 1) : tall + LANE * (below += 1)
}

/** Arrows at one side of a box stand beside one another, in the order of where they go. */
function portsOf(routes: readonly Route[]): (route: Route, end: 'out' | 'into') => Point {
  const key = (box: Placed, side: Side) => JSON.stringify([box.name, side])
  const at = new Map<string, { route: Route; end: 'out' | 'into'; toward: number }[]>()
  for (const route of routes) {
    for (const end of ['out', 'into'] as const) {
      const [box, side, other] = end === 'out' ? [route.a, route.out, route.b] : [route.b, route.into, route.a]
      const flat = side === 'left' || side === 'right'
      const toward = flat ? (route.lane ?? other.y) : other.x
      const all = at.get(key(box, side)) ?? []
      at.set(key(box, side), [...all, { route, end, toward }])
    }
  }
  for (const all of at.values()) all.sort((p, q) => p.toward - q.toward || Number(p.end === 'into') - Number(q.end === 'into'))
  return (route, end) => {
    const [box, side] = end === 'out' ? [route.a, route.out] : [route.b, route.into]
    const all = at.get(key(box, side)) ?? []
    const share = (all.findIndex((one) => one.route === route && one.end === end) + 1) / (all.length + 1)
    if (side === 'left' || side === 'right') return { x: side === 'left' ? box.x : box.x + BOX.width, y: box.y + BOX.height * share }
    return { x: box.x + BOX.width * share, y: side === 'top' ? box.y : box.y + BOX.height }
  }
}

/** Where between two columns an arrow goes up or down: each at a place of its own, from the column before on. */
function tracksOf(routes: readonly Route[], port: (route: Route, end: 'out' | 'into') => Point): (route: Route, end: 'out' | 'into') => number {
  const gaps = new Map<number, { route: Route; end: 'out' | 'into'; y: number }[]>()
  for (const route of routes) {
    // The gap at the right of a column has its number, the one at the left of the first -1. To the next column one bend is enough.
    const ends = route.lane === null ? (['out'] as const) : (['out', 'into'] as const)
    for (const end of ends) {
      const side = end === 'out' ? route.out : route.into
      if (side !== 'left' && side !== 'right') continue
      const gap = side === 'right' ? (end === 'out' ? route.a : route.b).column : (end === 'out' ? route.a : route.b).column - 1
      gaps.set(gap, [...(gaps.get(gap) ?? []), { route, end, y: port(route, end).y }])
    }
  }
  // Those that leave further down bend first, so that they do not cross those that go down from above them.
  for (const all of gaps.values()) all.sort((p, q) => q.y - p.y)
  return (route, end) => {
    const side = end === 'out' ? route.out : route.into
    const box = end === 'out' ? route.a : route.b
    const gap = side === 'right' ? box.column : box.column - 1
    const all = gaps.get(gap) ?? []
    const nth = all.findIndex((one) => one.route === route && (one.end === end || route.lane === null))
    const left = gap * (BOX.width + BOX.gapX) + BOX.width
    const step = Math.min(TRACK, (BOX.gapX - 48) / Math.max(1, all.length - 1))
    return left + BOX.gapX / 2 + (nth - (all.length - 1) / 2) * step
  }
}

function cornersOf({ a, b, out, into, lane }: Route, from: Point, to: Point, outX: number, intoX: number): Point[] {
  if (a === b) return [from, { x: from.x + 24, y: from.y }, { x: from.x + 24, y: to.y }, to]
  if (lane === null) return from.y === to.y && into === 'left' ? [from, to] : [from, { x: outX, y: from.y }, { x: outX, y: to.y }, to]
  const first = out === 'right' ? [{ x: outX, y: from.y }, { x: outX, y: lane }] : [{ x: from.x, y: lane }]
  const last = into === 'left' ? [{ x: intoX, y: lane }, { x: intoX, y: to.y }] : [{ x: to.x, y: lane }]
  return [from, ...first, ...last, to]
}

/** Above or below, in the middle of the longest stretch; between two columns in the middle there, where boxes are furthest. */
function labelOf({ a, lane }: Route, points: readonly Point[]): Point {
  if (lane === null && points.length > 0) {
    const ys = points.map(({ y }) => y)
    return { x: a.x + BOX.width + BOX.gapX / 2, y: (Math.min(...ys) + Math.max(...ys)) / 2 + 4 }
  }
  const stretches = points.slice(1).map((to, i) => [points[i] as Point, to] as const)
  const length = ([p, q]: readonly [Point, Point]) => Math.abs(p.x - q.x) + Math.abs(p.y - q.y)
  const [p, q] = stretches.toSorted((one, other) => length(other) - length(one))[0] ?? [{ x: 0, y: 0 }, { x: 0, y: 0 }]
  return { x: (p.x + q.x) / 2, y: (p.y + q.y) / 2 + 4 }
}

/** A place for a label near the one it would have, clear of the others. */
function freeOf(at: Point, taken: readonly Point[]): Point {
  const isFree = ({ x, y }: Point) => taken.every((one) => Math.abs(one.x - x) >= LABEL.width || Math.abs(one.y - y) >= LABEL.height)
  for (let step = 0; step < 8; step += 1) {
    for (const dy of [step, -step]) {
      const moved = { x: at.x, y: at.y + dy * LABEL.height }
      if (isFree(moved)) return moved
    }
  }
  return at
}

/** The column of each stage: one more than the last of those that lead to it, ways back left out. */
function columns(names: readonly string[], start: string, edges: readonly { from: string; to: string }[]): Map<string, number> {
  const found = new Map<string, number>()
  const visit = (name: string, depth: number, path: readonly string[]) => {
    if (path.includes(name) || (found.get(name) ?? -1) >= depth) return
    found.set(name, depth)
    for (const edge of edges) if (edge.from === name) visit(edge.to, depth + 1, [...path, name])
  }
  visit(start, 0, [])
  for (const name of names) if (!found.has(name)) found.set(name, 0)
  return found
}

/** Everything moved so that it begins at 0, with round corners. */
function moved(boxes: readonly Box[], arrows: readonly Arrow[]): Drawing {
  const xs = [...boxes.flatMap((box) => [box.x, box.x + BOX.width]), ...arrows.flatMap((one) => [...one.points.map(({ x }) => x), one.label.x - LABEL.width / 2, one.label.x + LABEL.width / 2])]
  const ys = [...boxes.flatMap((box) => [box.y, box.y + BOX.height]), ...arrows.flatMap((one) => [...one.points.map(({ y }) => y), one.label.y - LABEL.height, one.label.y + LABEL.height / 2])]
  const [left, top] = [Math.min(...xs), Math.min(...ys)]
  const by = ({ x, y }: Point): Point => ({ x: x - left, y: y - top })
  return {
    boxes: boxes.map(({ name, x, y }) => ({ name, ...by({ x, y }) })),
    arrows: arrows.map((one) => {
      const points = one.points.map(by)
      return { ...one, points, path: rounded(points), label: by(one.label) }
    }),
    width: Math.max(...xs) - left,
    height: Math.max(...ys) - top,
  }
}

function rounded(points: readonly Point[]): string {
  return points.map((point, i) => {
    const [before, after] = [points[i - 1], points[i + 1]]
    if (!before) return `M${point.x} ${point.y}`
    if (!after) return `L${point.x} ${point.y}`
    const to = (other: Point): Point => {
      const length = Math.hypot(other.x - point.x, other.y - point.y)
      const share = length === 0 ? 0 : Math.min(ROUND, length / 2) / length
      return { x: point.x + (other.x - point.x) * share, y: point.y + (other.y - point.y) * share }
    }
    const [p, q] = [to(before), to(after)]
    return `L${p.x} ${p.y} Q${point.x} ${point.y} ${q.x} ${q.y}`
  }).join(' ')
}
