// The picture, the settled shapes and their tags as they look through one camera, on three canvases with a margin.

import type { Size } from '../../engine/kind'
import { type Bounds, grown } from '../../engine/space'
import type { Annotation } from '../../engine/types'
import type { View } from '../../engine/view'
import { type Camera, toScreen, visible } from './camera'
import { type Brush, type Detail, type Look, lookOf, paintShapes, type PlacedTag, tagOf } from './paint'
import { type Box, boundsOf, clip, contextOf, PictureLayer, type ShownPicture } from './picture-layer'
import type { Scene } from './scene'
import { drawTag, type TagAtlas } from './tags'

export const MARGIN = 128
/** With more of them selected, they are drawn among the others instead of on top. */
export const MANY_SELECTED = 200
/** With more in sight, counted in outlines of fifty points, zooming stretches what is drawn until the hand rests. */
export const MANY_SHAPES = 60
/** So many outlines with corners are drawn with all they have while the hand rests, so many with area and a fine line. */
const FULL = 400
/** So many are drawn with more than a fine line while it moves. */
const HASTY = 250
const LIGHT = 2_500
/** What a rectangle costs, beside an outline with corners. */
const RECTANGLE = 0.25
const TAG_REACH = { width: 190, height: 20 }
/** What the panel's filter leaves out. */
const DIM = 0.25
/** So many shapes, or outlines of fifty points, are drawn in one step; of fine lines more, since those of one colour are one stroke. */
const STEP = 64
const FINE_STEP = 512

/** What there is to draw, and for which screen. */
export interface Ground {
  readonly view: View
  readonly scene: Scene | null
  readonly picture: ShownPicture | null
  readonly atlas: TagAtlas
  readonly size: Size
  readonly ratio: number
}

export class Raster {
  readonly layers = { picture: layer('karat-picture'), shapes: layer('karat-shapes'), tags: layer('karat-tags') }
  /** With which camera it was drawn; null while it shows nothing of use. */
  camera: Camera | null = null
  /** What the shapes in sight cost to draw, beside outlines of fifty points. */
  weight = 0
  private readonly pictured = new PictureLayer(this.layers.picture.ctx, MARGIN)
  private detail: Detail = 'full'
  private isSharp = true

  constructor(private readonly ground: Ground) {}

  private get all(): readonly Layer[] {
    return Object.values(this.layers)
  }

  place(): void {
    this.camera = null
    for (const { canvas } of this.all) place(canvas, this.ground.size, this.ground.ratio, MARGIN)
  }

  /** Draws everything, in steps of about a millisecond. What is drawn in haste is coarser. */
  *drawing(camera: Camera, isSharp: boolean): Generator<void, void, void> {
    const { size } = this.ground
    this.camera = camera
    this.isSharp = isSharp
    this.drawPicture({ x: -MARGIN, y: -MARGIN, right: size.width + MARGIN, bottom: size.height + MARGIN })
    yield
    yield* this.drawingShapes(camera)
  }

  /** Draws the shapes and their tags, in steps; the picture stays. */
  *drawingShapes(camera: Camera): Generator<void, void, void> {
    const { size } = this.ground
    const [lines, tags] = this.brushes(camera)
    clear(lines.ctx, size, MARGIN)
    clear(tags.ctx, size, MARGIN)
    const shapes = this.shapesWithin(visible(camera, size, MARGIN), camera)
    const { scene } = this.ground
    this.weight = shapes.reduce((sum, a) => sum + (scene?.weight(a) ?? 0), 0)
    this.detail = this.detailFor(shapes)
    const step = this.detail === 'fine' ? FINE_STEP : STEP
    for (const some of portions(shapes, step, (a) => scene?.weight(a) ?? 0)) {
      this.paint(lines, some)
      yield
    }
    yield* this.tagging(tags, shapes)
  }

  /** Looks as another raster looks. */
  become(other: Raster): void {
    this.camera = other.camera
    this.weight = other.weight
    this.detail = other.detail
    this.isSharp = other.isSharp
    for (const name of ['picture', 'shapes', 'tags'] as const) copy(other.layers[name].canvas, this.layers[name], 0, 0)
  }

  /** Moves what is drawn by whole pixels of the screen, as near to a camera of the same zoom as they go, and draws the two strips that are new. */
  shift(to: Camera): void {
    const drawn = this.camera
    if (drawn === null) return
    const { size, ratio } = this.ground
    const [dx, dy] = [Math.round((to.x - drawn.x) * ratio), Math.round((to.y - drawn.y) * ratio)]
    this.camera = { scale: drawn.scale, x: drawn.x + dx / ratio, y: drawn.y + dy / ratio }
    for (const one of this.all) copy(one.canvas, one, dx, dy)
    const [w, h] = [size.width + 2 * MARGIN, size.height + 2 * MARGIN]
    const [x, y] = [dx / ratio, dy / ratio]
    const strips = [
      { x: x > 0 ? 0 : w + x, y: 0, right: x > 0 ? x : w, bottom: h },
      { x: 0, y: y > 0 ? 0 : h + y, right: w, bottom: y > 0 ? y : h },
    ]
    for (const strip of strips) {
      if (strip.right <= strip.x || strip.bottom <= strip.y) continue
      const box = { x: Math.floor(strip.x - MARGIN), y: Math.floor(strip.y - MARGIN), right: Math.ceil(strip.right - MARGIN), bottom: Math.ceil(strip.bottom - MARGIN) }
      this.drawPicture(box)
      this.drawBox(box)
    }
  }

  /** Draws the shapes of a part of the picture anew, and no others. */
  drawRegion(region: Bounds): void {
    if (this.camera === null) return
    const a = toScreen(this.camera, { x: region.minX, y: region.minY })
    const b = toScreen(this.camera, { x: region.maxX, y: region.maxY })
    const [right, bottom] = [Math.ceil(b.x + 6), Math.ceil(b.y + 6)]
    this.drawLines({ x: Math.floor(a.x - 6), y: Math.floor(a.y - 6), right, bottom })
    this.drawTags({ x: Math.floor(a.x - TAG_REACH.width), y: Math.floor(a.y - TAG_REACH.height - 4), right: Math.max(right, Math.ceil(a.x + TAG_REACH.width)), bottom })
  }

  private drawBox(box: Box): void {
    this.drawLines(box)
    this.drawTags(box)
  }

  private drawLines(box: Box): void {
    const { camera } = this
    if (camera === null) return
    const [lines] = this.brushes(camera)
    only(lines.ctx, box)
    this.paint(lines, this.shapesWithin(boundsOf(camera, box), camera))
    lines.ctx.restore()
  }

  /** Tags reach out of their shapes, so shapes around are asked too. */
  private drawTags(box: Box): void {
    const { camera } = this
    if (camera === null) return
    const [, tags] = this.brushes(camera)
    only(tags.ctx, box)
    const around = boundsOf(camera, { x: box.x - TAG_REACH.width, y: box.y, right: box.right + TAG_REACH.width, bottom: box.bottom + TAG_REACH.height })
    finish(this.tagging(tags, this.shapesWithin(around, camera)))
    tags.ctx.restore()
  }

  /** Draws the part of the picture that a box of the screen shows. */
  private drawPicture(box: Box): void {
    const { camera, ground: { picture, ratio, view } } = this
    if (camera !== null) this.pictured.draw(box, { camera, picture, ratio, tone: view.state.tone, isSharp: this.isSharp })
    else clear(this.layers.picture.ctx, this.ground.size, MARGIN)
  }

  /** Draws a part of the picture anew, of which more is known now; the shapes stay. */
  drawPictureRegion(region: Bounds): void {
    if (this.camera === null) return
    const a = toScreen(this.camera, { x: region.minX, y: region.minY })
    const b = toScreen(this.camera, { x: region.maxX, y: region.maxY })
    const { width, height } = this.ground.size
    const box = { x: Math.max(-MARGIN, Math.floor(a.x)), y: Math.max(-MARGIN, Math.floor(a.y)), right: Math.min(width + MARGIN, Math.ceil(b.x)), bottom: Math.min(height + MARGIN, Math.ceil(b.y)) }
    if (box.right > box.x && box.bottom > box.y) this.drawPicture(box)
  }

  /** Settled shapes: what is selected is drawn on top by the hand, unless it is very much. */
  private shapesWithin(bounds: Bounds, { scale }: Camera): Annotation[] {
    const { scene, view } = this.ground
    if (scene === null) return []
    const { selection } = view.state
    const isBelow = selection.size > MANY_SELECTED
    return scene.within(grown(bounds, 4 / scale)).filter((a) => !view.hides(a.id) && (isBelow || !selection.has(a.id)))
  }

  private paint(lines: Brush, shapes: readonly Annotation[]): void {
    const { scene, view: { state: { kept, selection, shown } } } = this.ground
    if (scene === null) return
    const isBelow = selection.size > MANY_SELECTED
    paintShapes(lines, scene, shapes, (annotation) => {
      const plain = lookOf(scene, annotation)
      const isDim = kept !== null && !kept.has(annotation.id)
      const look: Look = { ...plain, fill: isDim || shown !== 'filled' ? 0 : plain.fill, alpha: isDim ? DIM : 1, detail: this.detail }
      return isBelow && selection.has(annotation.id) ? { ...look, inner: '#fff' } : look
    })
  }

  private *tagging(brush: Brush, shapes: readonly Annotation[]): Generator<void, void, void> {
    const { scene, atlas, size, picture, view: { state: { kept, shown } } } = this.ground
    if (scene === null || shown === 'bare') return
    const within = picture?.size ?? size
    const placed: PlacedTag[] = []
    for (const [i, annotation] of shapes.entries()) {
      const tag = kept !== null && !kept.has(annotation.id) ? null : tagOf(brush, scene, annotation, { atlas, size: within, detail: this.detail })
      if (tag !== null) placed.push(tag)
      if (i % STEP === 0) yield
    }
    for (const [i, { tag, x, y }] of placed.entries()) {
      drawTag(brush.ctx, tag, x, y, brush.ratio)
      if (i % STEP === 0) yield
    }
  }

  /** What there is time for. */
  private detailFor(shapes: readonly Annotation[]): Detail {
    const { scene } = this.ground
    const dear = shapes.reduce((cost, a) => cost + (scene?.hasCorners(a) ? 1 : RECTANGLE), 0)
    if (!this.isSharp && dear > HASTY) return 'fine'
    return dear <= FULL ? 'full' : dear <= LIGHT ? 'light' : 'fine'
  }

  private brushes(camera: Camera): [Brush, Brush] {
    const { ratio } = this.ground
    return [brushOf(this.layers.shapes.ctx, camera, ratio, MARGIN), brushOf(this.layers.tags.ctx, camera, ratio, MARGIN)]
  }
}

export interface Layer {
  readonly canvas: HTMLCanvasElement
  readonly ctx: CanvasRenderingContext2D
}

export function layer(name: string): Layer {
  const canvas = document.createElement('canvas')
  canvas.className = name
  canvas.setAttribute('aria-hidden', 'true')
  return { canvas, ctx: contextOf(canvas) }
}

export function brushOf(ctx: CanvasRenderingContext2D, camera: Camera, ratio: number, margin: number): Brush {
  ctx.setTransform(ratio, 0, 0, ratio, margin * ratio, margin * ratio)
  return { ctx, camera, ratio, margin, counts: 'screen' }
}

export function place(canvas: HTMLCanvasElement, size: Size, ratio: number, margin: number): void {
  canvas.width = Math.round((size.width + 2 * margin) * ratio)
  canvas.height = Math.round((size.height + 2 * margin) * ratio)
  Object.assign(canvas.style, { width: `${size.width + 2 * margin}px`, height: `${size.height + 2 * margin}px`, left: `${-margin}px`, top: `${-margin}px` })
}

export function clear(ctx: CanvasRenderingContext2D, size: Size, margin: number): void {
  ctx.clearRect(-margin, -margin, size.width + 2 * margin, size.height + 2 * margin)
}

function copy(from: HTMLCanvasElement, { ctx }: Layer, dx: number, dy: number): void {
  ctx.setTransform(1, 0, 0, 1, 0, 0)
  ctx.globalCompositeOperation = 'copy'
  ctx.drawImage(from, dx, dy)
  ctx.globalCompositeOperation = 'source-over'
}

/** Clears a box and lets nothing be drawn beside it, until `restore`. */
function only(ctx: CanvasRenderingContext2D, box: Box): void {
  ctx.save()
  clip(ctx, box)
  ctx.clearRect(box.x, box.y, box.right - box.x, box.bottom - box.y)
}

/** Parts of a list, each with at most so many of it and, but for its last one, less than so much weight. */
export function* portions<T>(all: readonly T[], most: number, weight: (one: T) => number): Generator<readonly T[], void, void> {
  let [from, sum] = [0, 0]
  for (const [i, one] of all.entries()) {
    sum += weight(one)
    if (i + 1 - from < most && sum < most) continue
    yield all.slice(from, i + 1)
    from = i + 1
    sum = 0
  }
  if (from < all.length) yield all.slice(from)
}

/** Runs steps to their end. */
export function finish(steps: Generator<void, void, void>): void {
  while (steps.next().done !== true);
}
