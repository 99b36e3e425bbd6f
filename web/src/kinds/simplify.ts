// Outlines with fewer corners, by Douglas and Peucker (Cartographica 10(2), 1973).

import { areaOf, isSimple, type Place, type Ring } from './rings'

/** How far a simplified outline may leave the one before, as a share of its size across, and at least in pixels. */
const SHARE = 1 / 400
const LEAST_PX = 0.5

/** What a shape of this extent allows, in pixels. */
export function toleranceOf(rings: readonly Ring[]): number {
  const all = rings.flat()
  const span = (axis: 0 | 1): number => all.reduce((most, p) => Math.max(most, p[axis]), -Infinity) - all.reduce((least, p) => Math.min(least, p[axis]), Infinity)
  return all.length === 0 ? LEAST_PX : Math.max(LEAST_PX, Math.hypot(span(0), span(1)) * SHARE)
}

/**
 * A closed ring whose corners are some of the ring's own, none of which lies further than `tolerance` pixels from it.
 * The ring itself where less would not be a sound outline.
 */
export function simplified(ring: Ring, tolerance: number): Ring {
  const [first] = ring
  if (first === undefined || ring.length < 4) return ring
  const far = farthest(ring, (p) => Math.hypot(p[0] - first[0], p[1] - first[1])).index
  const there = line(ring.slice(0, far + 1), tolerance)
  const back = line([...ring.slice(far), first], tolerance)
  const made = [...there.slice(0, -1), ...back.slice(0, -1)]
  return made.length >= 3 && made.length < ring.length && areaOf(made) > 0 && isSimple(made) ? made : ring
}

/** A line with the same ends, its corners some of its own. */
function line(points: Ring, tolerance: number): Ring {
  const [a, b] = [points[0], points.at(-1)]
  if (a === undefined || b === undefined || points.length < 3) return points
  const { index, away } = farthest(points, (p) => distance(p, a, b))
  if (away <= tolerance) return [a, b]
  return [...line(points.slice(0, index + 1), tolerance).slice(0, -1), ...line(points.slice(index), tolerance)]
}

function farthest(points: Ring, distanceOf: (point: Place) => number): { readonly index: number; readonly away: number } {
  let [index, away] = [0, -1]
  for (const [i, point] of points.entries()) {
    const far = distanceOf(point)
    if (far > away) [index, away] = [i, far]
  }
  return { index, away }
}

/** From a point to the stretch between two others, in pixels. */
function distance(p: Place, a: Place, b: Place): number {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]]
  const share = Math.min(1, Math.max(0, ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / (dx * dx + dy * dy || 1)))
  return Math.hypot(p[0] - a[0] - share * dx, p[1] - a[1] - share * dy)
}
