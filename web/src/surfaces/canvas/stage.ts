// Canvases over one another: the picture, the settled shapes, their tags, and on top what moves or is selected.
//
// The lower three are drawn with a margin. While the person pans they are only moved, and past the margin they are shifted
// and only the strips that came into sight are drawn. While zooming among many shapes they are stretched and drawn sharp
// when the hand rests. A changed shape redraws only its own region. So a frame costs what moves in it, whatever the
// number of shapes.

import type { Size } from '../../engine/kind'
import { type Bounds, grown } from '../../engine/space'
import type { View } from '../../engine/view'
import { type Camera, toPicture, toScreen, visible } from './camera'
import { type Brush, lookOf, paintShape, tagOf } from './paint'
import type { Scene } from './scene'
import { drawTag, TagAtlas } from './tags'

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

  private readonly layers = { picture: layer('karat-picture'), shapes: layer('karat-shapes'), tags: layer('karat-tags'), top: layer('karat-top') }
  private ratio = 1
  /** The camera with which the lower layers were drawn. */
  private drawn: Camera | null = null
  private dirty: Bounds[] = []
  private frame: number | null = null
  private settling: ReturnType<typeof setTimeout> | null = null
  private moving = false
  private shapesInSight = 0
  /** What drawing everything took the last time, in milliseconds. */
  private cost = 0

  constructor(
    host: HTMLElement,
    private readonly view: View,
  ) {
    host.append(...Object.values(this.layers).map(({ canvas }) => canvas))
  }

  resize(size: Size, ratio: number): void {
    if (size.width === this.size.width && size.height === this.size.height && ratio === this.ratio) return
    this.size = size
    if (ratio !== this.ratio) this.atlas = new TagAtlas(ratio)
    this.ratio = ratio
    for (const { canvas } of this.lower) place(canvas, size, ratio, MARGIN)
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
    // Drawing anew must not fall between two notches of a wheel: where it is dear, the hand must rest longer.
    this.settling = setTimeout(() => this.settle(), Math.max(SETTLE_MS, Math.min(500, 3 * this.cost)))
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
    this.layers.tags.canvas.style.visibility = on ? 'hidden' : 'visible'
  }

  private get lower(): readonly Layer[] {
    return [this.layers.picture, this.layers.shapes, this.layers.tags]
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
      if (this.isPastMargin(this.drawn)) this.shift(this.drawn)
      this.follow(this.drawn)
      if (this.dirty.length > 0) this.drawRegions(this.drawn)
    }
    this.drawTop()
  }

  /** Whether what was drawn can be moved to where it should be. */
  private canFollow(drawn: Camera): boolean {
    const { camera } = this
    if (camera.scale === drawn.scale) return Math.abs(camera.x - drawn.x) < this.size.width / 2 && Math.abs(camera.y - drawn.y) < this.size.height / 2
    const share = camera.scale / drawn.scale
    return this.moving && this.shapesInSight > MANY_SHAPES && share > 0.5 && share < 3
  }

  private isPastMargin(drawn: Camera): boolean {
    const { camera } = this
    return camera.scale === drawn.scale && (Math.abs(camera.x - drawn.x) > MARGIN || Math.abs(camera.y - drawn.y) > MARGIN)
  }

  /** Moves what is drawn by whole pixels and draws the two strips that are new. */
  private shift(drawn: Camera): void {
    const [dx, dy] = [Math.round((this.camera.x - drawn.x) * this.ratio), Math.round((this.camera.y - drawn.y) * this.ratio)]
    const moved = { scale: drawn.scale, x: drawn.x + dx / this.ratio, y: drawn.y + dy / this.ratio }
    for (const { ctx, canvas } of this.lower) {
      ctx.setTransform(1, 0, 0, 1, 0, 0)
      ctx.globalCompositeOperation = 'copy'
      ctx.drawImage(canvas, dx, dy)
      ctx.globalCompositeOperation = 'source-over'
    }
    this.drawn = moved
    const [w, h] = [this.size.width + 2 * MARGIN, this.size.height + 2 * MARGIN]
    const [x, y] = [dx / this.ratio, dy / this.ratio]
    const strips = [
      { x: x > 0 ? 0 : w + x, y: 0, right: x > 0 ? x : w, bottom: h },
      { x: 0, y: y > 0 ? 0 : h + y, right: w, bottom: y > 0 ? y : h },
    ]
    for (const strip of strips) {
      if (strip.right <= strip.x || strip.bottom <= strip.y) continue
      const box = { x: Math.floor(strip.x - MARGIN), y: Math.floor(strip.y - MARGIN), right: Math.ceil(strip.right - MARGIN), bottom: Math.ceil(strip.bottom - MARGIN) }
      this.drawPicture(moved, box)
      this.drawBox(moved, box)
    }
  }

  private follow(given: Camera): void {
    const drawn = this.drawn ?? given
    const share = this.camera.scale / drawn.scale
    const x = this.camera.x - drawn.x * share - MARGIN * share + MARGIN
    const y = this.camera.y - drawn.y * share - MARGIN * share + MARGIN
    const transform = share === 1 && x === 0 && y === 0 ? '' : `translate(${x}px, ${y}px) scale(${share})`
    for (const { canvas } of this.lower) canvas.style.transform = transform
  }

  private drawAll(): void {
    const start = performance.now()
    this.drawn = this.camera
    this.dirty = []
    this.follow(this.camera)
    this.drawPicture(this.camera, { x: -MARGIN, y: -MARGIN, right: this.size.width + MARGIN, bottom: this.size.height + MARGIN })
    const [lines, tags] = [this.brush(this.layers.shapes.ctx, MARGIN), this.brush(this.layers.tags.ctx, MARGIN)]
    clear(lines.ctx, this.size, MARGIN)
    clear(tags.ctx, this.size, MARGIN)
    this.shapesInSight = this.drawShapes(lines, tags, visible(this.camera, this.size, MARGIN))
    this.cost = performance.now() - start
  }

  /** Draws the part of the picture that a box of the screen shows. */
  private drawPicture(camera: Camera, box: Box): void {
    const { ctx } = this.layers.picture
    this.brush(ctx, MARGIN)
    ctx.clearRect(box.x, box.y, box.right - box.x, box.bottom - box.y)
    if (this.picture === null) return
    const { image, size, pixels } = this.picture
    const [from, to] = [toPicture(camera, { x: box.x, y: box.y }), toPicture(camera, { x: box.right, y: box.bottom })]
    const seen = { minX: from.x, minY: from.y, maxX: to.x, maxY: to.y }
    ctx.save()
    ctx.beginPath()
    ctx.rect(box.x, box.y, box.right - box.x, box.bottom - box.y)
    ctx.clip()
    this.copyPicture(ctx, camera, { image, size, pixels }, seen)
    ctx.restore()
  }

  private copyPicture(ctx: CanvasRenderingContext2D, camera: Camera, { image, size, pixels }: NonNullable<Stage['picture']>, seen: Bounds): void {
    const [left, top] = [Math.max(0, Math.floor(seen.minX)), Math.max(0, Math.floor(seen.minY))]
    const [right, bottom] = [Math.min(size.width, Math.ceil(seen.maxX)), Math.min(size.height, Math.ceil(seen.maxY))]
    if (right <= left || bottom <= top) return
    const at = toScreen(camera, { x: left, y: top })
    const share = { x: pixels.width / size.width, y: pixels.height / size.height }
    ctx.imageSmoothingEnabled = camera.scale < PIXELS_FROM_SCALE
    ctx.imageSmoothingQuality = this.moving ? 'low' : 'medium'
    ctx.drawImage(image, left * share.x, top * share.y, (right - left) * share.x, (bottom - top) * share.y, at.x, at.y, (right - left) * camera.scale, (bottom - top) * camera.scale)
  }

  private drawRegions(given: Camera): void {
    const drawn = this.drawn ?? given
    const regions = this.dirty
    this.dirty = []
    for (const region of regions) {
      const a = toScreen(drawn, { x: region.minX, y: region.minY })
      const b = toScreen(drawn, { x: region.maxX, y: region.maxY })
      this.drawBox(drawn, { x: Math.floor(a.x - 6), y: Math.floor(a.y - TAG_REACH.height - 4), right: Math.ceil(Math.max(b.x + 6, a.x + TAG_REACH.width)), bottom: Math.ceil(b.y + 6) })
    }
  }

  /** Draws the shapes of one box of the screen anew, and no others. */
  private drawBox(drawn: Camera, box: Box): void {
    const brushes = [this.layers.shapes, this.layers.tags].map(({ ctx }) => {
      const brush = { ...this.brush(ctx, MARGIN), camera: drawn }
      ctx.save()
      ctx.beginPath()
      ctx.rect(box.x, box.y, box.right - box.x, box.bottom - box.y)
      ctx.clip()
      ctx.clearRect(box.x, box.y, box.right - box.x, box.bottom - box.y)
      return brush
    })
    const from = toPicture(drawn, { x: box.x - TAG_REACH.width, y: box.y })
    const to = toPicture(drawn, { x: box.right, y: box.bottom + TAG_REACH.height })
    const [lines, tags] = brushes
    if (lines && tags) this.drawShapes(lines, tags, { minX: from.x, minY: from.y, maxX: to.x, maxY: to.y })
    for (const { ctx } of brushes) ctx.restore()
  }

  /** Draws settled shapes within bounds and their tags. Returns how many there were. */
  private drawShapes(lines: Brush, tags: Brush, bounds: Bounds): number {
    const { scene } = this
    if (scene === null) return 0
    const { shown, selection, kept } = this.view.state
    const shapes = scene.within(grown(bounds, 4 / lines.camera.scale)).filter((a) => !this.view.hides(a.id) && !selection.has(a.id))
    const isDim = (id: string) => kept !== null && !kept.has(id)
    for (const annotation of shapes) {
      const look = lookOf(scene, annotation)
      if (isDim(annotation.id)) lines.ctx.globalAlpha = 0.25
      paintShape(lines, scene.outline(annotation), isDim(annotation.id) || shown !== 'filled' ? { ...look, fill: 0 } : look)
      lines.ctx.globalAlpha = 1
    }
    if (shown === 'bare') return shapes.length
    const size = this.picture?.size ?? this.size
    const placed = shapes.map((a) => (isDim(a.id) ? null : tagOf(tags, scene, a, this.atlas, size)))
    for (const one of placed) if (one !== null) drawTag(tags.ctx, one.tag, one.x, one.y, tags.ratio)
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

interface Layer {
  readonly canvas: HTMLCanvasElement
  readonly ctx: CanvasRenderingContext2D
}

/** A part of the screen in CSS pixels from the surface's corner. */
interface Box {
  readonly x: number
  readonly y: number
  readonly right: number
  readonly bottom: number
}

function layer(name: string): Layer {
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
