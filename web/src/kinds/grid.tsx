// A grid: a table on a page or a picture, its frame drawn by a drag, its lines put in at the pointer or where words leave gaps.

import type { Gesture, Point } from '../engine/gesture'
import type { Act, CanvasKind, Handle, Size } from '../engine/kind'
import { check, misshapen } from './grid-check'
import { cellAt, type Direction, type Frame, framed, type Grid, joinedOn, movedBy, movedLine, parted, plain, proposed, segments, widest, withLine, withoutLine } from './grids'
import { placed } from './rings'

/** A press that moved less than this, in pixels of the picture, is no table. */
const TINY_PX = 4

function* draw(start: Point, size: Size): Gesture<Grid> {
  let grid: Grid = spanning(start, start, size)
  for (;;) {
    const input = yield grid
    if (input.type === 'cancel') return null
    if (input.type === 'up' || input.type === 'finish') return isTiny(grid) ? null : grid
    if (input.type === 'move') grid = spanning(start, input.point, size)
  }
}

function spanning(a: Point, b: Point, size: Size): Frame {
  const [[ax, ay], [bx, by]] = [placed(a, size), placed(b, size)]
  return { left: Math.min(ax, bx), top: Math.min(ay, by), right: Math.max(ax, bx), bottom: Math.max(ay, by) }
}

const isTiny = ({ left, top, right, bottom }: Frame): boolean => right - left < TINY_PX || bottom - top < TINY_PX

function handles({ left, top, right, bottom, rows = [], columns = [] }: Grid): Handle[] {
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
    ...rows.map((at, i): Handle => ({ id: `rows ${i}`, point: { x: left, y: at }, cursor: 'ns-resize', from: { x: left, y: at }, to: { x: right, y: at } })),
    ...columns.map((at, i): Handle => ({ id: `columns ${i}`, point: { x: at, y: top }, cursor: 'ew-resize', from: { x: at, y: top }, to: { x: at, y: bottom } })),
  ]
}

/** The line that a handle is; null for a side or a corner of the frame. */
function lineOf(handle: string): { readonly direction: Direction; readonly index: number } | null {
  const [direction, index] = handle.split(' ')
  return direction === 'rows' || direction === 'columns' ? { direction, index: Number(index) } : null
}

function moveHandle(grid: Grid, handle: string, to: Point, size: Size): Grid {
  const line = lineOf(handle)
  if (line) return movedLine(grid, line.direction, line.index, line.direction === 'rows' ? to.y : to.x)
  const x = handle.includes('left') ? [to.x, grid.right] : handle.includes('right') ? [grid.left, to.x] : [grid.left, grid.right]
  const y = handle.includes('top') ? [to.y, grid.bottom] : handle.includes('bottom') ? [grid.top, to.y] : [grid.top, grid.bottom]
  const frame = spanning({ x: x[0] ?? 0, y: y[0] ?? 0 }, { x: x[1] ?? 0, y: y[1] ?? 0 }, size)
  return isTiny(frame) ? grid : framed(grid, frame)
}

function removeHandle(grid: Grid, handle: string): Grid | null {
  const line = lineOf(handle)
  return line && withoutLine(grid, line.direction, line.index)
}

/** A line at the pointer; where that is outside, in the middle of the widest row or column. */
function split(grid: Grid, direction: Direction, at: Point): Grid | null {
  return withLine(grid, direction, cellAt(grid, at) !== null ? (direction === 'rows' ? at.y : at.x) : widest(grid, direction))
}

const atCell = (grid: Grid, at: Point, run: (cell: NonNullable<ReturnType<typeof cellAt>>) => Grid | null): Grid | null => {
  const cell = cellAt(grid, at)
  return cell ? run(cell) : null
}

const ACTS: readonly Act<Grid>[] = [
  { id: 'row', title: 'Line between rows, at the pointer', key: 'Alt+R', icon: 'minus', run: (grid, _field, _handle, { at }) => split(grid, 'rows', at) },
  { id: 'column', title: 'Line between columns, at the pointer', key: 'Alt+Y', icon: 'columns', run: (grid, _field, _handle, { at }) => split(grid, 'columns', at) },
  { id: 'propose', title: 'Rows and columns from the words inside', key: 'Alt+W', icon: 'smart', run: (grid, _field, _handle, { words }) => proposed(grid, words()) },
  { id: 'right', title: 'Join the cell at the pointer with the next in its row', key: 'Alt+J', run: (grid, _field, _handle, { at }) => atCell(grid, at, (cell) => joinedOn(grid, cell, 'columns')) },
  { id: 'below', title: 'Join the cell at the pointer with the one below', key: 'Alt+Shift+J', run: (grid, _field, _handle, { at }) => atCell(grid, at, (cell) => joinedOn(grid, cell, 'rows')) },
  { id: 'part', title: 'Part the joined cell at the pointer', key: 'Alt+U', run: (grid, _field, _handle, { at }) => atCell(grid, at, (cell) => parted(grid, cell)) },
]

export const grid: CanvasKind<Grid> = {
  name: 'grid',
  version: 1,
  title: 'Table',
  surface: 'canvas',
  tool: { title: 'Table', key: 'Alt+T', icon: 'table' },
  check,
  isShape: (value) => misshapen(value) === null,
  draw,
  outline: (value) => {
    const { left, top, right, bottom } = value
    const lines = segments(value)
    return [{ type: 'rect', left, top, right, bottom }, ...(lines.length > 0 ? [{ type: 'lines' as const, lines }] : [])]
  },
  handles,
  moveHandle,
  removeHandle,
  moveBy: (value, by, size) => plain(movedBy(value, by, size)),
  acts: ACTS,
}
