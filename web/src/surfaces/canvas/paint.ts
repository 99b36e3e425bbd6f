// Painting shapes: a fill, a dark halo, the label's line, a tag. Sizes are in CSS pixels at any zoom.

import type { Primitive } from '../../engine/kind'
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

/** Draws an outline with halo and fill. */
export function paintShape(brush: Brush, outline: readonly Primitive[], look: Look): void {
  const { ctx } = brush
  for (const primitive of outline) {
    const trace = tracer(brush, primitive)
    if (look.fill > 0) {
      ctx.globalAlpha = look.fill
      ctx.fillStyle = look.hue
      trace('fill')
      ctx.globalAlpha = 1
    }
    const width = look.width ?? 2
    stroke(ctx, trace, HALO, width + 2)
    if (look.dashed) ctx.setLineDash([5, 4])
    stroke(ctx, trace, look.hue, width)
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
  primitive.points.forEach((point, i) => {
    const { x, y } = toScreen(camera, point)
    if (i === 0) path.moveTo(x, y)
    else path.lineTo(x, y)
  })
  if (primitive.closed) path.closePath()
  return (how) => (how === 'fill' ? primitive.closed && ctx.fill(path) : ctx.stroke(path))
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

/** The white squares at which a selected shape is held. */
export function paintHandles(brush: Brush, scene: Scene, annotation: Annotation): void {
  const { ctx, camera } = brush
  ctx.fillStyle = '#fff'
  ctx.strokeStyle = '#b07f10'
  ctx.lineWidth = 1.5
  for (const { point } of scene.handles(annotation)) {
    const { x, y } = toScreen(camera, point)
    ctx.beginPath()
    ctx.roundRect(x - 4, y - 4, 8, 8, 1.5)
    ctx.fill()
    ctx.stroke()
  }
}
