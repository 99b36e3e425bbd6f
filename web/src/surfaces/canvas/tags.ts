// Tags at shapes: drawn once each into an atlas, then copied, since text is the dearest thing on a canvas.

import { drawMark, hueOf, NO_HUE } from './hues'

export const TAG_HEIGHT = 17
const FONT = '600 11px -apple-system, BlinkMacSystemFont, "Segoe UI Variable Text", "Segoe UI", Inter, Roboto, "Noto Sans", system-ui, sans-serif'
const INK = '#14130f'
const PAGE = { width: 2048, height: 1024 }
const MAX_NAME = 160

export interface Tag {
  readonly page: OffscreenCanvas
  readonly x: number
  readonly y: number
  /** Width in CSS pixels. */
  readonly width: number
}

/** Sprites by label and text for one pixel ratio; it starts over when it is full. */
export class TagAtlas {
  private readonly tags = new Map<string, Tag>()
  private page: OffscreenCanvas | null = null
  private at = { x: 0, y: 0 }

  constructor(private readonly ratio: number) {}

  /** The tag of a label (null for one that the schema lacks) with a text, e.g. "car 3". */
  tag(label: number | null, text: string): Tag {
    const key = `${label}/${text}`
    const known = this.tags.get(key)
    if (known) return known
    const made = this.make(label, text)
    this.tags.set(key, made)
    return made
  }

  private make(label: number | null, text: string): Tag {
    const ctx = this.context()
    ctx.font = FONT
    const textWidth = Math.min(MAX_NAME, Math.ceil(ctx.measureText(text).width))
    const width = 18 + textWidth + 5
    const { x, y } = this.place(Math.ceil((width + 1) * this.ratio))
    const target = this.context()
    target.setTransform(this.ratio, 0, 0, this.ratio, x, y)
    target.fillStyle = label === null ? NO_HUE : hueOf(label)
    target.beginPath()
    target.roundRect(0, 0, width, TAG_HEIGHT, 3)
    target.fill()
    target.fillStyle = INK
    if (label !== null) drawMark(target, label, 5, 4, 9)
    target.font = FONT
    target.textBaseline = 'alphabetic'
    target.fillText(text, 18, 12.5, MAX_NAME)
    return { page: target.canvas, x, y, width }
  }

  private context(): OffscreenCanvasRenderingContext2D {
    this.page ??= new OffscreenCanvas(PAGE.width, PAGE.height)
    const ctx = this.page.getContext('2d')
    if (ctx === null) throw new Error('This browser gives no 2D canvas.')
    return ctx
  }

  private place(width: number): { x: number; y: number } {
    const row = Math.ceil(TAG_HEIGHT * this.ratio) + 1
    if (this.at.x + width > PAGE.width) this.at = { x: 0, y: this.at.y + row }
    if (this.at.y + row > PAGE.height) {
      this.page = null
      this.at = { x: 0, y: 0 }
    }
    const place = this.at
    this.at = { x: place.x + width + 1, y: place.y }
    return place
  }
}

/** Copies a tag to a place in CSS pixels. */
export function drawTag(ctx: CanvasRenderingContext2D, tag: Tag, x: number, y: number, ratio: number): void {
  const [w, h] = [Math.ceil(tag.width * ratio), Math.ceil(TAG_HEIGHT * ratio)]
  ctx.drawImage(tag.page, tag.x, tag.y, w, h, Math.round(x * ratio) / ratio, Math.round(y * ratio) / ratio, w / ratio, h / ratio)
}
