// The parts into which a line cuts an area: its rings and the line as one graph, and the faces of that graph.

import type { Line } from '../engine/kind'
import { covers, edgesOf, isSame, type Place, type Ring } from './rings'

/** A part of an area, and on which sides of the line it lies; untouched by the line, on none. */
export interface Face {
  readonly outer: Ring
  readonly holes: readonly Ring[]
  readonly isLeft: boolean
  readonly isRight: boolean
}

/** Where the line meets a ring: so far along the line, and so far along the ring, in edges. */
interface Crossing {
  readonly along: number
  readonly ring: number
  readonly around: number
  readonly place: Place
}

/** A stretch of the line inside the area, from border to border. */
type Chord = readonly Place[]

/** A directed edge; the area lies to its left. `chord` is 0 on a border, else the number of the stretch, below 0 backwards. */
interface Edge {
  readonly from: Place
  readonly to: Place
  readonly chord: number
}

/**
 * A line is moved by this much before it is met with the rings, in pixels: through a corner, it would be on both sides
 * of it. Neither is a multiple of a tenth, which is where corners lie.
 */
const ASIDE = { x: 0.00137, y: 0.00071 }
/** How far the ends of a line are drawn out, in pixels: one that ends on the border is meant to reach it. */
const BEYOND_PX = 1

/** The parts of an area that a line leaves; the whole where it cuts nothing through, none where it crosses itself inside. */
export function facesOf(outer: readonly Ring[], holes: readonly Ring[], line: Line): Face[] {
  const rings = [...outer.map((ring) => turned(ring, 1)), ...holes.map((ring) => turned(ring, -1))]
  const path = drawnOut(line)
  const crossings = crossingsOf(rings, path)
  const chords = chordsOf(rings, path, crossings)
  if (chords.some((a, i) => chords.slice(i).some((b) => crosses(a, b)))) return []
  const borders = rings.flatMap((ring, i) => edgesOf(withCrossings(ring, crossings.filter((c) => c.ring === i))).map(([from, to]): Edge => ({ from, to, chord: 0 })))
  return assembled(loopsOf(borders, chords))
}

function turned(ring: Ring, sign: 1 | -1): Ring {
  return Math.sign(signedArea(ring)) === sign ? ring : ring.toReversed()
}

function signedArea(ring: Ring): number {
  return edgesOf(ring).reduce((sum, [a, b]) => sum + a[0] * b[1] - b[0] * a[1], 0)
}

function drawnOut(line: Line): Place[] {
  const places = line.map(([x, y]): Place => [x + ASIDE.x, y + ASIDE.y])
  const [first, second] = places
  const [last, before] = [places.at(-1), places.at(-2)]
  if (!first || !second || !last || !before) return []
  return [beyond(second, first), ...places.slice(1, -1), beyond(before, last)]
}

function beyond([x1, y1]: Place, [x2, y2]: Place): Place {
  const length = Math.hypot(x2 - x1, y2 - y1) || 1
  return [x2 + ((x2 - x1) / length) * BEYOND_PX, y2 + ((y2 - y1) / length) * BEYOND_PX]
}

function crossingsOf(rings: readonly Ring[], path: readonly Place[]): Crossing[] {
  const found = path.slice(1).flatMap((q, i) => {
    const p = path[i] ?? q
    return rings.flatMap((ring, r) =>
      edgesOf(ring).flatMap(([a, b], j) => {
        const met = meeting(p, q, a, b)
        return met === null ? [] : [{ along: i + met.share, ring: r, around: j + met.other, place: met.place }]
      }),
    )
  })
  return found.sort((m, n) => m.along - n.along)
}

/** Where two lines between points cross: the share of the way on either, and the place to a hundredth of a pixel. */
export function meeting(p: Place, q: Place, a: Place, b: Place): { share: number; other: number; place: Place } | null {
  const [dx, dy, ex, ey] = [q[0] - p[0], q[1] - p[1], b[0] - a[0], b[1] - a[1]]
  const cross = dx * ey - dy * ex
  if (cross === 0) return null
  const share = ((a[0] - p[0]) * ey - (a[1] - p[1]) * ex) / cross
  const other = ((a[0] - p[0]) * dy - (a[1] - p[1]) * dx) / cross
  if (share < 0 || share >= 1 || other < 0 || other >= 1) return null
  return { share, other, place: [hundredth(p[0] + share * dx), hundredth(p[1] + share * dy)] }
}

function chordsOf(rings: readonly Ring[], path: readonly Place[], crossings: readonly Crossing[]): Chord[] {
  return crossings.slice(1).flatMap((end, i) => {
    const start = crossings[i] ?? end
    if (!isInside(placeAt(path, (start.along + end.along) / 2), rings)) return []
    const between = path.slice(Math.floor(start.along) + 1, Math.floor(end.along) + 1).map(([x, y]): Place => [hundredth(x - ASIDE.x), hundredth(y - ASIDE.y)])
    const chord = withoutRepeats([start.place, ...between, end.place])
    return chord.length < 2 ? [] : [chord]
  })
}

function placeAt(path: readonly Place[], along: number): Place {
  const [a, b] = [path[Math.floor(along)], path[Math.floor(along) + 1]]
  if (!a || !b) return a ?? [0, 0]
  const share = along % 1
  return [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])]
}

/** Even-odd rule, over all rings. */
function isInside([x, y]: Place, rings: readonly Ring[]): boolean {
  const crossed = rings.flatMap(edgesOf).filter(([a, b]) => a[1] > y !== b[1] > y && x < ((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1]) + a[0])
  return crossed.length % 2 === 1
}

/** Whether two stretches cross, or one crosses itself; lines that follow one another meet in a point, which is none. */
function crosses(a: Chord, b: Chord): boolean {
  return a.slice(1).some((q, i) => b.slice(1).some((s, j) => {
    const [p, r] = [a[i] ?? q, b[j] ?? s]
    const areNeighbours = a === b && Math.abs(i - j) < 2
    const met = areNeighbours ? null : meeting(p, q, r, s)
    return met !== null && met.share > 1e-9 && met.other > 1e-9
  }))
}

function withCrossings(ring: Ring, crossings: readonly Crossing[]): Place[] {
  const sorted = crossings.toSorted((m, n) => m.around - n.around)
  return withoutRepeats(ring.flatMap((p, i) => [p, ...sorted.filter((c) => Math.floor(c.around) === i).map((c) => c.place)]))
}

function withoutRepeats(places: readonly Place[]): Place[] {
  return places.filter((p, i) => i === 0 || !isSame(p, places[i - 1] ?? p))
}

interface Loop {
  readonly ring: Ring
  readonly chords: ReadonlySet<number>
}

/** Walks all faces. A stretch with the same face on both sides divides nothing: it is left out, and all is walked again. */
function loopsOf(borders: readonly Edge[], chords: readonly Chord[], left: ReadonlySet<number> = new Set(chords.map((_, i) => i + 1))): Loop[] {
  const inner = chords.flatMap((chord, i) => (left.has(i + 1) ? [...directed(chord, i + 1), ...directed(chord.toReversed(), -i - 1)] : []))
  const loops = walked([...borders, ...inner])
  const idle = [...left].filter((n) => loops.some((loop) => loop.chords.has(n) && loop.chords.has(-n)))
  return idle.length === 0 ? loops : loopsOf(borders, chords, new Set([...left].filter((n) => !idle.includes(n))))
}

function directed(chord: Chord, number: number): Edge[] {
  return chord.slice(1).map((to, i) => ({ from: chord[i] ?? to, to, chord: number }))
}

function walked(edges: readonly Edge[]): Loop[] {
  const from = Map.groupBy(edges, (edge) => String(edge.from))
  const used = new Set<Edge>()
  return edges.flatMap((start) => {
    if (used.has(start)) return []
    const loop: Edge[] = []
    for (let edge: Edge | undefined = start; edge !== undefined && !used.has(edge); edge = leftmost(edge, from.get(String(edge.to)) ?? [])) {
      used.add(edge)
      loop.push(edge)
    }
    return [{ ring: loop.map((edge) => edge.from), chords: new Set(loop.map((edge) => edge.chord).filter((n) => n !== 0)) }]
  })
}

/** The edge on which a face to the left goes on: the sharpest turn to the left. */
function leftmost(edge: Edge, next: readonly Edge[]): Edge | undefined {
  const back = Math.atan2(edge.from[1] - edge.to[1], edge.from[0] - edge.to[0])
  const turn = (e: Edge): number => {
    const by = (back - Math.atan2(e.to[1] - e.from[1], e.to[0] - e.from[0]) + 4 * Math.PI) % (2 * Math.PI)
    return by < 1e-12 ? 2 * Math.PI : by
  }
  return next.toSorted((a, b) => turn(a) - turn(b))[0]
}

/** Loops the other way round are holes: each belongs to the smallest part that covers it. */
function assembled(loops: readonly Loop[]): Face[] {
  const outer = loops.filter((loop) => signedArea(loop.ring) > 0).toSorted((a, b) => signedArea(a.ring) - signedArea(b.ring))
  const holes = Map.groupBy(loops.filter((loop) => signedArea(loop.ring) < 0), (hole) => outer.find((loop) => covers(loop.ring, hole.ring)))
  return outer.map((loop) => {
    const inner = holes.get(loop) ?? []
    const chords = [loop, ...inner].flatMap((one) => [...one.chords])
    return { outer: loop.ring, holes: inner.map((one) => one.ring), isLeft: chords.some((n) => n > 0), isRight: chords.some((n) => n < 0) }
  })
}

function hundredth(at: number): number {
  return Math.round(at * 100) / 100
}
