// Paints on large masks away from the page, which stays quick meanwhile.

import type { Stroke } from '../engine/kind'
import type { Mask } from './masks'
import { decode, pixelsOf } from './runs'
import { type After, type Outcome, stroked } from './stroking'

export interface Asked {
  readonly id: number
  readonly stroke: Stroke<Mask>
}

export interface Answered {
  readonly id: number
  readonly outcome: Outcome | null
}

self.onmessage = ({ data: { id, stroke } }: MessageEvent<Asked>): void => {
  const outcome = stroked(stroke, ({ box, counts }) => pixelsOf(box, decode(counts) ?? []))
  const buffers: Transferable[] = []
  const answered: Answered = { id, outcome: outcome && { target: packed(outcome.target, buffers), others: outcome.others.map((one) => packed(one, buffers)) } }
  self.postMessage(answered, { transfer: buffers })
}

/** With its pixels as one buffer, which is handed over instead of copied. */
function packed(after: After, buffers: Transferable[]): After {
  if (after === null || after === 'same') return after
  const pixels = Float64Array.from(after.pixels)
  buffers.push(pixels.buffer)
  return { mask: after.mask, pixels }
}
