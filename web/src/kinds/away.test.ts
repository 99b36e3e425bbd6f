// Strokes on large masks: the same in a worker as here, one behind the other, and none lost when a worker breaks.

import { describe, expect, test } from 'vitest'
import type { Stroke } from '../engine/kind'
import { coarseRingsOf, coverOf } from './covers'
import { type Mask, pixels } from './masks'
import { Away, type Port } from './painted'
import { decode, pixelsOf, sizeOf } from './runs'
import type { Answered, Asked } from './stroke.worker'
import { stroked } from './stroking'

const SIZE = { width: 60, height: 40 }
const SQUARE: Stroke<Mask> = { drawn: { type: 'shape', value: { box: [2, 2, 6, 6], counts: '0T1' } }, erases: false, target: null, others: [], firm: [], size: SIZE }
const WAY: Stroke<Mask> = { ...SQUARE, drawn: { type: 'way', way: [{ x: 4, y: 20 }, { x: 50, y: 9 }], radius: 5 } }

/** A worker that answers when it is told to, with what the page would have found. */
class Slow implements Port {
  onmessage: Port['onmessage'] = null
  onerror: Port['onerror'] = null
  readonly asked: Asked[] = []

  postMessage(asked: Asked): void {
    this.asked.push(structuredClone(asked))
  }

  answer(): void {
    for (const { id, stroke } of this.asked.splice(0)) {
      const data: Answered = structuredClone({ id, outcome: stroked(stroke, ({ box, counts }) => pixelsOf(box, decode(counts) ?? [])) })
      this.onmessage?.({ data } as MessageEvent<Answered>)
    }
  }
}

describe('a stroke that is worked out elsewhere', () => {
  test('is what it would have been here, pixels and all', async () => {
    const slow = new Slow()
    const away = new Away(() => slow)
    const coming = [away.ask(WAY), away.ask(SQUARE)]
    slow.answer()

    expect(await Promise.all(coming)).toEqual([stroked(WAY, pixels), stroked(SQUARE, pixels)])
  })

  test('is worked out here where there are no workers, and where one breaks', async () => {
    const slow = new Slow()
    const away = new Away(() => slow)
    const coming = away.ask(WAY)
    slow.onerror?.({} as ErrorEvent)

    expect(await coming).toEqual(stroked(WAY, pixels))
    expect(new Away(() => null).ask(WAY)).toEqual(stroked(WAY, pixels))
  })
})

test('a stroke leaves their pixels to masks that are locked', () => {
  const firm: Mask = { box: [4, 2, 4, 6], counts: '0h0' }
  const left = stroked({ ...SQUARE, firm: [firm] }, pixels)?.target

  expect(left && left !== 'same' && left.mask).toEqual({ box: [2, 2, 2, 6], counts: '0<' })
})

test('seen from afar a mask covers what its pixels cover', () => {
  const found = stroked(WAY, pixels)?.target
  if (!found || found === 'same') throw new Error('nothing drawn')
  const { mask: { box }, pixels: all } = found
  const near = coverOf(all, box, 0)
  const far = coverOf(all, box, 2)

  expect(near.data.reduce((sum, one) => sum + one / 255, 0)).toBe(sizeOf(all))
  expect([far.width, far.height]).toEqual([Math.ceil(box[2] / 4), Math.ceil(box[3] / 4)])
  expect(Math.abs(far.data.reduce((sum, one) => sum + (one / 255) * 16, 0) - sizeOf(all))).toBeLessThan(far.data.length / 8)
  expect(coarseRingsOf(all, box).flat().every(({ x, y }) => x >= box[0] && x <= box[0] + box[2] && y >= box[1] && y <= box[1] + box[3])).toBe(true)
})
