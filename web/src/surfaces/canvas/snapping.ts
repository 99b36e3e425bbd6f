// Where a point is drawn to: the nearest corner of a shape nearby, else the nearest place on an edge.

import type { Point } from '../../engine/gesture'
import type { Annotation } from '../../engine/types'
import { edgesOf, nearestOnEdge, type Scene } from './scene'

/** The place within reach, in pixels of the picture; null where there is none. Shapes that are left out do not count. */
export function snapped(point: Point, scene: Scene, reach: number, isLeftOut: (annotation: Annotation) => boolean): Point | null {
  const around = { minX: point.x - reach, minY: point.y - reach, maxX: point.x + reach, maxY: point.y + reach }
  const shapes = scene.within(around).filter((a) => !isLeftOut(a))
  const edges = shapes.flatMap((a) => scene.outline(a).flatMap(edgesOf))
  return nearest(point, edges.flat(), reach) ?? nearest(point, edges.map(([a, b]) => nearestOnEdge(point, a, b)), reach)
}

function nearest(point: Point, places: readonly Point[], reach: number): Point | null {
  let [best, least]: [Point | null, number] = [null, reach]
  for (const place of places) {
    const away = Math.hypot(place.x - point.x, place.y - point.y)
    if (away <= least) [best, least] = [place, away]
  }
  return best
}
