// A shape on a picture that is only looked at: what its kind paints, as SVG.

import type { SVGProps } from 'react'
import type { Point } from '../engine/gesture'
import type { Primitive } from '../engine/kind'
import type { Field } from '../engine/schema'
import type { Json } from '../engine/types'
import { KINDS } from '.'

/** What a kind paints for a value of a field; nothing for values that are not drawn on pictures. */
export function outlineOf(field: Field | undefined, kind: string, value: unknown): readonly Primitive[] {
  const ui = KINDS.get(kind)
  // The server stores values as JSON.
  return field !== undefined && ui?.surface === 'canvas' && ui.isShape(value as Json) ? ui.outline(value as Json, field) : []
}

export function Shape({ primitive, ...look }: { primitive: Primitive } & SVGProps<SVGPathElement> & SVGProps<SVGRectElement>) {
  const lines = { ...look, vectorEffect: 'non-scaling-stroke' }
  if (primitive.type === 'rect') {
    const { left, top, right, bottom } = primitive
    return <rect x={left} y={top} width={right - left} height={bottom - top} {...lines} />
  }
  // A line without length is a round of the stroke's width, at any size of the picture.
  if (primitive.type === 'dot') return <path d={`M${primitive.point.x} ${primitive.point.y}h0`} {...lines} strokeWidth={8} strokeLinecap="round" />
  if (primitive.type === 'dots') return <path d={primitive.points.map(({ x, y }) => `M${x} ${y}h0`).join('')} {...lines} strokeWidth={primitive.solid ? 4 : 2.5} strokeLinecap="round" strokeOpacity={primitive.light ? 0.6 : 1} strokeDasharray="none" />
  if (primitive.type === 'lines') return <path d={primitive.lines.map(([a, b]) => `M${a.x} ${a.y}L${b.x} ${b.y}`).join('')} {...lines} fill="none" />
  const closed = primitive.type !== 'path' || primitive.closed
  const rings = primitive.type === 'path' ? [primitive.points] : primitive.rings
  // A mask is known by its tint as much as by its outline.
  const tint = primitive.type === 'region' ? { fillOpacity: 3.5 * Number(look.fillOpacity ?? 0) } : {}
  return <path d={rings.map((points) => drawn(points, closed)).join('')} fillRule="evenodd" {...lines} {...(closed ? tint : { fill: 'none' })} />
}

function drawn(points: readonly Point[], closed: boolean): string {
  return `M${points.map(({ x, y }) => `${x} ${y}`).join('L')}${closed ? 'Z' : ''}`
}

/** The frame around what is painted: left, top, width, height; null where there is nothing. */
export function frameOf(primitives: readonly Primitive[]): [number, number, number, number] | null {
  const points = primitives.flatMap((one): readonly Point[] => {
    switch (one.type) {
      case 'rect':
      case 'region':
        return [{ x: one.left, y: one.top }, { x: one.right, y: one.bottom }]
      case 'path':
      case 'dots':
        return one.points
      case 'area':
        return one.rings.flat()
      case 'dot':
        return [one.point]
      case 'lines':
        return one.lines.flat()
    }
  })
  if (points.length === 0) return null
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)]
  const least = (all: readonly number[]): number => all.reduce((a, b) => Math.min(a, b), Infinity)
  const most = (all: readonly number[]): number => all.reduce((a, b) => Math.max(a, b), -Infinity)
  return [least(xs), least(ys), most(xs) - least(xs), most(ys) - least(ys)]
}
