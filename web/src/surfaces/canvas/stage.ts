// Three canvases over one another: the picture, the settled shapes, and on top what moves or is selected.
//
// The first two are drawn with a margin and then only moved while the person pans; while zooming among many shapes they
// are stretched and drawn sharp when the hand rests. A changed shape redraws only its own region. So a frame costs what
// moves in it, whatever the number of shapes.

import type { Size } from '../../engine/kind'
import { type Bounds, grown } from '../../engine/space'
import type { View } from '../../engine/view'
import { type Camera, toPicture, toScreen, visible } from './camera'
import { type Brush, lookOf, paintShape, paintTag } from './paint'
import type { Scene } from './scene'
import { TagAtlas } from './tags'

const MARGIN = 128
const SETTLE_MS = 90
/** With more shapes in sight, zooming stretches what is drawn until the hand rests. */
const MANY_SHAPES = 250
const TAG_REACH = { width: 190, height: 20 }
const PIXELS_FROM_SCALE = 4

export interface Painter {
  /** Draws what moves or is selected. */
  paintTop(brush: Brush): void
}

export class Stage {
  camera: Camera = { scale: 1, x: 0, y: 0 }
  size: Size = { width: 0, height: 0 }
  atlas = new TagAtlas(1)
  painter: Painter | null = null
  scene: Scene | null = null
  picture: { readonly image: CanvasImageSource; readonly size: Size; readonly pixels: Size } | null = null

  private readonly layers = { picture: layer('karat-picture'), shapes: layer('karat-shapes'), top: layer('karat-top') }
  private ratio = 1
  /** The camera with which the lower two layers were drawn. */
  private drawn: Camera | null = null
  private dirty: Bounds[] = []
  private frame: number | null = null
  private settling: ReturnType<typeof setTimeout> | null = null
  private moving = false
  private withoutTags = false
  private shapesInSight = 0

  constructor(
    host: HTMLElement,
    private readonly view: View,
  ) {
    host.append(this.layers.picture.canvas, this.layers.shapes.canvas, this.layers.top.canvas)
  }

  resize(size: Size, ratio: number): void {
    if (size.width === this.size.width && size.height === this.size.height && ratio === this.ratio) return
    this.size = size
    if (ratio !== this.ratio) this.atlas = new TagAtlas(ratio)
    this.ratio = ratio
    for (const { canvas } of [this.layers.picture, this.layers.shapes]) place(canvas, size, ratio, MARGIN)
    place(this.layers.top.canvas, size, ratio, 0)
    this.redraw()
  }

  /** Everything is drawn anew in the next frame. */
  redraw(): void {
    this.drawn = null
    this.ask()
  }

  look(camera: Camera): void {
    this.camera = camera
    this.moving = true
    if (this.settling !== null) clearTimeout(this.settling)
    this.settling = setTimeout(() => this.settle(), SETTLE_MS)
    this.ask()
  }

  /** A part of the picture shows other shapes now. */
  invalidate(regions: readonly Bounds[]): void {
    this.dirty.push(...regions)
    this.ask()
  }

  touchTop(): void {
    this.ask()
  }

  /** While a shape is dragged the others step back and tags hide. */
  stepBack(on: boolean): void {
    this.layers.shapes.canvas.style.opacity = on ? '.4' : '1'
    if (this.withoutTags === on) return
    this.withoutTags = on
    this.redraw()
  }

  end(): void {
    if (this.frame !== null) cancelAnimationFrame(this.frame)
    if (this.settling !== null) clearTimeout(this.settling)
    for (const { canvas } of Object.values(this.layers)) canvas.remove()
  }

  private ask(): void {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null
      this.draw()
    })
  }

  private settle(): void {
    this.settling = null
    this.moving = false
    this.redraw()
  }

  private draw(): void {
    if (this.size.width === 0) return
    if (this.drawn === null || !this.canFollow(this.drawn)) this.drawAll()
    else {
      this.follow(this.drawn)
      if (this.dirty.length > 0) this.drawRegions()
    }
    this.drawTop()
  }

  /** Whether what was drawn can be moved to where it should be. */
  private canFollow(drawn: Camera): boolean {
    const { camera } = this
    if (camera.scale === drawn.scale) return Math.abs(camera.x - drawn.x) <= MARGIN && Math.abs(camera.y - drawn.y) <= MARGIN
    const share = camera.scale / drawn.scale
    return this.moving && this.shapesInSight > MANY_SHAPES && share > 0.5 && share < 3
  }

  private follow(drawn: Camera): void {
    const share = this.camera.scale / drawn.scale
    const x = this.camera.x - drawn.x * share - MARGIN * share + MARGIN
    const y = this.camera.y - drawn.y * share - MARGIN * share + MARGIN
    const transform = share === 1 && x === 0 && y === 0 ? '' : `translate(${x}px, ${y}px) scale(${share})`
    this.layers.picture.canvas.style.transform = transform
    this.layers.shapes.canvas.style.transform = transform
  }

  private drawAll(): void {
    this.drawn = this.camera
    this.dirty = []
    this.follow(this.camera)
    this.drawPicture()
    const brush = this.brush(this.layers.shapes.ctx, MARGIN)
    clear(brush.ctx, this.size, MARGIN)
    this.shapesInSight = this.drawShapes(brush, visible(this.camera, this.size, MARGIN))
  }

  private drawPicture(): void {
    const { ctx } = this.layers.picture
    this.brush(ctx, MARGIN)
    clear(ctx, this.size, MARGIN)
    if (this.picture === null) return
    const { image, size, pixels } = this.picture
    const seen = visible(this.camera, this.size, MARGIN)
    const [left, top] = [Math.max(0, Math.floor(seen.minX)), Math.max(0, Math.floor(seen.minY))]
    const [right, bottom] = [Math.min(size.width, Math.ceil(seen.maxX)), Math.min(size.height, Math.ceil(seen.maxY))]
    if (right <= left || bottom <= top) return
    const at = toScreen(this.camera, { x: left, y: top })
    const share = { x: pixels.width / size.width, y: pixels.height / size.height }
    ctx.imageSmoothingEnabled = this.camera.scale < PIXELS_FROM_SCALE
    ctx.imageSmoothingQuality = this.moving ? 'low' : 'medium'
    ctx.drawImage(image, left * share.x, top * share.y, (right - left) * share.x, (bottom - top) * share.y, at.x, at.y, (right - left) * this.camera.scale, (bottom - top) * this.camera.scale)
  }

  private drawRegions(): void {
    const drawn = this.drawn
    if (drawn === null) return
    const brush = { ...this.brush(this.layers.shapes.ctx, MARGIN), camera: drawn }
    const regions = this.dirty
    this.dirty = []
    for (const region of regions) {
      const a = toScreen(drawn, { x: region.minX, y: region.minY })
      const b = toScreen(drawn, { x: region.maxX, y: region.maxY })
      const box = { x: Math.floor(a.x - 6), y: Math.floor(a.y - TAG_REACH.height - 4), right: Math.ceil(Math.max(b.x + 6, a.x + TAG_REACH.width)), bottom: Math.ceil(b.y + 6) }
      brush.ctx.save()
      brush.ctx.beginPath()
      brush.ctx.rect(box.x, box.y, box.right - box.x, box.bottom - box.y)
      brush.ctx.clip()
      brush.ctx.clearRect(box.x, box.y, box.right - box.x, box.bottom - box.y)
      const from = toPicture(drawn, { x: box.x - TAG_REACH.width, y: box.y })
      const to = toPicture(drawn, { x: box.right, y: box.bottom + TAG_REACH.height })
      this.drawShapes(brush, { minX: from.x, minY: from.y, maxX: to.x, maxY: to.y })
      brush.ctx.restore()
    }
  }

  /** Draws settled shapes within bounds, tags above all lines. Returns how many there were. */
  private drawShapes(brush: Brush, bounds: Bounds): number {
    const { scene } = this
    if (scene === null) return 0
    const { hidden, selection, kept } = this.view.state
    const shapes = scene.within(grown(bounds, 4 / brush.camera.scale)).filter((a) => !hidden.has(a.id) && !selection.has(a.id))
    const isDim = (id: string) => kept !== null && !kept.has(id)
    for (const annotation of shapes) {
      const look = lookOf(scene, annotation)
      if (isDim(annotation.id)) brush.ctx.globalAlpha = 0.25
      paintShape(brush, scene.outline(annotation), isDim(annotation.id) ? { ...look, fill: 0 } : look)
      brush.ctx.globalAlpha = 1
    }
    if (this.withoutTags) return shapes.length
    const size = this.picture?.size ?? this.size
    for (const annotation of shapes) if (!isDim(annotation.id)) paintTag(brush, scene, annotation, this.atlas, size)
    return shapes.length
  }

  private drawTop(): void {
    const { ctx } = this.layers.top
    const brush = this.brush(ctx, 0)
    clear(ctx, this.size, 0)
    this.painter?.paintTop(brush)
  }

  private brush(ctx: CanvasRenderingContext2D, margin: number): Brush {
    ctx.setTransform(this.ratio, 0, 0, this.ratio, margin * this.ratio, margin * this.ratio)
    return { ctx, camera: this.camera, ratio: this.ratio }
  }
}

function layer(name: string): { canvas: HTMLCanvasElement; ctx: CanvasRenderingContext2D } {
  const canvas = document.createElement('canvas')
  canvas.className = name
  canvas.setAttribute('aria-hidden', 'true')
  const ctx = canvas.getContext('2d')
  if (ctx === null) throw new Error('This browser gives no 2D canvas.')
  return { canvas, ctx }
}

function place(canvas: HTMLCanvasElement, size: Size, ratio: number, margin: number): void {
  canvas.width = Math.round((size.width + 2 * margin) * ratio)
  canvas.height = Math.round((size.height + 2 * margin) * ratio)
  Object.assign(canvas.style, { width: `${size.width + 2 * margin}px`, height: `${size.height + 2 * margin}px`, left: `${-margin}px`, top: `${-margin}px` })
}

function clear(ctx: CanvasRenderingContext2D, size: Size, margin: number): void {
  ctx.clearRect(-margin, -margin, size.width + 2 * margin, size.height + 2 * margin)
}
