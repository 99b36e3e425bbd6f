// Label hues and marks as a canvas draws them. On a picture the dark theme's hues are used in both themes.

import { hueAndMark } from '../../engine/schema'
import { MARK_PATHS } from '../marks'

const HUES = ['#5c8dff', '#ff7a3d', '#2fc2a6', '#e85fae', '#62cbf7', '#c99a6b', '#b79cff', '#a9dd5c', '#ffa8c5', '#8296dc', '#efe65e', '#c9d3de'] as const

/** Annotations whose label the schema no longer has. */
export const NO_HUE = '#c9d3de'

export function hueOf(index: number): string {
  return HUES[hueAndMark(index).hue - 1] ?? NO_HUE
}

/** Draws the label's mark, `size` pixels wide, in the current fill colour. */
export function drawMark(ctx: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D, index: number, x: number, y: number, size: number): void {
  const { mark } = hueAndMark(index)
  ctx.save()
  ctx.translate(x, y)
  ctx.scale(size / 10, size / 10)
  ctx.fill(new Path2D(MARK_PATHS[mark - 1]), 'evenodd')
  if (mark === 10) {
    ctx.strokeStyle = ctx.fillStyle
    ctx.lineWidth = 1
    ctx.stroke(new Path2D('M5 .5a4.5 4.5 0 0 0 0 9'))
  }
  ctx.restore()
}
