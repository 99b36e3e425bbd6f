// The template of keypoints: its points, lines and pairs, and where the points lie in a picture of it.

import ready from '../../../src/karat/kinds/skeletons.json'
import type { Point } from '../engine/gesture'
import type { Field } from '../engine/schema'
import type { Json } from '../engine/types'

/** As a ready-made one is stored, and as a schema writes it. */
export interface Template {
  readonly points: readonly string[]
  readonly edges: readonly (readonly [string, string])[]
  readonly pairs: readonly (readonly [string, string])[]
  readonly places: Readonly<Record<string, readonly [number, number]>>
}

/** A template by the places of its points in the list. */
export interface Skeleton {
  readonly points: readonly string[]
  readonly edges: readonly (readonly [number, number])[]
  readonly pairs: readonly (readonly [number, number])[]
  /** The second points of the pairs: one side of the thing. */
  readonly second: ReadonlySet<number>
  /** In a unit square, x right, y down. */
  readonly places: readonly Point[]
}

export type Ready = Template & { readonly title: string; readonly source: string; readonly sigmas: Readonly<Record<string, number>> }

/** Shared with the server: see `karat.kinds.skeletons`. */
export const READY = ready as unknown as Readonly<Record<string, Ready>>

const known = new WeakMap<Field, Skeleton>()

export function skeletonOf(field: Field): Skeleton {
  const found = known.get(field) ?? skeletonFrom(templateFrom(field.options))
  known.set(field, found)
  return found
}

/** The template in a field's options, as far as they are sound. */
export function templateFrom(options: Readonly<Record<string, Json | undefined>>): Template {
  const names = list(options['points']).filter((name) => typeof name === 'string')
  const places = Object.entries(options['places'] ?? {}).flatMap(([name, place]) => {
    const [x, y] = list(place)
    return typeof x === 'number' && typeof y === 'number' ? [[name, [x, y]] as const] : []
  })
  return { points: names, edges: two(options['edges']), pairs: two(options['pairs']), places: Object.fromEntries(places) }
}

export function skeletonFrom(template: Template): Skeleton {
  const { points } = template
  const indexed = (rows: Template['edges']) => rows.map(([a, b]) => [points.indexOf(a), points.indexOf(b)] as const).filter(([a, b]) => a >= 0 && b >= 0)
  const pairs = indexed(template.pairs)
  const usual = readyFor(points)?.places ?? {}
  const places = points.map((name, i) => {
    const place = template.places[name] ?? usual[name]
    return place ? { x: place[0], y: place[1] } : onCircle(i, points.length)
  })
  return { points, edges: indexed(template.edges), pairs, second: new Set(pairs.map(([, b]) => b)), places }
}

/** The ready-made template that has exactly these points, in any order. */
export function readyFor(points: readonly string[]): Ready | null {
  const names = new Set(points)
  return Object.values(READY).find((one) => one.points.length === names.size && one.points.every((name) => names.has(name))) ?? null
}

/** Points that nobody has placed stand in a circle, the first on top. */
function onCircle(index: number, count: number): Point {
  const angle = (2 * Math.PI * index) / count - Math.PI / 2
  return { x: 0.5 + 0.42 * Math.cos(angle), y: 0.5 + 0.42 * Math.sin(angle) }
}

function list(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : []
}

function two(value: Json | undefined): (readonly [string, string])[] {
  return list(value).flatMap((pair) => {
    const [a, b] = list(pair)
    return typeof a === 'string' && typeof b === 'string' ? [[a, b] as const] : []
  })
}
