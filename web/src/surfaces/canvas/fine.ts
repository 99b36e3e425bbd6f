// Lines that are as wide as a dot of the screen, gathered by colour, so that thousands of shapes are a few strokes.

import type { Primitive } from '../../engine/kind'
import type { Look } from './paint'
import type { Lines } from './paths'

export interface FineStroke {
  readonly colour: string
  readonly alpha: number
  readonly lines: Lines[]
}

export class FineLines {
  readonly strokes = new Map<string, FineStroke>()

  /** Whether it was taken. Dots are left out where lines are this fine; what is not made of lines is drawn by itself. */
  take(primitive: Primitive, { hue, inner = hue, alpha = 1 }: Look): boolean {
    if (primitive.type === 'dots') return true
    if (primitive.type === 'rect' || primitive.type === 'dot') return false
    const name = alpha === 1 ? inner : `${inner} ${alpha}`
    const stroke = this.strokes.get(name)
    if (stroke) stroke.lines.push(primitive)
    else this.strokes.set(name, { colour: inner, alpha, lines: [primitive] })
    return true
  }
}
