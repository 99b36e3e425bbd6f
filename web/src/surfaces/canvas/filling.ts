// Filling what has the colour of a point: a press chooses it, a drag to the right or left widens or narrows what counts as alike.

import type { Point } from '../../engine/gesture'
import type { Drawn, Size } from '../../engine/kind'
import type { Json } from '../../engine/types'
import { toScreen } from './camera'
import { drawnOf, flood, type Flooded, type Pixels } from './flood'
import type { Brush } from './paint'
import type { HandHost } from './pen'
import { inSight, type Looked, NOTHING, type Sights } from './sighted'

/** How much a colour may differ at first, 0 to 255. */
const TOLERANCE = 24
/** Pixels of the screen that change it by one. */
const DRAG_PX = 3
const TINT = 0.5
const FONT = '600 11px system-ui, sans-serif'

export interface Filling {
  readonly from: Point
  tolerance: number
  /** What was found, for the tolerance that it was found with. */
  found: { readonly tolerance: number; readonly pixels: Flooded | null; readonly shown: HTMLCanvasElement | null } | null
}

/** Fills by the picture that a hand works on; its pixels are read once. */
export class FillingHand {
  private read: { readonly image: CanvasImageSource; readonly pixels: Pixels } | null = null

  constructor(private readonly host: HandHost) {}

  begin(from: Point): Filling {
    return { from, tolerance: TOLERANCE, found: null }
  }

  move(filling: Filling, to: Point): void {
    const moved = Math.round(((to.x - filling.from.x) * this.host.stage.camera.scale) / DRAG_PX)
    filling.tolerance = Math.min(255, Math.max(0, TOLERANCE + moved))
  }

  /** What is alike; null where the press was beside the picture. */
  end(filling: Filling): Drawn<Json> | null {
    const found = this.find(filling)
    return found && drawnOf(this.scaled(found))
  }

  paint({ ctx, camera }: Brush, filling: Filling, hue: string): void {
    const found = this.find(filling)
    if (found === null || filling.found === null) return
    const shown = filling.found.shown ?? tinted(found, hue)
    filling.found = { ...filling.found, shown }
    const { left, top, share } = this.looked()
    const at = toScreen(camera, { x: left + found.left * share, y: top + found.top * share })
    ctx.globalAlpha = TINT
    ctx.imageSmoothingEnabled = false
    ctx.drawImage(shown, at.x, at.y, found.width * share * camera.scale, found.height * share * camera.scale)
    ctx.globalAlpha = 1
    const { x, y } = toScreen(camera, filling.from)
    ctx.font = FONT
    ctx.strokeStyle = 'rgba(0, 0, 0, .7)'
    ctx.lineWidth = 3
    ctx.fillStyle = '#fff'
    ctx.strokeText(`± ${filling.tolerance}`, x + 10, y - 10)
    ctx.fillText(`± ${filling.tolerance}`, x + 10, y - 10)
  }

  private find(filling: Filling): Flooded | null {
    if (filling.found?.tolerance !== filling.tolerance) {
      const { from, tolerance } = filling
      const { pixels, left, top, share } = this.looked()
      filling.found = { tolerance, pixels: flood(pixels, { x: (from.x - left) / share, y: (from.y - top) / share }, tolerance), shown: null }
    }
    return filling.found?.pixels ?? null
  }

  /** In pixels of the picture, and never beyond its edge. */
  private scaled(found: Flooded): Flooded {
    const { pixels, left, top, share } = this.looked()
    if (this.host.stage.picture?.tiles === undefined) return scaledTo(found, pixels, this.host.picture)
    const whole = { width: Math.round(pixels.width * share), height: Math.round(pixels.height * share) }
    const scaled = scaledTo(found, pixels, whole)
    return { ...scaled, left: scaled.left + left, top: scaled.top + top }
  }

  /** The pixels that are looked into: all of the picture, or of one in tiles what is in sight. */
  private looked(): Looked {
    const { picture, camera, size, ratio } = this.host.stage
    if (picture === null) return NOTHING
    if (picture.tiles !== undefined) return inSight(this.sight, picture, picture.tiles, { camera, size, ratio })
    if (this.read?.image !== picture.image) this.read = { image: picture.image, pixels: pixelsOf(picture.image, picture.pixels) }
    return { pixels: this.read.pixels, left: 0, top: 0, share: picture.size.width / picture.pixels.width }
  }

  private readonly sight: Sights = { known: null }
}

function pixelsOf(image: CanvasImageSource, { width, height }: Size): Pixels {
  const ctx = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })
  if (ctx === null) throw new Error('This browser gives no 2D canvas.')
  ctx.drawImage(image, 0, 0, width, height)
  return { data: ctx.getImageData(0, 0, width, height).data, width, height }
}

/** In the picture's own pixels, where a smaller copy of it was looked into. */
export function scaledTo(found: Flooded, looked: Size, picture: Size): Flooded {
  if (looked.width === picture.width && looked.height === picture.height) return found
  const [across, down] = [picture.width / looked.width, picture.height / looked.height]
  const [left, top] = [Math.round(found.left * across), Math.round(found.top * down)]
  const size = { width: Math.round((found.left + found.width) * across) - left, height: Math.round((found.top + found.height) * down) - top }
  const on = new Uint8Array(size.width * size.height)
  for (let y = 0; y < size.height; y += 1) {
    const row = Math.min(found.height - 1, Math.floor((y + 0.5) / down)) * found.width
    for (let x = 0; x < size.width; x += 1) on[y * size.width + x] = found.on[row + Math.min(found.width - 1, Math.floor((x + 0.5) / across))] ?? 0
  }
  return { left, top, ...size, on }
}

function tinted(found: Flooded, hue: string): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  canvas.width = found.width
  canvas.height = found.height
  const ctx = canvas.getContext('2d')
  if (ctx === null) throw new Error('This browser gives no 2D canvas.')
  const colour = Number.parseInt(hue.slice(1), 16)
  const image = ctx.createImageData(found.width, found.height)
  const data = new Uint32Array(image.data.buffer)
  // Bytes in the order of the machine, which is opacity, blue, green, red on all that run a browser.
  const word = (0xff << 24) | ((colour & 0xff) << 16) | (colour & 0xff00) | (colour >> 16)
  found.on.forEach((on, i) => {
    if (on === 1) data[i] = word
  })
  ctx.putImageData(image, 0, 0)
  return canvas
}
