// Drawing and changing polygons, without a screen.

import { describe, expect, test } from 'vitest'
import { at, back, cancel, down, finish, type GestureInput, move, play, Running } from '../engine/gesture'
import { fieldOf } from '../engine/testing/field'
import { polygon } from './polygon'
import { areaOf, isSimple, type Ring } from './rings'

const SIZE = { width: 100, height: 80 }
const FIELD = fieldOf('polygon')
const drawn = (...inputs: GestureInput[]) => play(polygon.draw(at(10, 10), SIZE, FIELD), inputs)
const SQUARE: Ring = [[10, 10], [50, 10], [50, 50], [10, 50]]

describe('drawing', () => {
  test('a click sets a corner; a click on the first closes', () => {
    expect(drawn(down(50, 10), down(50, 50), down(11, 11))).toEqual({ outer: [[[10, 10], [50, 10], [50, 50]]] })
  })

  test('Enter closes, and does nothing before there are three corners', () => {
    expect(drawn(down(50, 10), finish, down(50, 50), finish)).toEqual({ outer: [[[10, 10], [50, 10], [50, 50]]] })
  })

  test('a double click closes with the corner it set', () => {
    expect(drawn(down(50, 10), down(50, 50), down(50, 50))).toEqual({ outer: [[[10, 10], [50, 10], [50, 50]]] })
  })

  test('Backspace takes the last corner back, and the first ends it', () => {
    expect(drawn(down(50, 10), down(90, 70), back, down(50, 50), finish)).toEqual({ outer: [[[10, 10], [50, 10], [50, 50]]] })
    const gesture = new Running(polygon.draw(at(10, 10), SIZE, FIELD))
    gesture.send(back)
    expect([gesture.done, gesture.result]).toEqual([true, null])
  })

  test('Esc makes none', () => {
    expect(drawn(down(50, 10), down(50, 50), cancel)).toBeNull()
  })

  test('corners stay in the picture, to a tenth of a pixel', () => {
    expect(drawn(down(500, 10.123), down(50, 500), finish)).toEqual({ outer: [[[10, 10], [100, 10.1], [50, 80]]] })
  })

  test('with Shift the next line goes in one of eight directions', () => {
    expect(drawn({ type: 'down', point: at(52, 13), shift: true }, down(50, 50), finish)).toEqual({ outer: [[[10, 10], [52, 10], [50, 50]]] })
  })

  test('what reaches how far depends on the zoom', () => {
    const near = { type: 'down', point: at(11, 11), reach: 0.5 } as const
    expect(drawn(down(50, 10), down(50, 50), near, finish)).toEqual({ outer: [[[10, 10], [50, 10], [50, 50], [11, 11]]] })
  })

  test('the line follows the pointer, and closes where it meets the first corner', () => {
    const gesture = new Running(polygon.draw(at(10, 10), SIZE, FIELD))
    for (const input of [down(50, 10), down(50, 50), move(30, 60)]) gesture.send(input)
    const open = gesture.preview && polygon.sketch?.(gesture.preview, FIELD)[0]
    gesture.send(move(11, 11))
    const closed = gesture.preview && polygon.sketch?.(gesture.preview, FIELD)[0]

    expect(open).toMatchObject({ closed: false, points: [at(10, 10), at(50, 10), at(50, 50), at(30, 60)] })
    expect(closed).toMatchObject({ closed: true })
  })
})

describe('changing', () => {
  const whole = { outer: [SQUARE], holes: [[[20, 20], [30, 20], [30, 30]]] as Ring[] }

  test('a corner moves, of the outline as of a hole', () => {
    expect(polygon.moveHandle(whole, 'v0.2', at(60, 60), SIZE).outer[0]?.[2]).toEqual([60, 60])
    expect(polygon.moveHandle(whole, 'v1.0', at(15, 15), SIZE).holes?.[0]?.[0]).toEqual([15, 15])
  })

  test('an edge that is dragged makes a corner, also between the last and the first', () => {
    expect(polygon.moveHandle(whole, 'e0.0', at(30, 5), SIZE).outer[0]).toEqual([[10, 10], [30, 5], [50, 10], [50, 50], [10, 50]])
    expect(polygon.moveHandle(whole, 'e0.3', at(5, 30), SIZE).outer[0]?.at(-1)).toEqual([5, 30])
  })

  test('a corner goes; a hole of three corners goes as a whole; the last outline stays', () => {
    expect(polygon.removeHandle?.(whole, 'v0.1')?.outer[0]).toHaveLength(3)
    expect(polygon.removeHandle?.(whole, 'v1.0')).toEqual({ outer: [SQUARE] })
    expect(polygon.removeHandle?.({ outer: [SQUARE.slice(0, 3)] }, 'v0.0')).toBeNull()
  })

  test('a polygon keeps its shape at the edge of the picture', () => {
    expect(polygon.moveBy(whole, at(-40, 100), SIZE)).toEqual({ outer: [[[0, 40], [40, 40], [40, 80], [0, 80]]], holes: [[[10, 50], [20, 50], [20, 60]]] })
  })

  test('a hole is cut where it lies inside, and nowhere else', () => {
    const cut = polygon.joins?.find((join) => join.id === 'hole')
    expect(cut?.join({ outer: [SQUARE] }, { outer: [[[20, 20], [30, 20], [30, 30]]] })).toEqual(whole)
    expect(cut?.join({ outer: [SQUARE] }, { outer: [[[40, 40], [70, 40], [70, 70]]] })).toBeNull()
  })

  test('a part is added', () => {
    const add = polygon.joins?.find((join) => join.id === 'part')
    expect(add?.join(whole, { outer: [[[60, 60], [70, 60], [70, 70]]] })?.outer).toHaveLength(2)
  })
})

test('a ring that was moved onto itself is painted all the same, so that it can be mended', () => {
  const crossed = { outer: [[[0, 0], [10, 10], [10, 0], [0, 10]] as Ring] }

  expect(polygon.isShape(crossed)).toBe(true)
  expect(polygon.outline(crossed, FIELD)).toHaveLength(1)
})

test('rings of a thousand corners are looked through line by line', () => {
  const ring = Array.from({ length: 1_000 }, (_, i): [number, number] => [1000 + 900 * Math.cos(i / 159.15494), 1000 + 900 * Math.sin(i / 159.15494)])

  expect(isSimple(ring)).toBe(true)
  expect(isSimple(ring.toSpliced(500, 1, [1900, 1010]))).toBe(false)
  expect(areaOf(ring)).toBeCloseTo(Math.PI * 900 ** 2, -5)
})
