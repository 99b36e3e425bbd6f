// Areas cut in two by a line, and several made one.

import type { Line } from '../engine/kind'
import { type Face, facesOf } from './faces'
import { areaOf, isSame, type Place, type Ring } from './rings'

/** An area as its outer rings and the holes in them. */
export interface Area {
  readonly outer: readonly Ring[]
  readonly holes: readonly Ring[]
}

/** Less is no hole that anyone left, but what two borders drawn by hand left between them; in square pixels. */
const LEAST_HOLE = 1

/**
 * What a line leaves of an area, the largest first: what lies to its left and what lies to its right, each in as many
 * parts as it has. Where a part lies on both sides, every part is one of its own. Parts that the line does not touch
 * stay with the largest. None where nothing is cut through.
 */
export function cutAlong({ outer, holes }: Area, line: Line): Area[] {
  const faces = facesOf(outer, holes, line)
  const touched = faces.filter((face) => face.isLeft || face.isRight)
  const areTwo = touched.every((face) => face.isLeft !== face.isRight)
  const parts = areTwo ? [touched.filter((face) => face.isLeft), touched.filter((face) => face.isRight)] : touched.map((face) => [face])
  if (parts.length < 2 || parts.some((part) => part.length === 0)) return []
  const [first = [], ...others] = parts.toSorted((a, b) => sizeOf(b) - sizeOf(a))
  const untouched = faces.filter((face) => !face.isLeft && !face.isRight)
  return [[...first, ...untouched], ...others].map((part) => ({ outer: part.map((face) => face.outer), holes: part.flatMap((face) => face.holes) }))
}

function sizeOf(faces: readonly Face[]): number {
  return faces.reduce((sum, face) => sum + areaOf(face.outer) - face.holes.reduce((all, hole) => all + areaOf(hole), 0), 0)
}

/** All that any of some areas covers, to a tenth of a pixel, without slits narrower than a hand draws. */
export async function united(areas: readonly Area[]): Promise<Area> {
  const { difference, union } = await import('polyclip-ts')
  const [first, ...others] = areas.map(({ outer, holes }) => {
    const whole = outer.map((ring) => [closed(ring)])
    return holes.length === 0 ? whole : difference(whole, ...holes.map((ring) => [closed(ring)]))
  })
  const all = first === undefined ? [] : union(first, ...others)
  return {
    outer: all.flatMap(([ring]) => (ring ? [opened(ring)] : [])),
    holes: all.flatMap(([, ...inner]) => inner.map(opened)).filter((hole) => areaOf(hole) >= LEAST_HOLE),
  }
}

function closed(ring: Ring): [number, number][] {
  return [...ring, ...ring.slice(0, 1)].map(([x, y]) => [x, y])
}

/** A ring without the repeat of its first point at the end, in tenths of a pixel. */
function opened(ring: readonly (readonly [number, number])[]): Place[] {
  const places = ring.map(([x, y]): Place => [Math.round(x * 10) / 10, Math.round(y * 10) / 10])
  return places.filter((p, i) => i === 0 || !isSame(p, places[i - 1] ?? p)).filter((p, i, all) => i === 0 || i < all.length - 1 || !isSame(p, all[0] ?? p))
}
