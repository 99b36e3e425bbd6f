// The picture as it looks through a camera, as the person wants it shown: one bitmap, or tiles over a coarse one.

import type { Size } from '../../engine/kind'
import type { Bounds } from '../../engine/space'
import { applyTone, isPlain, type Tone } from '../../engine/tone'
import { type Camera, toPicture, toScreen } from './camera'
import { above, levelFor, type Tile, tilesIn, type TileStore } from './tiles'

const PIXELS_FROM_SCALE = 4

export interface ShownPicture {
  readonly image: CanvasImageSource
  readonly size: Size
  readonly pixels: Size
  readonly tiles?: TileStore
}

/** A part of the screen in CSS pixels from the surface's corner. */
export interface Box {
  readonly x: number
  readonly y: number
  readonly right: number
  readonly bottom: number
}

/** How a picture is looked at. */
export interface Sight {
  readonly camera: Camera
  readonly picture: ShownPicture | null
  readonly ratio: number
  readonly tone: Tone
  readonly isSharp: boolean
}

export class PictureLayer {
  private aside: CanvasRenderingContext2D | null = null

  constructor(
    private readonly ctx: CanvasRenderingContext2D,
    private readonly margin: number,
  ) {}

  /** Draws the part of the picture that a box of the screen shows. */
  draw(box: Box, sight: Sight): void {
    const { ctx, margin } = this
    const { camera, picture, ratio, tone } = sight
    ctx.setTransform(ratio, 0, 0, ratio, margin * ratio, margin * ratio)
    ctx.clearRect(box.x, box.y, box.right - box.x, box.bottom - box.y)
    if (picture === null) return
    const seen = boundsOf(camera, box)
    const brush = isPlain(tone) ? ctx : this.scratch(ctx)
    brush.save()
    clip(brush, box)
    brush.imageSmoothingEnabled = camera.scale < PIXELS_FROM_SCALE
    brush.imageSmoothingQuality = sight.isSharp ? 'medium' : 'low'
    const shown = picture.tiles ? drawTiles(brush, sight, picture, picture.tiles, seen) : drawWhole(brush, camera, picture, seen)
    brush.restore()
    if (shown !== null && brush !== ctx) this.toned(brush, sight, { x: Math.max(shown.x, box.x), y: Math.max(shown.y, box.y), right: Math.min(shown.right, box.right), bottom: Math.min(shown.bottom, box.bottom) })
  }

  /** A canvas like the picture's own whose pixels can be read at once. */
  private scratch(like: CanvasRenderingContext2D): CanvasRenderingContext2D {
    const { width, height } = like.canvas
    if (this.aside?.canvas.width !== width || this.aside.canvas.height !== height) {
      const canvas = Object.assign(document.createElement('canvas'), { width, height })
      this.aside = contextOf(canvas, { willReadFrequently: true })
    }
    this.aside.setTransform(like.getTransform())
    this.aside.clearRect(-this.margin, -this.margin, width, height)
    return this.aside
  }

  /** Shows the pixels of a box as the person wants them shown. */
  private toned(from: CanvasRenderingContext2D, { tone, ratio }: Sight, box: Box): void {
    const { margin } = this
    const [left, top] = [Math.floor((box.x + margin) * ratio), Math.floor((box.y + margin) * ratio)]
    const [width, height] = [Math.ceil((box.right + margin) * ratio) - left, Math.ceil((box.bottom + margin) * ratio) - top]
    if (width <= 0 || height <= 0) return
    const pixels = from.getImageData(left, top, width, height)
    applyTone(pixels.data, tone)
    this.ctx.putImageData(pixels, left, top)
  }
}

function drawWhole(ctx: CanvasRenderingContext2D, camera: Camera, { image, size, pixels }: ShownPicture, seen: Bounds): Box | null {
  const [left, top] = [Math.max(0, Math.floor(seen.minX)), Math.max(0, Math.floor(seen.minY))]
  const [right, bottom] = [Math.min(size.width, Math.ceil(seen.maxX)), Math.min(size.height, Math.ceil(seen.maxY))]
  if (right <= left || bottom <= top) return null
  const at = toScreen(camera, { x: left, y: top })
  const share = { x: pixels.width / size.width, y: pixels.height / size.height }
  ctx.drawImage(image, left * share.x, top * share.y, (right - left) * share.x, (bottom - top) * share.y, at.x, at.y, (right - left) * camera.scale, (bottom - top) * camera.scale)
  return { x: at.x, y: at.y, right: at.x + (right - left) * camera.scale, bottom: at.y + (bottom - top) * camera.scale }
}

/** Tiles at the level of the zoom; where one has not come yet, what covers it at a coarser one, or the coarse picture. */
function drawTiles(ctx: CanvasRenderingContext2D, { camera, ratio }: Sight, picture: ShownPicture, store: TileStore, seen: Bounds): Box | null {
  const tiles = tilesIn(store.grid, levelFor(store.grid, camera.scale * ratio), seen)
  const found = tiles.map((tile) => ({ tile, from: nearest(store, tile) }))
  if (found.some(({ from }) => from === null)) drawWhole(ctx, camera, picture, seen)
  for (const { tile, from } of found) {
    if (from === null) continue
    // Whole pixels of the screen: between two tiles no line may shine through.
    const whole = (value: number): number => Math.round(value * ratio) / ratio
    const [a, b] = [toScreen(camera, { x: tile.minX, y: tile.minY }), toScreen(camera, { x: tile.maxX, y: tile.maxY })]
    const [left, top] = [whole(a.x), whole(a.y)]
    const shrink = (from.of.maxX - from.of.minX) / from.bitmap.width
    const down = (from.of.maxY - from.of.minY) / from.bitmap.height
    // What shines through a tile is the ground, as in other pictures, not the coarse picture.
    ctx.clearRect(left, top, whole(b.x) - left, whole(b.y) - top)
    ctx.drawImage(from.bitmap, (tile.minX - from.of.minX) / shrink, (tile.minY - from.of.minY) / down, (tile.maxX - tile.minX) / shrink, (tile.maxY - tile.minY) / down, left, top, whole(b.x) - left, whole(b.y) - top)
  }
  const { width, height } = store.grid
  const [a, b] = [toScreen(camera, { x: Math.max(0, seen.minX), y: Math.max(0, seen.minY) }), toScreen(camera, { x: Math.min(width, seen.maxX), y: Math.min(height, seen.maxY) })]
  return b.x > a.x && b.y > a.y ? { x: a.x, y: a.y, right: b.x, bottom: b.y } : null
}

function nearest(store: TileStore, tile: Tile): { readonly bitmap: ImageBitmap; readonly of: Tile } | null {
  for (let of: Tile | null = tile; of !== null; of = above(store.grid, of)) {
    const bitmap = store.get(of)
    if (bitmap !== null) return { bitmap, of }
  }
  return null
}

/** What of the picture a box of the screen shows. */
export function boundsOf(camera: Camera, box: Box): Bounds {
  const [from, to] = [toPicture(camera, { x: box.x, y: box.y }), toPicture(camera, { x: box.right, y: box.bottom })]
  return { minX: from.x, minY: from.y, maxX: to.x, maxY: to.y }
}

export function clip(ctx: CanvasRenderingContext2D, box: Box): void {
  ctx.beginPath()
  ctx.rect(box.x, box.y, box.right - box.x, box.bottom - box.y)
  ctx.clip()
}

export function contextOf(canvas: HTMLCanvasElement, settings?: CanvasRenderingContext2DSettings): CanvasRenderingContext2D {
  const ctx = canvas.getContext('2d', settings)
  if (ctx === null) throw new Error('This browser gives no 2D canvas.')
  return ctx
}
