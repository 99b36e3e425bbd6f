// What lies over a picture and is no annotation: a grid, and a ruler.

import type { Point } from '../../engine/gesture'
import type { Size } from '../../engine/kind'
import { toScreen, visible } from './camera'
import type { Brush } from './paint'

/** Lines of the grid are at least so far apart on the screen. */
const APART_PX = 40
const STEPS = [1, 2, 5]

/** The distance of the grid's lines in pixels of the picture: 1, 2 or 5 times a power of ten, as near as the zoom allows. */
export function gridStep(scale: number): number {
  for (let tens = 1; ; tens *= 10) {
    const step = STEPS.find((s) => s * tens * scale >= APART_PX)
    if (step !== undefined) return step * tens
  }
}

/** A grid in pixels of the picture; every fifth line is stronger. */
export function paintGrid({ ctx, camera }: Brush, picture: Size, screen: Size): void {
  const step = gridStep(camera.scale)
  const seen = visible(camera, screen)
  const [left, right] = [Math.max(0, seen.minX), Math.min(picture.width, seen.maxX)]
  const [top, bottom] = [Math.max(0, seen.minY), Math.min(picture.height, seen.maxY)]
  ctx.lineWidth = 1
  for (let x = Math.ceil(left / step) * step; x <= right; x += step) line(x, { x, y: top }, { x, y: bottom })
  for (let y = Math.ceil(top / step) * step; y <= bottom; y += step) line(y, { x: left, y }, { x: right, y })

  function line(at: number, from: Point, to: Point): void {
    const [a, b] = [toScreen(camera, from), toScreen(camera, to)]
    ctx.strokeStyle = Math.round(at / step) % 5 === 0 ? 'rgba(255, 255, 255, .5)' : 'rgba(255, 255, 255, .22)'
    ctx.beginPath()
    ctx.moveTo(Math.round(a.x) + 0.5, Math.round(a.y) + 0.5)
    ctx.lineTo(Math.round(b.x) + 0.5, Math.round(b.y) + 0.5)
    ctx.stroke()
  }
}

/** The length of a line between two points, and how far it goes across and down, in whole pixels of the picture. */
export function measured(from: Point, to: Point): string {
  const [x, y] = [Math.abs(to.x - from.x), Math.abs(to.y - from.y)]
  return `${Math.hypot(x, y).toFixed(1)} px (${x.toFixed(0)} × ${y.toFixed(0)})`
}

export function paintRuler({ ctx, camera }: Brush, from: Point, to: Point): void {
  const [a, b] = [toScreen(camera, from), toScreen(camera, to)]
  for (const [colour, width] of [['rgba(0, 0, 0, .6)', 4], ['#fff', 1.5]] as const) {
    ctx.strokeStyle = colour
    ctx.lineWidth = width
    ctx.beginPath()
    ctx.moveTo(a.x, a.y)
    ctx.lineTo(b.x, b.y)
    for (const end of [a, b]) {
      ctx.moveTo(end.x + 4, end.y)
      ctx.arc(end.x, end.y, 4, 0, 2 * Math.PI)
    }
    ctx.stroke()
  }
  const words = measured(from, to)
  ctx.font = '500 12px system-ui, sans-serif'
  const width = ctx.measureText(words).width + 12
  const [x, y] = [b.x + 10, b.y + 10]
  ctx.fillStyle = 'rgba(20, 19, 15, .85)'
  ctx.beginPath()
  ctx.roundRect(x, y, width, 20, 4)
  ctx.fill()
  ctx.fillStyle = '#fff'
  ctx.textBaseline = 'middle'
  ctx.fillText(words, x + 6, y + 10.5)
  ctx.textBaseline = 'alphabetic'
}

/** The cross by which a shape is placed without a pointer. */
export function paintCross({ ctx, camera }: Brush, cross: Point, size: Size): void {
  const { x, y } = toScreen(camera, cross)
  for (const [colour, width] of [['rgba(0, 0, 0, .5)', 3], ['#fff', 1]] as const) {
    ctx.strokeStyle = colour
    ctx.lineWidth = width
    ctx.beginPath()
    ctx.moveTo(0, y)
    ctx.lineTo(size.width, y)
    ctx.moveTo(x, 0)
    ctx.lineTo(x, size.height)
    ctx.stroke()
  }
}
