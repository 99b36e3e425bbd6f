// Painting shapes: a fill, a dark halo, the label's line, a tag. Sizes are in CSS pixels at any zoom.

import type { Point } from '../../engine/gesture'
import type { Handle, Primitive } from '../../engine/kind'
import type { Annotation } from '../../engine/types'
import { type Camera, toScreen } from './camera'
import { hueOf, NO_HUE } from './hues'
import type { Scene } from './scene'
import { type Tag, TAG_HEIGHT, type TagAtlas } from './tags'

export interface Brush {
  readonly ctx: CanvasRenderingContext2D
  readonly camera: Camera
  readonly ratio: number
}

export interface Look {
  readonly hue: string
  readonly fill: number
  readonly inner?: string
  readonly width?: number
  readonly dashed?: boolean
}

const HALO = 'rgba(0, 0, 0, .45)'
const SHORT_BELOW_PX = 70
const NONE_BELOW_PX = 24
const DOT_PX = 3.5
/** A mask is known by its tint as much as by its outline. */
const TINT = 3.5
const FINEST_PX = 0.7
/** Dots of a thing that is smaller on the screen would only hide it. */
const DOTS_FROM_PX = 28
const LIGHTER = 'rgba(255, 255, 255, .55)'
/** Shorter lines show no place for a new corner. */
const ROOM_PX = 28

/** Draws an outline with halo and fill. */
export function paintShape(brush: Brush, outline: readonly Primitive[], look: Look): void {
  const { ctx } = brush
  for (const primitive of outline) {
    if (primitive.type === 'dots' && primitive.extent > 0 && primitive.extent * brush.camera.scale < DOTS_FROM_PX) continue
    const trace = tracer(brush, primitive)
    if (look.fill > 0 || primitive.type === 'dots') {
      ctx.globalAlpha = primitive.type === 'dots' ? 1 : look.fill * (primitive.type === 'region' ? TINT : 1)
      ctx.fillStyle = look.hue
      trace('fill')
      ctx.globalAlpha = 1
    }
    const width = look.width ?? 2
    stroke(ctx, trace, HALO, width + 2)
    if (look.dashed) ctx.setLineDash([5, 4])
    stroke(ctx, trace, look.hue, width)
    if ((primitive.type === 'lines' || primitive.type === 'dots') && primitive.light) stroke(ctx, trace, LIGHTER, width)
    if (look.dashed) ctx.setLineDash([])
    if (look.inner) stroke(ctx, trace, look.inner, 1)
  }
}

function stroke(ctx: CanvasRenderingContext2D, trace: (how: 'fill' | 'stroke') => void, colour: string, width: number): void {
  ctx.strokeStyle = colour
  ctx.lineWidth = width
  trace('stroke')
}

/** Rectangles take the canvas's own fast way; anything else is a path. */
function tracer({ ctx, camera }: Brush, primitive: Primitive): (how: 'fill' | 'stroke') => void {
  if (primitive.type === 'rect') {
    const a = toScreen(camera, { x: primitive.left, y: primitive.top })
    const b = toScreen(camera, { x: primitive.right, y: primitive.bottom })
    return (how) => (how === 'fill' ? ctx.fillRect(a.x, a.y, b.x - a.x, b.y - a.y) : ctx.strokeRect(a.x, a.y, b.x - a.x, b.y - a.y))
  }
  const path = new Path2D()
  if (primitive.type === 'dot') {
    const { x, y } = toScreen(camera, primitive.point)
    path.arc(x, y, DOT_PX, 0, 2 * Math.PI)
    return (how) => (how === 'fill' ? ctx.fill(path) : ctx.stroke(path))
  }
  if (primitive.type === 'dots') {
    for (const point of primitive.points) {
      const { x, y } = toScreen(camera, point)
      path.moveTo(x + DOT_PX, y)
      path.arc(x, y, DOT_PX, 0, 2 * Math.PI)
    }
    return (how) => (how === 'stroke' ? ctx.stroke(path) : primitive.solid && ctx.fill(path))
  }
  if (primitive.type === 'lines') {
    for (const [from, to] of primitive.lines) {
      const [a, b] = [toScreen(camera, from), toScreen(camera, to)]
      path.moveTo(a.x, a.y)
      path.lineTo(b.x, b.y)
    }
    return (how) => how === 'stroke' && ctx.stroke(path)
  }
  const isArea = primitive.type !== 'path' || primitive.closed
  for (const points of primitive.type === 'path' ? [primitive.points] : primitive.rings) tracePoints(path, camera, points, isArea)
  return (how) => (how === 'fill' ? isArea && ctx.fill(path, 'evenodd') : ctx.stroke(path))
}

/** Corners that fall together on the screen are drawn once: outlines of thousands of points cost what is seen of them. */
function tracePoints(path: Path2D, camera: Camera, points: readonly Point[], closed: boolean): void {
  let [lastX, lastY] = [Infinity, Infinity]
  const end = points.length - 1
  for (const [i, point] of points.entries()) {
    const { x, y } = toScreen(camera, point)
    if (i > 0 && i < end && Math.abs(x - lastX) + Math.abs(y - lastY) < FINEST_PX) continue
    if (i === 0) path.moveTo(x, y)
    else path.lineTo(x, y)
    lastX = x
    lastY = y
  }
  if (closed) path.closePath()
}

export function lookOf(scene: Scene, annotation: Annotation): Look {
  const index = scene.labelIndex(annotation)
  return { hue: index === null ? NO_HUE : hueOf(index), fill: 0.1 }
}

/** A tag and where it goes. */
export interface PlacedTag {
  readonly tag: Tag
  readonly x: number
  readonly y: number
}

/**
 * The tag above a shape, shortened on narrow ones, and inside the picture at its edge; null where it has no room.
 * All tags are made before the first is drawn: drawing from an atlas that is still written to copies it each time.
 */
export function tagOf(brush: Brush, scene: Scene, annotation: Annotation, atlas: TagAtlas, size: { width: number }): PlacedTag | null {
  const bounds = scene.space.bounds(annotation.id)
  if (bounds === null) return null
  const { camera } = brush
  const [left, top, right] = [bounds.minX * camera.scale + camera.x, bounds.minY * camera.scale + camera.y, bounds.maxX * camera.scale + camera.x]
  if (right - left < NONE_BELOW_PX) return null
  const number = scene.work.store.numberOf(annotation.id)
  const text = right - left < SHORT_BELOW_PX ? String(number) : `${scene.labelTitle(annotation)} ${number}`
  const tag = atlas.tag(scene.labelIndex(annotation), text)
  const last = size.width * camera.scale + camera.x
  const x = Math.max(camera.x, Math.min(left - 1, last - tag.width))
  const above = top - TAG_HEIGHT - 1
  return { tag, x, y: above < camera.y ? top + 1 : above }
}

/** The white squares at which a selected shape is held, and small rounds where a corner can be made. */
export function paintHandles(brush: Brush, scene: Scene, annotation: Annotation, held: string | null): void {
  const { ctx, camera } = brush
  ctx.strokeStyle = '#b07f10'
  for (const handle of scene.handles(annotation)) {
    const { x, y } = toScreen(camera, handle.point)
    if (handle.adds && !hasRoom(camera, handle)) continue
    ctx.beginPath()
    if (handle.adds) ctx.arc(x, y, 3, 0, 2 * Math.PI)
    else ctx.roundRect(x - 4, y - 4, 8, 8, 1.5)
    ctx.lineWidth = handle.adds ? 1 : 1.5
    ctx.fillStyle = handle.id === held ? '#b07f10' : handle.adds ? 'rgba(255, 255, 255, .75)' : '#fff'
    ctx.fill()
    ctx.stroke()
  }
}

function hasRoom(camera: Camera, { from, to }: Handle): boolean {
  return from !== undefined && to !== undefined && Math.hypot(from.x - to.x, from.y - to.y) * camera.scale >= ROOM_PX
}

/** A ring where a point is drawn to. */
export function paintSnap({ ctx, camera }: Brush, point: Point): void {
  const { x, y } = toScreen(camera, point)
  for (const [colour, width] of [[HALO, 4], ['#f0c14b', 2]] as const) {
    ctx.strokeStyle = colour
    ctx.lineWidth = width
    ctx.beginPath()
    ctx.arc(x, y, 7, 0, 2 * Math.PI)
    ctx.stroke()
  }
}
