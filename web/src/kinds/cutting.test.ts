// Cutting shapes by a line, and making one of several.

import { describe, expect, test } from 'vitest'
import { at, move, play, up } from '../engine/gesture'
import { fieldOf } from '../engine/testing/field'
import type { Json } from '../engine/types'
import { type Mask, mask } from './mask'
import { type Polygon, polygon } from './polygon'
import { polyline } from './polyline'
import { areaOf, type Ring } from './rings'
import { decode, pixelsOf, sizeOf } from './runs'

const SIZE = { width: 100, height: 80 }
const SQUARE: Ring = [[10, 10], [50, 10], [50, 50], [10, 50]]
const areaIn = ({ outer, holes = [] }: Polygon): number => outer.reduce((sum, ring) => sum + areaOf(ring), 0) - holes.reduce((sum, ring) => sum + areaOf(ring), 0)
const cut = (value: Polygon, ...line: [number, number][]): readonly Polygon[] => polygon.slice?.parts(value, line, SIZE, fieldOf('polygon')) ?? []
const areas = (parts: readonly Polygon[]): number[] => parts.map((part) => Math.round(areaIn(part)))
const unite = async (...values: Polygon[]): Promise<Polygon | null> => (await polygon.unite?.(values, SIZE, fieldOf('polygon'))) ?? null

describe('a polygon is cut', () => {
  test('into what lies on either side of a line, the larger first, and nothing of it is lost', () => {
    const parts = cut({ outer: [SQUARE] }, [20, 0], [20, 60])

    expect(areas(parts)).toEqual([1200, 400])
    expect(areaIn(parts[0] ?? { outer: [] }) + areaIn(parts[1] ?? { outer: [] })).toBeCloseTo(1600, 6)
  })

  test('along all points of a line that bends', () => {
    expect(areas(cut({ outer: [SQUARE] }, [0, 20], [30, 20], [30, 60]))).toEqual([1000, 600])
  })

  test('by a line that only reaches its border, and not by one that ends inside', () => {
    expect(areas(cut({ outer: [SQUARE] }, [20, 10], [20, 50]))).toEqual([1200, 400])
    expect(cut({ outer: [SQUARE] }, [20, 0], [20, 30])).toEqual([])
    expect(cut({ outer: [SQUARE] }, [60, 0], [60, 60])).toEqual([])
  })

  test('through a corner', () => {
    expect(areas(cut({ outer: [SQUARE] }, [5, 5], [55, 55]))).toEqual([800, 800])
  })

  test('through a hole, whose halves become part of the border', () => {
    const parts = cut({ outer: [SQUARE], holes: [[[20, 20], [40, 20], [40, 40], [20, 40]]] }, [25, 0], [25, 60])

    expect(areas(parts)).toEqual([700, 500])
    expect(parts.map((part) => part.holes)).toEqual([undefined, undefined])
  })

  test('beside a hole, which stays where it is', () => {
    const parts = cut({ outer: [SQUARE], holes: [[[30, 20], [40, 20], [40, 40], [30, 40]]] }, [25, 0], [25, 60])

    expect(areas(parts)).toEqual([800, 600])
    expect(parts[0]?.holes).toHaveLength(1)
  })

  test('not by a line from a hole to the border alone', () => {
    expect(cut({ outer: [SQUARE], holes: [[[20, 20], [40, 20], [40, 40], [20, 40]]] }, [25, 0], [25, 30])).toEqual([])
  })

  test('across two arms: both tips are one shape in two parts', () => {
    const parts = cut({ outer: [[[10, 10], [60, 10], [60, 20], [20, 20], [20, 40], [60, 40], [60, 50], [10, 50]]] }, [45, 0], [45, 60])

    expect(parts.map((part) => part.outer.length)).toEqual([1, 2])
    expect(areas(parts)).toEqual([900, 300])
  })

  test('in one of its parts, and the other stays with the larger piece', () => {
    const parts = cut({ outer: [SQUARE, [[70, 10], [80, 10], [80, 20], [70, 20]]] }, [20, 0], [20, 60])

    expect(areas(parts)).toEqual([1300, 400])
  })

  test('not by a line that crosses itself inside', () => {
    expect(cut({ outer: [SQUARE] }, [0, 20], [40, 20], [40, 40], [30, 40], [30, 0])).toEqual([])
  })
})

describe('polygons are made one', () => {
  test('where they overlap', async () => {
    const one = await unite({ outer: [SQUARE] }, { outer: [[[40, 10], [80, 10], [80, 50], [40, 50]]] })

    expect(one && [one.outer.length, areaIn(one)]).toEqual([1, 2800])
  })

  test('along a border that they share', async () => {
    const one = await unite({ outer: [SQUARE] }, { outer: [[[50, 10], [80, 10], [80, 50], [50, 50]]] })

    expect(one?.outer).toEqual([expect.arrayContaining([[10, 10], [80, 10], [80, 50], [10, 50]])])
    expect(one?.outer[0]).toHaveLength(4)
  })

  test('in two parts where they lie apart, and holes stay where nothing fills them', async () => {
    const holed: Polygon = { outer: [SQUARE], holes: [[[20, 20], [40, 20], [40, 40], [20, 40]]] }
    const one = await unite(holed, { outer: [[[60, 10], [80, 10], [80, 20], [60, 20]]] })

    expect(one && [one.outer.length, one.holes?.length, areaIn(one)]).toEqual([2, 1, 1400])
  })

  test('and a cut is taken back by it', async () => {
    const one = await unite(...cut({ outer: [SQUARE] }, [7, 3], [33, 31], [61, 40]))

    expect(one && Math.round(areaIn(one))).toBe(1600)
  })
})

const LINE = { points: [[10, 10], [50, 10], [50, 50]] } as const
const lines = (parts: readonly Json[] | undefined): Json => (parts ?? []) as Json

describe('a line', () => {
  test('is cut where another crosses it, the longer piece first', () => {
    expect(lines(polyline.slice?.parts(LINE, [[20, 0], [20, 30]], SIZE, fieldOf('polyline')))).toEqual([{ points: [[20, 10], [50, 10], [50, 50]] }, { points: [[10, 10], [20, 10]] }])
    expect(lines(polyline.slice?.parts(LINE, [[20, 20], [20, 30]], SIZE, fieldOf('polyline')))).toEqual([])
  })

  test('is cut as often as it is crossed', () => {
    expect(polyline.slice?.parts(LINE, [[30, 0], [30, 30], [60, 30]], SIZE, fieldOf('polyline'))).toHaveLength(3)
  })

  test('goes on in the one whose end is nearest, turned round where it must be', () => {
    const others = [{ points: [[90, 60], [60, 52]] as const }, { points: [[0, 10], [8, 10]] as const }]

    expect(polyline.unite?.([LINE, ...others], SIZE, fieldOf('polyline'))).toEqual({ points: [[0, 10], [8, 10], [10, 10], [50, 10], [50, 50], [60, 52], [90, 60]] })
  })

  test('keeps its direction where that means something', () => {
    const other = { points: [[90, 60], [60, 52]] as const }

    expect(polyline.unite?.([LINE, other], SIZE, fieldOf('polyline', { directed: true }))).toEqual({ points: [[10, 10], [50, 10], [50, 50], [90, 60], [60, 52]] })
  })
})

const FIELD = fieldOf('mask')

function rectangle(left: number, top: number, right: number, bottom: number): Mask {
  const way = mask.paint?.ways.find((w) => w.id === 'rectangle')
  const made = way && play(way.draw(at(left, top), SIZE), [move(right, bottom), up(right, bottom)])
  if (!made) throw new Error('no rectangle')
  return made
}

const halves = (value: Mask, ...line: [number, number][]): readonly Mask[] => mask.slice?.parts(value, line, SIZE, FIELD) ?? []
const boxes = (all: readonly Mask[]): unknown => all.map(({ box }) => box)

describe('a mask', () => {
  test('is cut between the pixels whose middles a line passes, the larger part first', () => {
    expect(boxes(halves(rectangle(10, 10, 30, 20), [16, 5], [16, 25]))).toEqual([[16, 10, 14, 10], [10, 10, 6, 10]])
  })

  test('is cut by a line that bends, and every pixel goes to one of the two', () => {
    const parts = halves(rectangle(10, 10, 30, 20), [5, 12], [20, 15], [27.3, 30])
    const count = (value: Mask): number => sizeOf(pixelsOf(value.box, decode(value.counts) ?? []))

    expect(parts.map(count).reduce((sum, n) => sum + n, 0)).toBe(200)
    expect(parts).toHaveLength(2)
  })

  test('is not cut by a line that ends in it, or passes beside it', () => {
    expect(halves(rectangle(10, 10, 30, 20), [16, 5], [16, 15])).toEqual([])
    expect(halves(rectangle(10, 10, 30, 20), [40, 5], [40, 25])).toEqual([])
  })

  test('keeps what the line does not touch with the larger part', () => {
    const two = mask.unite?.([rectangle(10, 10, 30, 20), rectangle(50, 50, 52, 52)], SIZE, FIELD) as Mask

    expect(boxes(halves(two, [16, 5], [16, 25]))).toEqual([[16, 10, 36, 42], [10, 10, 6, 10]])
  })

  test('is what any of several cover', () => {
    expect((mask.unite?.([rectangle(10, 10, 20, 20), rectangle(15, 10, 30, 20)], SIZE, FIELD) as Mask).box).toEqual([10, 10, 20, 10])
  })

  test('is not cut where each label has one', () => {
    expect([mask.slice?.isOpen?.(FIELD), mask.slice?.isOpen?.(fieldOf('mask', { instances: false }))]).toEqual([true, false])
  })
})
