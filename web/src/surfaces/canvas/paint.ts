// Painting shapes: a fill, a dark halo, the label's line, a tag. Sizes are in CSS pixels at any zoom.

import type { Point } from '../../engine/gesture'
import type { Handle, Primitive } from '../../engine/kind'
import type { Annotation } from '../../engine/types'
import { layerOf } from '../../engine/work'
import { type Camera, toScreen } from './camera'
import { hueOf, NO_HUE } from './hues'
import { FineLines } from './fine'
import { joinedPathOf, pathOf } from './paths'
import { heldAt, type Scene } from './scene'
import { isCovered, stampRegion } from './stamps'
import { type Tag, TAG_HEIGHT, type TagAtlas } from './tags'

export interface Brush {
  readonly ctx: CanvasRenderingContext2D
  readonly camera: Camera
  readonly ratio: number
  /** How far the canvas reaches beyond the surface on each side, in CSS pixels. */
  readonly margin: number
  /** Whose pixels the canvas counts in now. */
  counts: 'screen' | 'picture'
}

/** How much a shape is drawn with: all, its area and a fine line, or the line alone where thousands leave no room for more. */
export type Detail = 'full' | 'light' | 'fine'

export interface Look {
  readonly hue: string
  readonly fill: number
  readonly inner?: string
  readonly width?: number
  readonly dashed?: boolean
  readonly detail?: Detail
  /** Of the whole shape. */
  readonly alpha?: number
}

const HALO = 'rgba(0, 0, 0, .45)'
const SHORT_BELOW_PX = 70
const NONE_BELOW_PX = 24
const DOT_PX = 3.5
/** A mask is known by its tint as much as by its outline. */
const TINT = 3.5
/** Dots of a thing that is smaller on the screen would only hide it. */
const DOTS_FROM_PX = 28
const LIGHTER = 'rgba(255, 255, 255, .55)'
/** Corners that are nearer on the screen are drawn once. */
const FINEST_PX = { full: 0.7, light: 1.4 } as const
/** A line of thousands runs no further beside its corners than this. */
const OFF_PX = 0.5
/** Shorter lines show no place for a new corner. */
const ROOM_PX = 28

/** Draws an outline with halo and fill. */
export function paintShape(brush: Brush, outline: readonly Primitive[], look: Look): void {
  paintOutline(brush, outline, look)
  onScreen(brush)
}

/** Draws many one after another, each with its look; fine lines of one colour in one go, so that thousands are a few strokes. */
export function paintShapes(brush: Brush, scene: Scene, shapes: readonly Annotation[], look: (annotation: Annotation) => Look): void {
  const fine = new FineLines()
  for (const annotation of shapes) {
    const [outline, looks] = [scene.outline(annotation), look(annotation)]
    if (looks.detail !== 'fine') paintOutline(brush, outline, looks)
    else for (const primitive of outline) if (!fine.take(primitive, looks)) paintOutline(brush, [primitive], looks)
  }
  paintFine(brush, fine)
  onScreen(brush)
}

/** What was gathered, colour by colour: each stroke costs the browser more than the corners of a small shape do. */
function paintFine(brush: Brush, { strokes }: FineLines): void {
  const { ctx, camera: { scale }, ratio } = brush
  if (strokes.size > 0) onPicture(brush)
  for (const { colour, alpha, lines } of strokes.values()) {
    const path = joinedPathOf(lines, scale, OFF_PX)
    ctx.globalAlpha = alpha
    stroke(ctx, () => ctx.stroke(path), colour, 1 / ratio / scale)
  }
  ctx.globalAlpha = 1
}

/** Leaves the canvas counting in pixels of the screen or of the picture, whichever came last: changing that is dear. */
function paintOutline(brush: Brush, outline: readonly Primitive[], look: Look): void {
  const { ctx } = brush
  const { detail = 'full', width = 2, alpha = 1 } = look
  if (alpha !== 1) ctx.globalAlpha = alpha
  for (const primitive of outline) {
    if (primitive.type === 'region' && isCovered(primitive)) {
      stampRegion(brush, primitive, { ...look, tint: detail === 'fine' ? 0 : look.fill * TINT })
      continue
    }
    const isDots = primitive.type === 'dots'
    if (isDots && primitive.extent > 0 && primitive.extent * brush.camera.scale < DOTS_FROM_PX) continue
    const { trace, unit } = tracer(brush, primitive, detail)
    if ((look.fill > 0 && detail !== 'fine') || isDots) {
      ctx.globalAlpha = alpha * (isDots ? 1 : look.fill * (primitive.type === 'region' ? TINT : 1))
      ctx.fillStyle = look.hue
      trace('fill')
      ctx.globalAlpha = alpha
    }
    // A line as wide as a dot of the screen is drawn five times as fast as a wider one.
    if (detail !== 'full') {
      stroke(ctx, trace, look.inner ?? look.hue, 1 / brush.ratio / unit)
      continue
    }
    stroke(ctx, trace, HALO, (width + 2) / unit)
    if (look.dashed) ctx.setLineDash([5 / unit, 4 / unit])
    stroke(ctx, trace, look.hue, width / unit)
    if (isDots && primitive.light) stroke(ctx, trace, LIGHTER, width / unit)
    if (primitive.type === 'lines' && primitive.light) stroke(ctx, tracer(brush, primitive.light, detail).trace, LIGHTER, width / unit)
    if (look.dashed) ctx.setLineDash([])
    if (look.inner) stroke(ctx, trace, look.inner, 1 / unit)
  }
  if (alpha !== 1) ctx.globalAlpha = 1
}

/** Fills an outline in full colour, without a line. */
export function fillShape(brush: Brush, outline: readonly Primitive[], hue: string): void {
  brush.ctx.fillStyle = hue
  for (const primitive of outline) {
    if (primitive.type === 'region' && isCovered(primitive)) stampRegion(brush, primitive, { hue, fill: 1, tint: 1, detail: 'fine' })
    else tracer(brush, primitive, 'full').trace('fill')
  }
  onScreen(brush)
}

function stroke(ctx: CanvasRenderingContext2D, trace: Trace, colour: string, width: number): void {
  ctx.strokeStyle = colour
  ctx.lineWidth = width
  trace('stroke')
}

type Trace = (how: 'fill' | 'stroke') => void

/** How a primitive is drawn, and how many pixels of the screen a unit of its lines is. Rectangles take the canvas's own fast way. */
function tracer(brush: Brush, primitive: Primitive, detail: Detail): { readonly trace: Trace; readonly unit: number } {
  const { ctx, camera } = brush
  if (primitive.type === 'rect') {
    onScreen(brush)
    const a = toScreen(camera, { x: primitive.left, y: primitive.top })
    const b = toScreen(camera, { x: primitive.right, y: primitive.bottom })
    return { trace: (how) => (how === 'fill' ? ctx.fillRect(a.x, a.y, b.x - a.x, b.y - a.y) : ctx.strokeRect(a.x, a.y, b.x - a.x, b.y - a.y)), unit: 1 }
  }
  if (primitive.type === 'dot') {
    onScreen(brush)
    const path = new Path2D()
    const { x, y } = toScreen(camera, primitive.point)
    path.arc(x, y, DOT_PX, 0, 2 * Math.PI)
    return { trace: (how) => (how === 'fill' ? ctx.fill(path) : ctx.stroke(path)), unit: 1 }
  }
  if (primitive.type === 'dots') {
    onScreen(brush)
    const path = new Path2D()
    for (const point of primitive.points) {
      const { x, y } = toScreen(camera, point)
      path.moveTo(x + DOT_PX, y)
      path.arc(x, y, DOT_PX, 0, 2 * Math.PI)
    }
    return { trace: (how) => (how === 'stroke' ? ctx.stroke(path) : primitive.solid && ctx.fill(path)), unit: 1 }
  }
  onPicture(brush)
  const path = pathOf(primitive, camera.scale, detail === 'full' ? FINEST_PX.full : FINEST_PX.light)
  const isArea = primitive.type === 'area' || primitive.type === 'region' || (primitive.type === 'path' && primitive.closed)
  return { trace: (how) => (how === 'fill' ? isArea && ctx.fill(path, 'evenodd') : ctx.stroke(path)), unit: camera.scale }
}

/** From here on the canvas counts in CSS pixels of the surface. */
function onScreen(brush: Brush): void {
  const { ctx, ratio, margin } = brush
  if (brush.counts === 'screen') return
  brush.counts = 'screen'
  ctx.setTransform(ratio, 0, 0, ratio, margin * ratio, margin * ratio)
}

/** From here on the canvas counts in pixels of the picture. */
function onPicture(brush: Brush): void {
  const { ctx, ratio, margin, camera: { scale, x, y } } = brush
  if (brush.counts === 'picture') return
  brush.counts = 'picture'
  ctx.setTransform(ratio * scale, 0, 0, ratio * scale, (margin + x) * ratio, (margin + y) * ratio)
}

export function lookOf(scene: Scene, annotation: Annotation): Look {
  const layer = layerOf(annotation)
  // Somebody else's, shown beside: dashed, in the hue of whose it is.
  if (layer !== null) return { hue: hueOf(layer), fill: 0, dashed: true }
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
export function tagOf(brush: Brush, scene: Scene, annotation: Annotation, { atlas, size, detail }: { atlas: TagAtlas; size: { width: number }; detail: Detail }): PlacedTag | null {
  const bounds = scene.space.bounds(annotation.id)
  if (bounds === null || layerOf(annotation) !== null) return null
  const { camera } = brush
  const [left, top, right] = [bounds.minX * camera.scale + camera.x, bounds.minY * camera.scale + camera.y, bounds.maxX * camera.scale + camera.x]
  if (right - left < (detail === 'full' ? NONE_BELOW_PX : SHORT_BELOW_PX)) return null
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
    const { x, y } = toScreen(camera, heldAt(handle, camera.scale))
    if ((handle.adds && !hasRoom(camera, handle)) || (handle.quiet && handle.id !== held)) continue
    if (handle.stem) paintStem(brush, toScreen(camera, handle.point), { x, y })
    ctx.beginPath()
    if (handle.adds) ctx.arc(x, y, 3, 0, 2 * Math.PI)
    else if (handle.stem) ctx.arc(x, y, 5, 0, 2 * Math.PI)
    else ctx.roundRect(x - 4, y - 4, 8, 8, 1.5)
    ctx.lineWidth = handle.adds ? 1 : 1.5
    ctx.fillStyle = handle.id === held ? '#b07f10' : handle.adds ? 'rgba(255, 255, 255, .75)' : '#fff'
    ctx.fill()
    ctx.stroke()
  }
}

function paintStem({ ctx }: Brush, from: Point, to: Point): void {
  const own = ctx.strokeStyle
  ctx.beginPath()
  ctx.moveTo(from.x, from.y)
  ctx.lineTo(to.x, to.y)
  for (const [colour, width] of [[HALO, 3], ['#fff', 1]] as const) {
    ctx.strokeStyle = colour
    ctx.lineWidth = width
    ctx.stroke()
  }
  ctx.strokeStyle = own
}

/** The name of what the pointer is at, beside it. */
export function paintName({ ctx, camera }: Brush, point: Point, name: string): void {
  const { x, y } = toScreen(camera, point)
  ctx.font = '500 11px system-ui, sans-serif'
  const width = ctx.measureText(name).width
  ctx.fillStyle = 'rgba(20, 20, 18, .85)'
  ctx.beginPath()
  ctx.roundRect(x + 9, y - 9, width + 12, 18, 4)
  ctx.fill()
  ctx.fillStyle = '#fff'
  ctx.textBaseline = 'middle'
  ctx.fillText(name, x + 15, y + 0.5)
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
