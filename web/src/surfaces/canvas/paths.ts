// Outlines as paths in the picture's own pixels, with no more corners than the zoom can show; kept until the zoom doubles.

import type { Point } from '../../engine/gesture'
import type { Primitive } from '../../engine/kind'

type Lines = Extract<Primitive, { type: 'path' | 'area' | 'region' | 'lines' }>

const kept = new WeakMap<Lines, { readonly level: number; readonly path: Path2D }>()

/**
 * The path of an outline at a scale. Corners nearer to the last one than `finest`, in pixels of the screen, are left out:
 * outlines of thousands of points cost what is seen of them.
 */
export function pathOf(outline: Lines, scale: number, finest: number): Path2D {
  // Whole octaves: a path serves all zooms until twice as much can be seen.
  const level = Math.round(Math.log2(scale / finest))
  const known = kept.get(outline)
  if (known?.level === level) return known.path
  const path = new Path2D()
  const isClosed = outline.type === 'area' || outline.type === 'region' || (outline.type === 'path' && outline.closed)
  for (const points of rowsOf(outline)) if (outline.type !== 'lines' || isSeen(points, 2 ** -level)) trace(path, points, isClosed, 2 ** -level)
  kept.set(outline, { level, path })
  return path
}

function rowsOf(outline: Lines): readonly (readonly Point[])[] {
  if (outline.type === 'path') return [outline.points]
  return outline.type === 'lines' ? outline.lines : outline.rings
}

/** A line of its own that is no longer than a dot is left out; others stand near it. */
function isSeen([a, b]: readonly Point[], least: number): boolean {
  return a !== undefined && b !== undefined && Math.abs(a.x - b.x) + Math.abs(a.y - b.y) >= least
}

function trace(path: Path2D, points: readonly Point[], closed: boolean, least: number): void {
  const end = points.length - 1
  let [lastX, lastY] = [0, 0]
  for (let i = 0; i <= end; i += 1) {
    const { x, y } = points[i] ?? { x: 0, y: 0 }
    if (i > 0 && i < end && Math.abs(x - lastX) + Math.abs(y - lastY) < least) continue
    if (i === 0) path.moveTo(x, y)
    else path.lineTo(x, y)
    lastX = x
    lastY = y
  }
  if (closed) path.closePath()
}
