// Regions with too many edges to be drawn as lines: their pixels as an image, with a line round them.

import type { Region } from '../../engine/kind'
import { toScreen } from './camera'
import type { Brush, Look } from './paint'

const HALO = 'rgba(0, 0, 0, .45)'
/** Squares finer than a dot of the screen are not asked for. */
const LEVELS = 12

/** Opaque where a region is, at the level of a zoom. */
interface Stamp {
  readonly level: number
  readonly image: HTMLCanvasElement
}

/** How a region looked last, and where on its canvas. */
interface Seen {
  readonly key: string
  readonly image: HTMLCanvasElement
  readonly x: number
  readonly y: number
}

type Covered = Region & Required<Pick<Region, 'cover'>>

const stamps = new WeakMap<Region, Stamp>()
const seen = new WeakMap<Region, Seen>()

export function isCovered(region: Region): region is Covered {
  return region.cover !== undefined
}

/** Draws a region as a fill with a line; drawn again with the same look and zoom it costs one copy. Leaves the canvas as it was. */
export function stampRegion(brush: Brush, region: Covered, look: Look & { readonly tint: number }): void {
  const { ctx } = brush
  const key = [brush.camera.scale, brush.camera.x, brush.camera.y, brush.ratio, brush.margin, ctx.canvas.width, ctx.canvas.height, look.hue, look.tint, look.inner, look.detail, look.width].join()
  const known = seen.get(region)
  const made = known?.key === key ? known : drawn(brush, region, look, key)
  if (made === null) return
  seen.set(region, made)
  const [a, d, e, f] = transformOf(ctx)
  ctx.setTransform(1, 0, 0, 1, 0, 0)
  ctx.drawImage(made.image, made.x, made.y)
  ctx.setTransform(a, 0, 0, d, e, f)
}

function transformOf(ctx: CanvasRenderingContext2D): [number, number, number, number] {
  const { a, d, e, f } = ctx.getTransform()
  return [a, d, e, f]
}

function drawn(brush: Brush, region: Covered, look: Look & { readonly tint: number }, key: string): Seen | null {
  const { ctx, camera, ratio, margin } = brush
  const reach = Math.ceil(3 * ratio)
  const a = toScreen(camera, { x: region.left, y: region.top })
  const b = toScreen(camera, { x: region.right, y: region.bottom })
  const [left, top, right, bottom] = [a.x, a.y, b.x, b.y].map((at) => (at + margin) * ratio) as [number, number, number, number]
  const [x, y] = [Math.max(0, Math.floor(left) - reach), Math.max(0, Math.floor(top) - reach)]
  const [width, height] = [Math.min(ctx.canvas.width, Math.ceil(right) + reach) - x, Math.min(ctx.canvas.height, Math.ceil(bottom) + reach) - y]
  if (width <= 0 || height <= 0) return null
  const stamp = stampOf(region, camera.scale * ratio)
  const side = (2 ** stamp.level) * camera.scale * ratio
  const sheet = new Sheet(width, height)
  const put = (dx: number, dy: number, on: CanvasRenderingContext2D): void => on.drawImage(stamp.image, left - x + dx, top - y + dy, stamp.image.width * side, stamp.image.height * side)
  const isSmooth = side < 2
  const lines: readonly (readonly [string, number])[] = look.detail === undefined || look.detail === 'full' ? [[HALO, 2 * ratio], [look.inner ?? look.hue, ratio]] : [[look.inner ?? look.hue, ratio]]
  for (const [colour, far] of lines) {
    sheet.coloured(colour, 1, isSmooth, (on) => {
      for (const [dx, dy] of AROUND) put(dx * far, dy * far, on)
      on.globalCompositeOperation = 'destination-out'
      put(0, 0, on)
      on.globalCompositeOperation = 'source-over'
    })
  }
  if (look.tint > 0) sheet.coloured(look.hue, look.tint, isSmooth, (on) => put(0, 0, on))
  return { key, image: sheet.image, x, y }
}

const AROUND: readonly (readonly [number, number])[] = [[-1, 0], [1, 0], [0, -1], [0, 1]]

/** What is put together of one-coloured images. */
class Sheet {
  readonly image: HTMLCanvasElement
  private readonly ctx: CanvasRenderingContext2D
  private readonly aside: CanvasRenderingContext2D

  constructor(
    private readonly width: number,
    private readonly height: number,
  ) {
    this.image = document.createElement('canvas')
    this.image.width = width
    this.image.height = height
    this.ctx = contextOf(this.image)
    this.aside = scratch(width, height)
  }

  coloured(colour: string, alpha: number, isSmooth: boolean, draw: (on: CanvasRenderingContext2D) => void): void {
    const { aside, ctx, width, height } = this
    aside.clearRect(0, 0, width, height)
    aside.imageSmoothingEnabled = isSmooth
    draw(aside)
    aside.globalCompositeOperation = 'source-in'
    aside.fillStyle = colour
    aside.fillRect(0, 0, width, height)
    aside.globalCompositeOperation = 'source-over'
    ctx.globalAlpha = alpha
    ctx.drawImage(aside.canvas, 0, 0, width, height, 0, 0, width, height)
    ctx.globalAlpha = 1
  }
}

let shared: CanvasRenderingContext2D | null = null

/** One canvas for all, as large as the largest needs it. */
function scratch(width: number, height: number): CanvasRenderingContext2D {
  shared ??= contextOf(document.createElement('canvas'))
  const { canvas } = shared
  if (canvas.width < width || canvas.height < height) {
    canvas.width = Math.max(canvas.width, width)
    canvas.height = Math.max(canvas.height, height)
  }
  return shared
}

/** With squares as fine as the dots of the screen, or as the pixels where these are larger. */
function stampOf(region: Covered, scale: number): Stamp {
  const level = Math.min(LEVELS, Math.max(0, Math.floor(Math.log2(1 / scale))))
  const known = stamps.get(region)
  if (known?.level === level) return known
  const { width, height, data } = region.cover(level)
  const image = document.createElement('canvas')
  image.width = width
  image.height = height
  const ctx = contextOf(image)
  const pixels = ctx.createImageData(width, height)
  const words = new Uint32Array(pixels.data.buffer)
  // Opacity is the highest byte on all machines that run a browser.
  for (let i = 0; i < data.length; i += 1) words[i] = (data[i] ?? 0) << 24
  ctx.putImageData(pixels, 0, 0)
  const made = { level, image }
  stamps.set(region, made)
  return made
}

function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const ctx = canvas.getContext('2d')
  if (ctx === null) throw new Error('This browser gives no 2D canvas.')
  return ctx
}
