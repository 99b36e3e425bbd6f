// A box: an axis-aligned rectangle in pixels of the picture after EXIF orientation.

import type { Gesture, Point } from '../engine/gesture'
import type { CanvasKind, Handle, Size } from '../engine/kind'
import { isRecord, problem, shown } from '../engine/problem'
import type { Facts, Json, Problem } from '../engine/types'
import { isWithin, rangeOf } from './rings'

export type Box = { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number }

const SIDES = ['left', 'top', 'right', 'bottom'] as const
/** A press that moved less than this, in pixels of the picture, is not a box. */
const TINY_PX = 2

function check(value: Json, _field: unknown, facts: Facts): Problem[] {
  if (!isRecord(value)) return [problem('', value, 'a mapping', 'Give left, top, right and bottom.')]
  const shape = misshapen(value)
  if (shape.length > 0) return shape.slice(0, 1)
  const box = value as Box // every side is a number, just tested
  const outside = SIDES.flatMap((side) => outsideOf(side, box[side], side === 'left' || side === 'right' ? facts.width : facts.height))
  if (outside.length > 0) return outside
  return [
    ...(box.left < box.right ? [] : [problem('right', box.right, `more than left (${box.left})`, 'Give the box a width, or remove it.')]),
    ...(box.top < box.bottom ? [] : [problem('bottom', box.bottom, `more than top (${box.top})`, 'Give the box a height, or remove it.')]),
  ]
}

function misshapen(value: { readonly [key: string]: Json }): Problem[] {
  const wrong = SIDES.flatMap((side) => {
    const got = value[side]
    if (got === undefined) return [problem(side, null, 'a value', 'Give all four sides.')]
    return typeof got === 'number' ? [] : [problem(side, got, 'a number', 'Give the side in pixels.')]
  })
  const known: readonly string[] = SIDES
  const extra = Object.keys(value).filter((key) => !known.includes(key))
  return [...wrong, ...extra.map((key) => problem(key, value[key], 'no such key', `Remove ${shown(key)}.`))]
}

function outsideOf(side: string, at: number, size: number | undefined): Problem[] {
  if (!Number.isFinite(at)) return [problem(side, at, 'a finite number', 'Give the side in pixels.')]
  if (isWithin(at, size)) return []
  return [problem(side, at, rangeOf(size), 'Keep the box inside the image; pixels count after EXIF orientation.')]
}

/** Press, drag, let go; any direction makes a box. Esc, or letting go where it began, makes none. */
function* draw(start: Point, size: Size): Gesture<Box> {
  let box = spanning(start, start, size)
  for (;;) {
    const input = yield box
    if (input.type === 'cancel') return null
    if (input.type === 'up' || input.type === 'finish') return isTiny(box) ? null : box
    if (input.type === 'move') box = spanning(start, input.point, size)
  }
}

function spanning(a: Point, b: Point, { width, height }: Size): Box {
  const [left, right] = [within(a.x, width), within(b.x, width)].sort((m, n) => m - n) as [number, number]
  const [top, bottom] = [within(a.y, height), within(b.y, height)].sort((m, n) => m - n) as [number, number]
  return { left, top, right, bottom }
}

function isTiny(box: Box): boolean {
  return box.right - box.left < TINY_PX || box.bottom - box.top < TINY_PX
}

/** Inside the picture, to a tenth of a pixel: finer is noise of the pointer. */
function within(at: number, size: number): number {
  return Math.round(Math.min(Math.max(at, 0), size) * 10) / 10
}

function handles({ left, top, right, bottom }: Box): Handle[] {
  const [x, y] = [(left + right) / 2, (top + bottom) / 2]
  return [
    { id: 'top left', point: { x: left, y: top }, cursor: 'nwse-resize' },
    { id: 'top right', point: { x: right, y: top }, cursor: 'nesw-resize' },
    { id: 'bottom left', point: { x: left, y: bottom }, cursor: 'nesw-resize' },
    { id: 'bottom right', point: { x: right, y: bottom }, cursor: 'nwse-resize' },
    { id: 'top', point: { x, y: top }, cursor: 'ns-resize', from: { x: left, y: top }, to: { x: right, y: top } },
    { id: 'bottom', point: { x, y: bottom }, cursor: 'ns-resize', from: { x: left, y: bottom }, to: { x: right, y: bottom } },
    { id: 'left', point: { x: left, y }, cursor: 'ew-resize', from: { x: left, y: top }, to: { x: left, y: bottom } },
    { id: 'right', point: { x: right, y }, cursor: 'ew-resize', from: { x: right, y: top }, to: { x: right, y: bottom } },
  ]
}

/** Moves the sides that the handle names; crossing the other side turns the box over. */
function moveHandle(box: Box, handle: string, to: Point, size: Size): Box {
  const x = handle.includes('left') ? [to.x, box.right] : handle.includes('right') ? [box.left, to.x] : [box.left, box.right]
  const y = handle.includes('top') ? [to.y, box.bottom] : handle.includes('bottom') ? [box.top, to.y] : [box.top, box.bottom]
  const moved = spanning({ x: x[0] ?? 0, y: y[0] ?? 0 }, { x: x[1] ?? 0, y: y[1] ?? 0 }, size)
  return moved.left < moved.right && moved.top < moved.bottom ? moved : box
}

/** Moves the whole box, which keeps its size and stays in the picture. */
function moveBy(box: Box, by: Point, size: Size): Box {
  const x = Math.min(Math.max(by.x, -box.left), size.width - box.right)
  const y = Math.min(Math.max(by.y, -box.top), size.height - box.bottom)
  const at = (side: number, step: number) => Math.round((side + step) * 10) / 10
  return { left: at(box.left, x), top: at(box.top, y), right: at(box.right, x), bottom: at(box.bottom, y) }
}

function between(a: Box, b: Box, share: number): Box {
  const mix = (side: (typeof SIDES)[number]) => (1 - share) * a[side] + share * b[side]
  return { left: mix('left'), top: mix('top'), right: mix('right'), bottom: mix('bottom') }
}

export const box: CanvasKind<Box> = {
  name: 'box',
  version: 1,
  title: 'Box',
  surface: 'canvas',
  tool: { title: 'Box', key: 'B', icon: 'box' },
  check,
  isShape: (value) => isRecord(value) && misshapen(value).length === 0,
  draw,
  outline: (value) => [{ type: 'rect', ...value }],
  handles,
  moveHandle,
  moveBy,
  between,
}
