// A cuboid in a picture: a box in space by its eight corners as they are seen, in pixels after EXIF orientation.

import type { Gesture, Point } from '../engine/gesture'
import type { CanvasKind, Handle, Primitive, Size } from '../engine/kind'
import { isRecord, problem, shown } from '../engine/problem'
import type { Facts, Json, Problem } from '../engine/types'
import { hullOf } from './hulls'
import { isFlat, misplaced, outsideOf, type Place, placed, type Ring, toPoint } from './rings'

/** Each face from the top left corner clockwise; a corner of the front is joined to its like at the back. */
export type Cuboid = { readonly front: Ring; readonly back: Ring }

const FACES = ['front', 'back'] as const
/** A front smaller than this, and a depth of less, is a click. */
const TINY_PX = 2

function check(value: Json, _field: unknown, facts: Facts): Problem[] {
  const shape = misshapen(value)
  if (shape.length > 0) return shape
  const cuboid = value as Cuboid // every point is a pair of numbers, just tested
  for (const name of FACES) {
    if (cuboid[name].length !== 4) return [problem(name, cuboid[name], 'four points', 'Give the corners from the top left one clockwise.')]
    const outside = outsideOf(cuboid[name], name, facts)
    if (outside !== null) return [outside]
  }
  return isFlat(cuboid.front) ? [problem('front', cuboid.front, 'a front with an area', 'Move its corners apart, or remove the cuboid.')] : []
}

function misshapen(value: Json): Problem[] {
  if (!isRecord(value)) return [problem('', value, 'a mapping', 'Give front and back, four corners each.')]
  const wrong = FACES.flatMap((name) => (value[name] === undefined ? [problem(name, null, 'a value', 'Give its corners as [[x, y], …].')] : misplaced(value[name], name)))
  const extra = Object.keys(value).filter((key) => key !== 'front' && key !== 'back')
  return [...wrong, ...extra.map((key) => problem(key, value[key], 'no such key', `Remove ${shown(key)}.`))].slice(0, 1)
}

/** Drag the front, then move to where its last corner lies at the back, and click. */
function* draw(start: Point, size: Size): Gesture<Cuboid> {
  const from = placed(start, size)
  let [to, at, isFront]: [Place, Place, boolean] = [from, from, true]
  for (;;) {
    const front = rectangle(from, to)
    const back = isFront ? front : shifted(front, at[0] - to[0], at[1] - to[1], size)
    const input = yield { front, back }
    if (input.type === 'cancel') return null
    if (input.type === 'back') {
      if (isFront) return null
      isFront = true
    }
    if (input.type === 'finish' && !isFront) return { front, back }
    if (input.type !== 'move' && input.type !== 'up' && input.type !== 'down') continue
    at = placed(input.point, size)
    if (isFront) to = at
    if (input.type === 'up' && isFront) {
      if (isTiny(from, to)) return null
      isFront = false
    } else if (input.type === 'down' && !isFront && Math.hypot(at[0] - to[0], at[1] - to[1]) >= TINY_PX) return { front, back: shifted(front, at[0] - to[0], at[1] - to[1], size) }
  }
}

function isTiny(a: Place, b: Place): boolean {
  return Math.abs(a[0] - b[0]) < TINY_PX || Math.abs(a[1] - b[1]) < TINY_PX
}

function rectangle(a: Place, b: Place): Ring {
  const [left, right] = [Math.min(a[0], b[0]), Math.max(a[0], b[0])]
  const [top, bottom] = [Math.min(a[1], b[1]), Math.max(a[1], b[1])]
  return [[left, top], [right, top], [right, bottom], [left, bottom]]
}

/** A face moved by as much as all of it can move and stay in the picture. */
function shifted(face: Ring, x: number, y: number, size: Size): Ring {
  const [dx, dy] = inside(face, { x, y }, size)
  return face.map(([a, b]) => placed({ x: a + dx, y: b + dy }, size))
}

function inside(points: Ring, by: Point, { width, height }: Size): readonly [number, number] {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)]
  return [Math.min(Math.max(by.x, -Math.min(...xs)), width - Math.max(...xs)), Math.min(Math.max(by.y, -Math.min(...ys)), height - Math.max(...ys))]
}

/** All twelve edges; those of the back are lighter. */
function outline({ front, back }: Cuboid): Primitive[] {
  const [ahead, behind] = [around(front), around(back)]
  const joints = front.map((p, i) => [toPoint(p), toPoint(back[i] ?? p)] as const)
  return [
    { type: 'area', rings: [hullOf([...front, ...back]).map(toPoint)] },
    { type: 'lines', lines: [...ahead, ...joints, ...behind], light: { type: 'lines', lines: behind } },
  ]
}

function around(face: Ring): (readonly [Point, Point])[] {
  return face.map((p, i) => [toPoint(p), toPoint(face[(i + 1) % face.length] ?? p)] as const)
}

/** Corners, the edges of both faces, and the middle of each face, by which it is moved as a whole. */
function handles(cuboid: Cuboid): Handle[] {
  const corners = FACES.flatMap((name) => cuboid[name].map((p, i): Handle => ({ id: `${name} corner ${i}`, point: toPoint(p), cursor: 'move' })))
  const middles = FACES.map((name): Handle => ({ id: `${name} face`, point: middle(cuboid[name]), cursor: 'move', name }))
  const edges = FACES.flatMap((name) =>
    around(cuboid[name]).map(([from, to], i): Handle => ({ id: `${name} edge ${i}`, point: { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 }, cursor: Math.abs(to.x - from.x) > Math.abs(to.y - from.y) ? 'ns-resize' : 'ew-resize', from, to })),
  )
  return [...corners, ...middles, ...edges]
}

function middle(face: Ring): Point {
  return { x: face.reduce((sum, [x]) => sum + x, 0) / face.length, y: face.reduce((sum, [, y]) => sum + y, 0) / face.length }
}

function moveHandle(cuboid: Cuboid, handle: string, to: Point, size: Size): Cuboid {
  const [name = '', part, number] = handle.split(' ')
  if (name !== 'front' && name !== 'back') return cuboid
  const face = cuboid[name]
  const index = Number(number)
  const moved = part === 'corner' ? face.with(index, placed(to, size)) : part === 'face' ? centred(face, to, size) : withEdge(face, index, to, size)
  const value = { ...cuboid, [name]: moved }
  return isFlat(value.front) ? cuboid : value
}

function centred(face: Ring, to: Point, size: Size): Ring {
  const { x, y } = middle(face)
  return shifted(face, to.x - x, to.y - y, size)
}

/** An edge moved across itself, so that it passes a point. */
function withEdge(face: Ring, index: number, to: Point, size: Size): Ring {
  const [a, b] = [face[index], face[(index + 1) % face.length]]
  if (!a || !b) return face
  const length = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1
  const across = { x: (a[1] - b[1]) / length, y: (b[0] - a[0]) / length }
  const by = (to.x - a[0]) * across.x + (to.y - a[1]) * across.y
  const moved = ([x, y]: Place): Place => placed({ x: x + by * across.x, y: y + by * across.y }, size)
  return face.with(index, moved(a)).with((index + 1) % face.length, moved(b))
}

function moveBy({ front, back }: Cuboid, by: Point, size: Size): Cuboid {
  const [x, y] = inside([...front, ...back], by, size)
  const moved = (face: Ring): Ring => face.map(([a, b]) => placed({ x: a + x, y: b + y }, size))
  return { front: moved(front), back: moved(back) }
}

function between(a: Cuboid, b: Cuboid, share: number): Cuboid {
  const mix = (p: Ring, q: Ring): Ring => p.map(([x, y], i) => [(1 - share) * x + share * (q[i]?.[0] ?? x), (1 - share) * y + share * (q[i]?.[1] ?? y)])
  return { front: mix(a.front, b.front), back: mix(a.back, b.back) }
}

export const cuboid: CanvasKind<Cuboid> = {
  name: 'cuboid',
  version: 1,
  title: 'Cuboid',
  surface: 'canvas',
  tool: { title: 'Cuboid', key: 'Shift+U', icon: 'cuboid' },
  check,
  isShape: (value) => misshapen(value).length === 0 && FACES.every((name) => (value as Cuboid)[name].length === 4),
  draw,
  clicks: 'many',
  outline,
  handles,
  moveHandle,
  moveBy,
  between,
}
