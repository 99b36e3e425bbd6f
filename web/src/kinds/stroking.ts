// What a stroke makes of masks: plain functions, called on the page for small ones and in a worker for large ones.

import type { Drawn, Size, Stroke } from '../engine/kind'
import type { Mask } from './masks'
import { both, boxOf, encode, meet, type PixelBox, type Pixels, pixelsOf, runsOf, without } from './runs'
import { alongWay } from './strokes'

/** A mask with its pixels, which whoever draws it needs too. */
export interface Found {
  readonly mask: Mask
  readonly pixels: Pixels
}

/** A mask after a stroke: another one, the same as before, or null where nothing is left. */
export type After = Found | 'same' | null

export interface Outcome {
  readonly target: After
  readonly others: readonly After[]
}

/** Masks after a stroke; null where it covers nothing of the picture. `read` gives the pixels of a mask. */
export function stroked({ drawn, erases, target, others, firm, size }: Stroke<Mask>, read: (mask: Mask) => Pixels): Outcome | null {
  const found = firm.reduce((left, one) => without(left, read(one)), pixelsDrawn(drawn, size, read))
  const box = boxOf(found)
  if (box === null) return null
  if (erases) return { target: target && taken(target, found, box, read), others: others.map(() => 'same') }
  const own = target === null ? foundOf(found) : foundOf(both(read(target), found))
  return { target: own, others: others.map((other) => taken(other, found, box, read)) }
}

function pixelsDrawn(drawn: Drawn<Mask>, size: Size, read: (mask: Mask) => Pixels): Pixels {
  if (drawn.type === 'way') return alongWay(drawn.way, drawn.radius, size)
  return drawn.type === 'shape' ? read(drawn.value) : pixelsOf([drawn.from.x, drawn.from.y, drawn.size.width, drawn.size.height], drawn.runs)
}

function taken(mask: Mask, found: Pixels, box: PixelBox, read: (mask: Mask) => Pixels): After {
  return meet(mask.box, box) ? foundOf(without(read(mask), found)) : 'same'
}

function foundOf(pixels: Pixels): Found | null {
  const box = boxOf(pixels)
  return box && { mask: { box, counts: encode(runsOf(pixels, box)) }, pixels }
}
