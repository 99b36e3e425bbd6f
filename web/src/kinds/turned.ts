// Shapes with a centre, two sizes and an angle: how they are checked, held and turned. A box and an ellipse share it.

import type { Aim, Point } from '../engine/gesture'
import type { Handle, Size } from '../engine/kind'
import { problem } from '../engine/problem'
import type { Facts, Problem } from '../engine/types'
import { LEAST_PX as LEAST_SIZE_PX, outsideAt } from './rings'
import { LARGEST_PX } from './runs'

/** A rectangle around a centre, its width along the angle: degrees clockwise on the screen, 0 up to 180, where it is 0 again. */
export interface Turned {
  readonly cx: number
  readonly cy: number
  readonly width: number
  readonly height: number
  readonly angle: number
}

/** Handles that Shift holds stop at each of so many degrees. */
const STEP = 15
/** A side that is shorter, in pixels of the picture, is no side. */
export const TINY_PX = 2
const LEAST_PX = 0.1

/** What is wrong with a turned shape, under the names that its kind has for the five numbers. */
export function checkTurned(values: readonly number[], names: readonly string[], { width, height }: Facts): Problem[] {
  const [cx = 0, cy = 0, along = 0, across = 0, angle = 0] = values
  const [x = '', y = '', a = '', b = '', turned = ''] = names
  return [outsideAt(cx, x, width), outsideAt(cy, y, height), sizeProblem(a, along), sizeProblem(b, across), angleProblem(turned, angle)].filter((p) => p !== null)
}

function sizeProblem(name: string, size: number): Problem | null {
  if (!Number.isFinite(size)) return problem(name, size, 'a finite number', 'Give the size in pixels.')
  if (size >= LEAST_SIZE_PX && size <= LARGEST_PX) return null
  return problem(name, size, `${LEAST_SIZE_PX} to ${LARGEST_PX}`, 'Give the shape its size in pixels, or remove it.')
}

function angleProblem(name: string, angle: number): Problem | null {
  if (angle >= 0 && angle < 180) return null
  return problem(name, angle, '0 or more and less than 180', 'Add or take away 180 degrees: the shape stays the same.')
}

/** The place that is x along the angle and y across it, from the centre. */
export function placeOf({ cx, cy, angle }: Turned, x: number, y: number): Point {
  const [c, s] = axes(angle)
  return { x: cx + c * x - s * y, y: cy + s * x + c * y }
}

/** A step in the picture, along the angle and across it. */
function inAxes(angle: number, { x, y }: Point): Point {
  const [c, s] = axes(angle)
  return { x: c * x + s * y, y: c * y - s * x }
}

function axes(angle: number): readonly [cos: number, sin: number] {
  if (angle === 0) return [1, 0]
  if (angle === 90) return [0, 1]
  return [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)]
}

export function cornersOf(shape: Turned): readonly [Point, Point, Point, Point] {
  const [x, y] = [shape.width / 2, shape.height / 2]
  return [placeOf(shape, -x, -y), placeOf(shape, x, -y), placeOf(shape, x, y), placeOf(shape, -x, y)]
}

const CORNERS = ['top left', 'top right', 'bottom right', 'bottom left'] as const
const SIDES = ['top', 'right', 'bottom', 'left'] as const

/** Corners, sides and, on a stem from the side that is up, the handle that turns. `edges` lets the sides be held anywhere. */
export function turnedHandles(shape: Turned, edges: boolean): Handle[] {
  const corners = cornersOf(shape)
  const { angle } = shape
  const sides = SIDES.map((id, i): Handle => {
    const [from, to] = [corners[i] ?? corners[0], corners[(i + 1) % 4] ?? corners[0]]
    const point = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 }
    return { id, point, cursor: cursorAt(angle + (i % 2 === 0 ? 90 : 0)), ...(edges ? { from, to } : {}) }
  })
  const up = angle < 90 ? -1 : 1
  const [c, s] = axes(angle)
  const top = placeOf(shape, 0, (up * shape.height) / 2)
  return [
    ...CORNERS.map((id, i): Handle => ({ id, point: corners[i] ?? corners[0], cursor: cursorAt(angle + (i % 2 === 0 ? 45 : -45)) })),
    ...sides,
    { id: 'turn', point: top, cursor: 'grab', stem: { x: -s * up, y: c * up } },
  ]
}

function cursorAt(angle: number): string {
  return ['ew-resize', 'nwse-resize', 'ns-resize', 'nesw-resize'][Math.round(normal(angle) / 45) % 4] ?? 'move'
}

/** The corner or side of a handle goes where it is dragged; the one across from it stays. */
export function moveTurned(shape: Turned, handle: string, to: Point, { shift }: Aim): Turned {
  if (handle === 'turn') {
    const angle = (Math.atan2(to.y - shape.cy, to.x - shape.cx) * 180) / Math.PI + 90
    return { ...shape, angle: rounded(shift ? Math.round(angle / STEP) * STEP : angle) }
  }
  const x = handle.includes('left') ? -1 : handle.includes('right') ? 1 : 0
  const y = handle.includes('top') ? -1 : handle.includes('bottom') ? 1 : 0
  const fixed = placeOf(shape, (-x * shape.width) / 2, (-y * shape.height) / 2)
  const step = inAxes(shape.angle, { x: to.x - fixed.x, y: to.y - fixed.y })
  const [width, height] = [x === 0 ? shape.width : Math.abs(step.x), y === 0 ? shape.height : Math.abs(step.y)]
  if (width < LEAST_PX || height < LEAST_PX) return shape
  const middle = placeOf({ ...shape, cx: fixed.x, cy: fixed.y }, x === 0 ? 0 : step.x / 2, y === 0 ? 0 : step.y / 2)
  return tidy({ cx: middle.x, cy: middle.y, width, height, angle: shape.angle })
}

/** Moves the whole shape; its centre stays in the picture. */
export function shifted(shape: Turned, by: Point, size: Size): Turned {
  return tidy({ ...shape, cx: Math.min(Math.max(shape.cx + by.x, 0), size.width), cy: Math.min(Math.max(shape.cy + by.y, 0), size.height) })
}

export function turnedBy(shape: Turned, degrees: number): Turned {
  return { ...shape, angle: rounded(shape.angle + degrees) }
}

/** At a share of the way between two shapes, turned by the shorter way. */
export function turnedBetween(a: Turned, b: Turned, share: number): Turned {
  const mix = (key: keyof Turned): number => (1 - share) * a[key] + share * b[key]
  const turn = normal(b.angle - a.angle + 90) - 90
  return { cx: mix('cx'), cy: mix('cy'), width: mix('width'), height: mix('height'), angle: normal(a.angle + share * turn) }
}

/** To a hundredth of a pixel, so that what stands across from a handle does not creep. */
export function tidy({ cx, cy, width, height, angle }: Turned): Turned {
  const at = (n: number): number => Math.round(n * 100) / 100
  return { cx: at(cx), cy: at(cy), width: at(width), height: at(height), angle: rounded(angle) }
}

/** To a tenth of a degree, in the normal form. */
function rounded(angle: number): number {
  return normal(Math.round(normal(angle) * 10) / 10)
}

function normal(angle: number): number {
  const found = ((angle % 180) + 180) % 180
  return found < 180 ? found : 0
}

/** The rectangle with two opposite corners, level. */
export function spanning(a: Point, b: Point): Turned {
  return tidy({ cx: (a.x + b.x) / 2, cy: (a.y + b.y) / 2, width: Math.abs(b.x - a.x), height: Math.abs(b.y - a.y), angle: 0 })
}

/** The rectangle on an edge that reaches as far to one side as a point does. */
export function onEdge(a: Point, b: Point, to: Point): Turned {
  const angle = (Math.atan2(b.y - a.y, b.x - a.x) * 180) / Math.PI
  const { y } = inAxes(angle, { x: to.x - a.x, y: to.y - a.y })
  const width = Math.hypot(b.x - a.x, b.y - a.y)
  const middle = placeOf({ cx: a.x, cy: a.y, width, height: 0, angle }, width / 2, y / 2)
  return tidy({ cx: middle.x, cy: middle.y, width, height: Math.abs(y), angle })
}

export function isTiny({ width, height }: Turned): boolean {
  return width < TINY_PX || height < TINY_PX
}

export function within({ x, y }: Point, { width, height }: Size): Point {
  return { x: Math.min(Math.max(x, 0), width), y: Math.min(Math.max(y, 0), height) }
}
