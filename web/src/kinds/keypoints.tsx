// Keypoints: the points of a skeleton in the order of the field's template, each visible, occluded or not there.

import type { Point } from '../engine/gesture'
import type { Act, CanvasKind, Guide, Handle, Join, Primitive, Saying, Size } from '../engine/kind'
import { isList, problem } from '../engine/problem'
import { type Field, titled } from '../engine/schema'
import type { Facts, Json, Problem } from '../engine/types'
import { ABSENT, type Keypoint, type Keypoints, placing, type Placing, SAID } from './placing'
import { movedBy, outsideOf, placed } from './rings'
import { type Skeleton, skeletonOf } from './skeleton'

function check(value: Json, field: Field, facts: Facts): Problem[] {
  const shape = misshapen(value)
  if (shape.length > 0) return shape.slice(0, 1)
  const points = value as Keypoints // every point is three numbers, just tested
  const names = skeletonOf(field).points
  if (points.length !== names.length) return [problem('', value, `${names.length} point${names.length === 1 ? '' : 's'}`, 'Give a point for each of the template.')]
  const found = points.flatMap((point, i) => wrongPoint(point, i, facts))
  if (found.length > 0 || points.some(isThere)) return found
  return [problem('', value, 'at least one point that is there', 'Place a point, or remove the keypoints.')]
}

/** What is no list of points; the first thing only, as reading stops there. */
function misshapen(value: Json): Problem[] {
  if (!isList(value)) return [problem('', value, 'a list', 'Give points as [[x, y, visibility], …].')]
  for (const [index, point] of value.entries()) {
    const here = `[${index}]`
    if (!isList(point)) return [problem(here, point, 'a list', 'Give each point as [x, y, visibility].')]
    if (point.length !== 3) return [problem(here, point, 'a list of length 3', 'Give each point as [x, y, visibility].')]
    const axis = point.slice(0, 2).findIndex((at) => typeof at !== 'number')
    if (axis >= 0) return [problem(`${here}[${axis}]`, point[axis], 'a number', 'Give the point in pixels.')]
    const seen = wrongSeen(point[2])
    if (seen !== null) return [problem(`${here}[2]`, point[2], seen, 'Give 0 for not there, 1 for occluded, 2 for visible.')]
  }
  return []
}

function wrongSeen(seen: Json | undefined): string | null {
  if (typeof seen !== 'number' || !Number.isInteger(seen)) return 'a whole number'
  if (seen < 0) return 'a whole number >= 0'
  return seen > 2 ? 'a whole number <= 2' : null
}

function wrongPoint([x, y, seen]: Keypoint, index: number, facts: Facts): Problem[] {
  const outside = outsideOf([[x, y]], '', seen ? facts : {})
  if (outside !== null && (seen || !Number.isFinite(x) || !Number.isFinite(y))) return [{ ...outside, path: outside.path.replace('[0]', `[${index}]`) }]
  if (seen || (x === 0 && y === 0)) return []
  return [problem(`[${index}]`, [x, y, seen], '[0, 0, 0]', 'Say that the point is visible (2) or occluded (1), or leave its place 0, 0.')]
}

function isThere([, , seen]: Keypoint): boolean {
  return seen > 0
}

const pointOf = ([x, y]: Keypoint): Point => ({ x, y })

/** Lines and dots of the points that are there; one side of the thing lighter, what is occluded hollow. */
function drawn({ edges, second }: Skeleton, set: Keypoints): Primitive[] {
  const there = set.map((point) => (isThere(point) ? pointOf(point) : null))
  const sizes = there.filter((p) => p !== null)
  if (sizes.length === 0) return []
  const [xs, ys] = [sizes.map((p) => p.x), sizes.map((p) => p.y)]
  const extent = Math.max(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys))
  const linesOf = (rows: Skeleton['edges']): [Point, Point][] => rows.flatMap(([a, b]) => {
    const [from, to] = [there[a], there[b]]
    return from && to ? [[from, to]] : []
  })
  const [lines, light] = [linesOf(edges), linesOf(edges.filter(([a, b]) => second.has(a) || second.has(b)))]
  const dots = [false, true].flatMap((isLight) => [true, false].map((solid): Primitive => ({ type: 'dots', solid, light: isLight, extent, points: there.flatMap((p, i) => (p && second.has(i) === isLight && (set[i]?.[2] === 2) === solid ? [p] : [])) })))
  return [...(lines.length > 0 ? [{ type: 'lines' as const, lines, light: { type: 'lines' as const, lines: light } }] : []), ...dots.filter((p) => p.type === 'dots' && p.points.length > 0)]
}

/** What is set, and how the point under the pointer would join it. */
function sketch({ set, next, at }: Placing, field: Field): Primitive[] {
  const skeleton = skeletonOf(field)
  return drawn(skeleton, next === null || at === null ? set : set.with(next, at))
}

/** The template with what is placed filled; nothing once all is placed. */
function guide(preview: Placing | null, field: Field, base: Keypoints | null): Guide | null {
  const { points, edges, places } = skeletonOf(field)
  const set = preview?.set ?? base ?? points.map(() => ABSENT)
  const next = preview ? preview.next : set.findIndex((point) => !isThere(point))
  const place = next === null ? undefined : places[next]
  if (next === null || place === undefined) return null
  const at = (i: number): Point => places[i] ?? { x: 0, y: 0 }
  const dots = (there: boolean): Point[] => places.filter((_, i) => i !== next && (set[i]?.[2] ?? 0) > 0 === there)
  return { words: titled(points[next] ?? ''), step: next + 1, of: points.length, lines: edges.map(([a, b]) => [at(a), at(b)]), done: dots(true), open: dots(false), next: place }
}

function handles(set: Keypoints, field: Field): Handle[] {
  const { points } = skeletonOf(field)
  return set.flatMap((point, i) => (isThere(point) && i < points.length ? [{ id: `p${i}`, point: pointOf(point), cursor: 'move', name: titled(points[i] ?? ''), quiet: true }] : []))
}

const indexOf = (handle: string): number => Number(handle.slice(1))

function moveHandle(set: Keypoints, handle: string, to: Point, size: Size): Keypoints {
  return set.map((point, i) => (i === indexOf(handle) ? [...placed(to, size), point[2]] : point))
}

/** A point that is removed is not there; the last one stays. */
function removeHandle(set: Keypoints, handle: string): Keypoints | null {
  const left = set.with(indexOf(handle), ABSENT)
  return left.some(isThere) ? left : null
}

function moveBy(set: Keypoints, by: Point, size: Size): Keypoints {
  const [moved = []] = movedBy([set.filter(isThere).map(([x, y]) => [x, y] as const)], by, size)
  const rest = [...moved]
  return set.map((point) => {
    const to = isThere(point) ? rest.shift() : undefined
    return to ? [...to, point[2]] : point
  })
}

/** The points of each pair trade places: whoever took the left for the right has it right again. */
function swapped(set: Keypoints, field: Field): Keypoints | null {
  const { pairs } = skeletonOf(field)
  if (pairs.length === 0) return null
  return pairs.reduce((now: Keypoints, [a, b]) => now.with(a, set[b] ?? ABSENT).with(b, set[a] ?? ABSENT), set)
}

function occluded(set: Keypoints, _field: Field, handle: string | null): Keypoints | null {
  return handle === null ? null : set.map((point, i) => (i === indexOf(handle) ? [point[0], point[1], point[2] === 1 ? 2 : 1] : point))
}

const ACTS: readonly Act<Keypoints>[] = [
  { id: 'swap', title: 'Swap left and right', key: 'Shift+X', icon: 'swap', run: swapped },
  { id: 'occluded', title: 'Point occluded or visible', key: 'Q', second: true, run: occluded },
  { id: 'absent', title: 'Point not there', key: 'O', run: (set, _field, handle) => (handle === null ? null : removeHandle(set, handle)) },
]

const SAYINGS: readonly Saying[] = [
  { id: SAID.occluded, title: 'Next point is occluded', keys: ['V', 'Q'], begins: false, second: true },
  { id: SAID.absent, title: 'Next point is not there', keys: ['F'], begins: true },
]

const REST: Join<Keypoints> = {
  id: 'rest',
  title: 'Place missing points',
  key: 'Shift+K',
  icon: 'plus',
  isOpen: (set) => !set.every(isThere),
  join: (_set, whole) => whole,
}

export const keypoints: CanvasKind<Keypoints, Placing> = {
  name: 'keypoints',
  version: 1,
  title: 'Keypoints',
  surface: 'canvas',
  tool: { title: 'Keypoints', key: 'K', icon: 'keypoints' },
  clicks: 'many',
  check,
  isShape: (value) => misshapen(value).length === 0,
  draw: (start, size, field, base) => placing(start, size, skeletonOf(field), base ?? null),
  arm: (size, field, base) => placing(null, size, skeletonOf(field), base),
  outline: (set, field) => drawn(skeletonOf(field), set),
  sketch,
  guide,
  handles,
  moveHandle,
  removeHandle,
  moveBy,
  joins: [REST],
  sayings: SAYINGS,
  acts: ACTS,
}
