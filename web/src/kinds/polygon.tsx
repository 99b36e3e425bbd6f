// A polygon: an area in pixels of the picture after EXIF orientation, in one part or several, with or without holes.

import type { Gesture, Point } from '../engine/gesture'
import type { Act, CanvasKind, Handle, Join, Size, Slice } from '../engine/kind'
import { isList, isRecord, problem, shown } from '../engine/problem'
import type { Facts, Json, Problem } from '../engine/types'
import { clicks, drawLine, pointHandles, sketch, withoutPoint, withPoint } from './clicks'
import { type Area, cutAlong, united } from './cutting'
import { areaOf, covers, isFlat, isSimple, misplaced, movedBy, outsideOf, overlap, type Ring, toPoint } from './rings'
import { simplified, toleranceOf } from './simplify'

export type Polygon = { readonly outer: readonly Ring[]; readonly holes?: readonly Ring[] }

const CLICKS = { least: 3, closes: true, made: (points: Ring): Polygon => ({ outer: [points] }) }

function check(value: Json, _field: unknown, facts: Facts): Problem[] {
  const shape = misshapen(value)
  if (shape.length > 0) return shape
  const polygon = value as Polygon // every point is a pair of numbers, just tested
  const { outer, holes } = ringsOf(polygon)
  if (outer.length === 0) return [problem('outer', outer, 'at least one ring', 'Draw the outline, or remove the polygon.')]
  const rings = [...named('outer', outer), ...named('holes', holes)]
  const found = rings.map(([name, ring]) => ringProblem(name, ring, facts)).filter((p) => p !== null)
  return found.length > 0 ? found : together(polygon)
}

/** What is no list of rings of points; the first thing only, as reading stops there. */
function misshapen(value: Json): Problem[] {
  if (!isRecord(value)) return [problem('', value, 'a mapping', 'Give outer: [[[x, y], …]].')]
  for (const [key, rings] of Object.entries(value)) {
    if (key !== 'outer' && key !== 'holes') return [problem(key, rings, 'no such key', `Remove ${shown(key)}.`)]
    if (!isList(rings)) return [problem(key, rings, 'a list', 'Give a list of rings of points.')]
    const wrong = rings.flatMap((ring, i) => misplaced(ring, `${key}[${i}]`))
    if (wrong.length > 0) return wrong.slice(0, 1)
  }
  return value['outer'] === undefined ? [problem('outer', null, 'a value', 'Give the outline as [[[x, y], …]].')] : []
}

/** What is wrong with a ring by itself; of points that are wrong, the first. */
function ringProblem(name: string, ring: Ring, facts: Facts): Problem | null {
  if (ring.length < 3) return problem(name, ring, 'three points or more', 'Add points, or remove the ring.')
  const outside = outsideOf(ring, name, facts)
  if (outside !== null || isSound(ring)) return outside
  if (isFlat(ring)) return problem(name, ring, 'a ring with an area', 'Move its points apart, or remove the ring.')
  return problem(name, ring, 'a ring that does not cross or touch itself', 'Move the points at which its lines meet.')
}

const sound = new WeakMap<Ring, boolean>()

/** Remembered: all shapes of a picture are checked after each change of one. */
function isSound(ring: Ring): boolean {
  const known = sound.get(ring) ?? (!isFlat(ring) && isSimple(ring))
  sound.set(ring, known)
  return known
}

const fits = new WeakMap<Polygon, readonly Problem[]>()

/** What is wrong between rings that are sound by themselves. */
function together(polygon: Polygon): Problem[] {
  const known = fits.get(polygon)
  if (known) return [...known]
  const { outer, holes } = ringsOf(polygon)
  const found = [...overlaps('outer', outer), ...overlaps('holes', holes), ...outside(outer, holes)]
  fits.set(polygon, found)
  return found
}

function overlaps(name: string, rings: readonly Ring[]): Problem[] {
  return rings.flatMap((later, j) => {
    const earlier = rings.slice(0, j).findLastIndex((ring) => overlap(ring, later))
    return earlier < 0 ? [] : [problem(`${name}[${j}]`, later, `no area in common with ${name}[${earlier}]`, 'Join the two.')]
  })
}

function outside(outer: readonly Ring[], holes: readonly Ring[]): Problem[] {
  const found = named('holes', holes).flatMap(([name, hole]) =>
    outer.some((ring) => covers(ring, hole)) ? [] : [problem(name, hole, 'a hole inside one of the outer rings', 'Move the hole, or remove it.')],
  )
  const [whole, empty] = [sum(outer), sum(holes)]
  if (found.length > 0 || holes.length === 0 || whole - empty > 1e-9 * whole) return found
  return [problem('holes', holes, 'holes that leave some area', 'Remove a hole, or the polygon.')]
}

function named(name: string, rings: readonly Ring[]): (readonly [string, Ring])[] {
  return rings.map((ring, i) => [`${name}[${i}]`, ring] as const)
}

function sum(rings: readonly Ring[]): number {
  return rings.reduce((area, ring) => area + areaOf(ring), 0)
}

function ringsOf({ outer, holes = [] }: Polygon): { readonly outer: readonly Ring[]; readonly holes: readonly Ring[] } {
  return { outer, holes }
}

/** Outer rings and holes in one row, as the handles count them. */
function rows({ outer, holes = [] }: Polygon): readonly Ring[] {
  return [...outer, ...holes]
}

/** The rings of a row as a polygon again; rings that are gone are null. */
function fromRows(all: readonly (Ring | null)[], parts: number): Polygon | null {
  const [outer, holes] = [all.slice(0, parts), all.slice(parts)].map((rings) => rings.filter((ring) => ring !== null))
  if (!outer || outer.length === 0) return null
  return holes && holes.length > 0 ? { outer, holes } : { outer }
}

function moveHandle(polygon: Polygon, handle: string, to: Point, size: Size): Polygon {
  return fromRows(withPoint(rows(polygon), handle, to, size), polygon.outer.length) ?? polygon
}

function removeHandle(polygon: Polygon, handle: string): Polygon | null {
  return fromRows(withoutPoint(rows(polygon), handle, 3), polygon.outer.length)
}

function moveBy(polygon: Polygon, by: Point, size: Size): Polygon {
  return fromRows(movedBy(rows(polygon), by, size), polygon.outer.length) ?? polygon
}

function handles(polygon: Polygon): Handle[] {
  return rows(polygon).flatMap((ring, row) => pointHandles(ring, row, true))
}

function* draw(start: Point, size: Size): Gesture<Polygon> {
  return yield* clicks(start, size, CLICKS)
}

const HOLE: Join<Polygon> = {
  id: 'hole',
  title: 'Cut a hole',
  key: 'Shift+P',
  icon: 'hole',
  join: ({ outer, holes = [] }, drawn) => (outer.some((ring) => drawn.outer.every((hole) => covers(ring, hole))) ? { outer, holes: [...holes, ...drawn.outer] } : null),
}

const PART: Join<Polygon> = {
  id: 'part',
  title: 'Add a part',
  key: 'Shift+A',
  icon: 'parts',
  join: (value, drawn) => ({ ...value, outer: [...value.outer, ...drawn.outer] }),
}

const SIMPLIFY: Act<Polygon> = {
  id: 'simplify',
  title: 'Simplify',
  key: 'Shift+Q',
  icon: 'polyline',
  run: (value) => {
    const all = rows(value)
    const tolerance = toleranceOf(all)
    const made = all.map((ring) => simplified(ring, tolerance))
    const polygon = fromRows(made, value.outer.length)
    // A part or a hole must not come to lie across another one.
    return polygon === null || made.every((ring, i) => ring === all[i]) || together(polygon).length > 0 ? null : polygon
  },
}

/** A sound polygon of these rings; null where they are none, such as one that touches itself. */
function soundOf({ outer, holes }: Area, size: Size): Polygon | null {
  const value = fromRows([...outer, ...holes], outer.length)
  return value !== null && check(value, null, size).length === 0 ? value : null
}

const SLICE: Slice<Polygon> = {
  draw: drawLine,
  parts: (value, line, size) => {
    const parts = cutAlong(ringsOf(value), line).map((area) => soundOf(area, size))
    return parts.every((part) => part !== null) ? parts : []
  },
}

export const polygon: CanvasKind<Polygon> = {
  name: 'polygon',
  version: 1,
  title: 'Polygon',
  surface: 'canvas',
  tool: { title: 'Polygon', key: 'P', icon: 'polygon' },
  check,
  isShape: (value) => misshapen(value).length === 0,
  draw,
  clicks: 'many',
  outline: (value) => [{ type: 'area', rings: rows(value).map((ring) => ring.map(toPoint)) }],
  sketch: ({ outer: [points = []] }) => sketch(points, true),
  handles,
  moveHandle,
  removeHandle,
  moveBy,
  snaps: true,
  joins: [HOLE, PART],
  acts: [SIMPLIFY],
  slice: SLICE,
  unite: async (values, size) => soundOf(await united(values.map(ringsOf)), size),
}
