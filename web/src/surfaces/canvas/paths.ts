// Outlines as paths in the picture's own pixels, with no more corners than the zoom can show; kept until the zoom doubles.

import type { Point } from '../../engine/gesture'
import type { Primitive } from '../../engine/kind'

export type Lines = Extract<Primitive, { type: 'path' | 'area' | 'region' | 'lines' }>

/** Of thousands of shapes lines are left out that are shorter than this many times what others may be off: one or two dots. */
const SHORT = 2.5

const kept = new WeakMap<Lines, { readonly level: number; readonly path: Path2D }>()
const coarse: typeof kept = new WeakMap()

/**
 * The path of an outline at a scale. Corners nearer to the last one than `finest`, in pixels of the screen, are left out:
 * outlines of thousands of points cost what is seen of them.
 */
export function pathOf(outline: Lines, scale: number, finest: number): Path2D {
  // Whole octaves: a path serves all zooms until twice as much can be seen.
  const level = Math.round(Math.log2(scale / finest))
  return remembered(kept, outline, level, () => drawn(outline, 2 ** -level, (points) => spaced(points, 2 ** -level)))
}

/** The same with only the corners that it takes to stay within `off` pixels of the screen of all others: a tenth where they are many. */
export function coarsePathOf(outline: Lines, scale: number, off: number): Path2D {
  const level = Math.floor(Math.log2(scale / off))
  return remembered(coarse, outline, level, () => drawn(outline, SHORT * 2 ** -level, (points) => straightened(points, 2 ** -level)))
}

const joined = new WeakMap<Lines, { readonly level: number; readonly of: readonly Lines[]; readonly path: Path2D }>()

/** The coarse paths of many outlines as one; kept by its first outline, for as long as the same ones follow it. */
export function joinedPathOf(outlines: readonly Lines[], scale: number, off: number): Path2D {
  const [first] = outlines
  const level = Math.floor(Math.log2(scale / off))
  const known = first && joined.get(first)
  if (known?.level === level && known.of.length === outlines.length && known.of.every((one, i) => one === outlines[i])) return known.path
  const path = new Path2D()
  for (const outline of outlines) path.addPath(coarsePathOf(outline, scale, off))
  if (first) joined.set(first, { level, of: outlines, path })
  return path
}

function remembered(paths: typeof kept, outline: Lines, level: number, make: () => Path2D): Path2D {
  const known = paths.get(outline)
  if (known?.level === level) return known.path
  const path = make()
  paths.set(outline, { level, path })
  return path
}

function drawn(outline: Lines, least: number, thinned: (points: readonly Point[]) => readonly Point[]): Path2D {
  const path = new Path2D()
  const isClosed = outline.type === 'area' || outline.type === 'region' || (outline.type === 'path' && outline.closed)
  for (const points of rowsOf(outline)) if (outline.type !== 'lines' || isSeen(points, least)) trace(path, thinned(points), isClosed, outline.type === 'region')
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

function trace(path: Path2D, points: readonly Point[], closed: boolean, isRegion: boolean): void {
  for (const [i, { x, y }] of points.entries()) {
    if (i === 0) path.moveTo(x, y)
    else path.lineTo(x, y)
  }
  // In a path of thousands of rings each `closePath` takes the browser longer than the last.
  const [first] = points
  if (closed && first && isRegion) path.lineTo(first.x, first.y)
  else if (closed) path.closePath()
}

/** Points without those that are nearer to the last one than `least`. */
function spaced(points: readonly Point[], least: number): readonly Point[] {
  const end = points.length - 1
  let last = points[0]
  return points.filter((point, i) => {
    const stays = i === 0 || i === end || last === undefined || Math.abs(point.x - last.x) + Math.abs(point.y - last.y) >= least
    if (stays) last = point
    return stays
  })
}

/**
 * Points of a line without those that it passes within `off`. One pass (Williams 1978, "An efficient algorithm for the
 * piecewise linear approximation of planar curves"): from a corner on, each point narrows the cone of directions that
 * pass all points since, until one lies beside it or the line turns back.
 */
export function straightened(points: readonly Point[], off: number): readonly Point[] {
  const [first] = points
  if (first === undefined || points.length < 3) return points
  const left: Point[] = [first]
  let before = first
  let cone = new Cone(first, off)
  for (const point of points) {
    if (!cone.takes(point)) {
      left.push(before)
      cone = new Cone(before, off)
      cone.takes(point)
    }
    before = point
  }
  left.push(before)
  return left
}

class Cone {
  private turn = 0
  private low = 0
  private high = 0
  private farthest = 0

  constructor(
    private readonly from: Point,
    private readonly off: number,
  ) {}

  /** Whether a line from here to this point passes all points so far. */
  takes(point: Point): boolean {
    const [dx, dy] = [point.x - this.from.x, point.y - this.from.y]
    const far = Math.hypot(dx, dy)
    if (far + this.off < this.farthest) return false
    if (far <= this.off) return true
    const [angle, width] = [Math.atan2(dy, dx), Math.asin(this.off / far)]
    if (this.farthest === 0) {
      this.turn = angle
      this.low = -width
      this.high = width
    } else {
      const beside = within(angle - this.turn)
      if (beside < this.low || beside > this.high) return false
      this.low = Math.max(this.low, beside - width)
      this.high = Math.min(this.high, beside + width)
    }
    this.farthest = Math.max(this.farthest, far)
    return true
  }
}

/** An angle from -π to π. */
function within(angle: number): number {
  return angle > Math.PI ? angle - 2 * Math.PI : angle < -Math.PI ? angle + 2 * Math.PI : angle
}
