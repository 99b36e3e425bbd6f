// Painting by superpixels: what is in sight is cut into pieces, and a press or a drag takes the pieces it passes.

import type { Point } from '../../engine/gesture'
import type { Drawn, Size } from '../../engine/kind'
import type { Json } from '../../engine/types'
import { toScreen, visible } from './camera'
import { drawnOf, type Flooded } from './flood'
import type { Brush } from './paint'
import type { HandHost } from './pen'
import { isCoarse, shrunk } from './sighted'
import type { Found, Wanted } from './slic.worker'

/** More pixels of what is in sight are not looked at: it takes a second. */
const MOST_PIXELS = 600_000
/** Superpixels of fewer pixels than this across are noise. */
const LEAST_STEP = 4
const TINT = 0.5

/** A part of the picture cut into pieces; `share` of its pixels make one pixel of the picture. */
export interface Cut extends Size {
  readonly left: number
  readonly top: number
  readonly share: number
  readonly labels: Int32Array
}

/** Pieces as they are drawn, and of what. */
interface Shown {
  readonly names: string
  readonly cut: Cut
  readonly hue: string
  readonly part: Flooded
  readonly image: HTMLCanvasElement
}

/** The pieces of the picture in sight. They are cut anew when another size is asked for, or another part is in sight. */
export class Pieces {
  private cut: Cut | null = null
  private asked = ''
  private number = 0
  private worker: Worker | null = null
  private shown: Shown | null = null
  /** The pieces that the stroke passed, by number; null where none is under way. */
  private taken: Set<number> | null = null
  private under: number | null = null

  constructor(private readonly host: HandHost) {}

  get isBusy(): boolean {
    return this.taken !== null
  }

  begin(at: Point): void {
    this.taken = new Set()
    this.move(at)
  }

  /** Where the pointer is; pieces are looked for as soon as it is over the picture. */
  move(at: Point): void {
    this.look()
    this.under = this.cut && labelAt(this.cut, at)
    if (this.taken !== null && this.under !== null) this.taken.add(this.under)
  }

  drop(): void {
    this.taken = null
  }

  /** Ends a stroke: what its pieces cover, and how that looks. */
  end(): { readonly drawn: Drawn<Json>; readonly shown: (brush: Brush) => void } | null {
    const { cut, taken, shown } = this
    this.taken = null
    const part = cut && taken && partOf(cut, taken, this.host.picture)
    return part && { drawn: drawnOf(part), shown: (brush) => shown && drawShown(brush, shown) }
  }

  /** Ends the worker. */
  close(): void {
    this.worker?.terminate()
    this.worker = null
  }

  paint(brush: Brush, hue: string): void {
    const { cut } = this
    const names = new Set([...(this.taken ?? []), ...(this.under === null ? [] : [this.under])])
    if (cut === null || names.size === 0) return
    const key = [...names].join()
    if (this.shown?.names !== key || this.shown.cut !== cut || this.shown.hue !== hue) {
      // In the pixels that were looked at: in those of a huge picture it would be hundreds of megabytes.
      const part = partOf({ ...cut, left: 0, top: 0, share: 1 }, names, cut)
      if (part === null) return
      this.shown = { names: key, cut, hue, part, image: tinted(part, hue) }
    }
    drawShown(brush, this.shown)
  }

  /** Asks for the pieces of what is in sight, unless they are there or on their way. */
  private look(): void {
    const { stage, view, picture } = this.host
    if (stage.picture === null || this.taken?.size) return
    if (isCoarse(stage.picture, stage.camera, stage.ratio)) return this.forget()
    const seen = visible(stage.camera, stage.size)
    const [left, top] = [Math.max(0, Math.floor(seen.minX)), Math.max(0, Math.floor(seen.minY))]
    const size = { width: Math.min(picture.width, Math.ceil(seen.maxX)) - left, height: Math.min(picture.height, Math.ceil(seen.maxY)) - top }
    const key = `${left} ${top} ${size.width} ${size.height} ${view.state.brush.size} ${stage.picture.tiles?.came ?? 0}`
    if (key === this.asked || size.width < 1 || size.height < 1) return
    this.asked = key
    const share = Math.min(1, Math.sqrt(MOST_PIXELS / (size.width * size.height)))
    this.ask({ left, top, share, ...size }, Math.max(LEAST_STEP, view.state.brush.size * share))
  }

  private forget(): void {
    ;[this.cut, this.under, this.asked] = [null, null, '']
    this.number += 1
  }

  private ask({ left, top, share, width, height }: Omit<Cut, 'labels'>, step: number): void {
    const { picture } = this.host.stage
    if (picture === null) return
    const { stage } = this.host
    const small = { width: Math.max(1, Math.round(width * share)), height: Math.max(1, Math.round(height * share)) }
    const data = shrunk(picture, { left, top, width, height }, small, stage)
    const id = (this.number += 1)
    this.worker ??= new Worker(new URL('./slic.worker.ts', import.meta.url), { type: 'module' })
    this.worker.onmessage = ({ data: found }: MessageEvent<Found>) => {
      // What was asked for since is on its way.
      if (found.id !== this.number) return
      this.cut = { left, top, share, ...small, labels: found.labels }
      this.under = null
      this.host.stage.touchTop()
    }
    const wanted: Wanted = { id, data, ...small, step }
    this.worker.postMessage(wanted, [data.buffer])
  }
}

function drawShown({ ctx, camera }: Brush, { cut, part, image }: Shown): void {
  const at = toScreen(camera, { x: cut.left + part.left / cut.share, y: cut.top + part.top / cut.share })
  ctx.globalAlpha = TINT
  ctx.imageSmoothingEnabled = false
  ctx.drawImage(image, at.x, at.y, (part.width / cut.share) * camera.scale, (part.height / cut.share) * camera.scale)
  ctx.globalAlpha = 1
}

/** The number of the piece at a point of the picture; null outside. */
export function labelAt({ left, top, share, width, height, labels }: Cut, { x, y }: Point): number | null {
  const [column, row] = [Math.floor((x - left) * share), Math.floor((y - top) * share)]
  return column < 0 || row < 0 || column >= width || row >= height ? null : (labels[row * width + column] ?? null)
}

/** The pixels of the picture that some pieces cover; null where they are none. */
export function partOf(cut: Cut, names: ReadonlySet<number>, picture: Size): Flooded | null {
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -1, -1]
  cut.labels.forEach((label, at) => {
    if (!names.has(label)) return
    const [x, y] = [at % cut.width, Math.floor(at / cut.width)]
    ;[minX, minY, maxX, maxY] = [Math.min(minX, x), Math.min(minY, y), Math.max(maxX, x), Math.max(maxY, y)]
  })
  if (maxX < 0) return null
  const [left, top] = [cut.left + Math.floor(minX / cut.share), cut.top + Math.floor(minY / cut.share)]
  const [right, bottom] = [Math.min(picture.width, cut.left + Math.ceil((maxX + 1) / cut.share)), Math.min(picture.height, cut.top + Math.ceil((maxY + 1) / cut.share))]
  const size = { width: right - left, height: bottom - top }
  const on = new Uint8Array(size.width * size.height)
  for (let y = 0; y < size.height; y += 1) {
    for (let x = 0; x < size.width; x += 1) {
      const label = labelAt(cut, { x: left + x + 0.5, y: top + y + 0.5 })
      if (label !== null && names.has(label)) on[y * size.width + x] = 1
    }
  }
  return { left, top, ...size, on }
}

/** The pixels in a colour, with a line round them in white. */
function tinted({ width, height, on }: Flooded, hue: string): HTMLCanvasElement {
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const ctx = canvas.getContext('2d')
  if (ctx === null) throw new Error('This browser gives no 2D canvas.')
  const colour = Number.parseInt(hue.slice(1), 16)
  const image = ctx.createImageData(width, height)
  on.forEach((is, at) => {
    if (is === 0) return
    const x = at % width
    const isRim = x === 0 || x === width - 1 || on[at - 1] === 0 || on[at + 1] === 0 || (on[at - width] ?? 0) === 0 || (on[at + width] ?? 0) === 0
    image.data.set(isRim ? [255, 255, 255, 255] : [colour >> 16, (colour >> 8) & 0xff, colour & 0xff, 255], 4 * at)
  })
  ctx.putImageData(image, 0, 0)
  return canvas
}
