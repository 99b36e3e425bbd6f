// Masks: runs as COCO's tools write them, strokes as the pixels that they cover, outlines that hold exactly these.

import { describe, expect, test } from 'vitest'
import { at, down, finish, move, play, up } from '../engine/gesture'
import type { Point } from '../engine/gesture'
import type { Drawn } from '../engine/kind'
import { fieldOf } from '../engine/testing/field'
import { type Mask, mask } from './mask'
import { boxOf, decode, encode, has, pixelsOf, runsOf } from './runs'
import { alongWay, inRing } from './strokes'

const SIZE = { width: 40, height: 30 }
const FIELD = fieldOf('mask')
const { paint } = mask
if (!paint) throw new Error('masks are painted')

/** As pycocotools 2.0.11 writes them: `frPyObjects` of uncompressed counts. */
const PYCOCOTOOLS: readonly (readonly [readonly number[], string])[] = [
  [[0, 1], '01'],
  [[15, 1, 16, 17, 31, 32, 33], '?1`0`0??2'],
  [[1000, 2000, 1, 3, 100000, 70000, 5], 'Xo0`n11cQNodQ3][T2U[nL'],
]

/** The picture as text, a row a line. */
function drawn(holds: (x: number, y: number) => boolean, width: number, height: number): string[] {
  return Array.from({ length: height }, (_, y) => Array.from({ length: width }, (_, x) => (holds(x, y) ? '#' : '.')).join(''))
}

const rectangle = (left: number, top: number, right: number, bottom: number): Mask => {
  const way = paint.ways.find((w) => w.id === 'rectangle')
  const made = way && play(way.draw(at(left, top), SIZE), [move(right, bottom), up(right, bottom)])
  if (!made) throw new Error('no rectangle')
  return made
}

const drawnOf = (value: Mask): Drawn<Mask> => ({ type: 'shape', value })

function paintedOn(target: Mask | null, drawn: Drawn<Mask>, erases: boolean): Mask | null {
  const found = paint?.paint({ drawn, erases, target, others: [], firm: [], size: SIZE })
  if (!found || found instanceof Promise) throw new Error('nothing is painted at once')
  return found.target
}

function add(target: Mask, more: Mask): Mask {
  const all = paintedOn(target, drawnOf(more), false)
  if (all === null) throw new Error('nothing is left')
  return all
}

const erase = (target: Mask, less: Mask): Mask | null => paintedOn(target, drawnOf(less), true)

const holds = (value: Mask | null) => (x: number, y: number): boolean => {
  const found = value === null ? undefined : mask.outline(value, FIELD)[0]
  return found?.type === 'region' && found.holds({ x: x + 0.5, y: y + 0.5 })
}

describe('runs', () => {
  test.each(PYCOCOTOOLS)('%j are coded as COCO’s tools code them', (runs, counts) => {
    expect(encode(runs)).toBe(counts)
    expect(decode(counts)).toEqual(runs)
  })

  test.each(['', ' ', '0T', '0O', 'oooooooo0', 'é'])('%j is no string of runs', (counts) => {
    expect(decode(counts)).toBeNull()
  })

  test('pixels come back from their runs, column by column', () => {
    const runs = [3, 2, 1, 4, 2]
    const pixels = pixelsOf([5, 7, 3, 4], runs)

    expect(drawn((x, y) => has(pixels, x + 5, y + 7), 3, 4)).toEqual(['.##', '..#', '.#.', '##.'])
    expect(boxOf(pixels)).toEqual([5, 7, 3, 4])
    expect(runsOf(pixels, [5, 7, 3, 4])).toEqual(runs)
  })
})

describe('strokes', () => {
  test('a brush covers the pixels whose middle it passes', () => {
    const pixels = alongWay([at(3.5, 3.5), at(6.5, 3.5)], 1.5, SIZE)

    expect(drawn((x, y) => has(pixels, x, y), 10, 7)).toEqual(['..........', '..........', '..######..', '..######..', '..######..', '..........', '..........'])
  })

  test('what a brush covers is what lies within its radius of the way', () => {
    const way = [at(5.2, 4.1), at(20.7, 17.9), at(21, 18), at(33.3, 2.4)]
    const pixels = alongWay(way, 4.3, SIZE)

    expect(drawn((x, y) => has(pixels, x, y), 40, 30)).toEqual(drawn((x, y) => way.some((b, i) => near({ x: x + 0.5, y: y + 0.5 }, way[i - 1] ?? b, b) <= 4.3), 40, 30))
  })

  test('the smallest brush covers a pixel wherever it is pressed, and none outside of the picture', () => {
    expect(alongWay([at(4, 4)], 0.5, SIZE).length).toBeGreaterThan(0)
    expect(alongWay([at(-9, 4)], 3, SIZE)).toEqual([])
    expect(boxOf(alongWay([at(-1, -1)], 3, SIZE))).toEqual([0, 0, 2, 2])
  })

  test('a ring holds the pixels whose middle lies in it', () => {
    const pixels = inRing([at(1, 1), at(6, 1), at(6, 4), at(3.6, 1.2), at(1, 4)], SIZE)

    expect(drawn((x, y) => has(pixels, x, y), 8, 5)).toEqual(drawn((x, y) => inside({ x: x + 0.5, y: y + 0.5 }), 8, 5))
  })
})

describe('painting', () => {
  const square = rectangle(2, 2, 8, 8)

  test('a rectangle holds its pixels', () => {
    expect(square).toEqual({ box: [2, 2, 6, 6], counts: '0T1' })
    expect(mask.check(square, FIELD, SIZE)).toEqual([])
  })

  test('an outline is drawn click by click', () => {
    const triangle = play(mask.draw(at(0, 0), SIZE, FIELD), [up(0, 0), down(10, 0), down(0, 10), finish])

    expect(triangle?.box).toEqual([0, 0, 9, 9])
    expect(mask.check(triangle, FIELD, SIZE)).toEqual([])
  })

  test('strokes are added, and taken away again', () => {
    const more = rectangle(6, 4, 12, 6)
    const all = add(square, more)

    expect(drawn(holds(all), 13, 9).slice(3, 6)).toEqual(['..######.....', '..##########.', '..##########.'])
    expect(erase(all, rectangle(8, 0, 20, 20))).toEqual(square)
    expect(erase(square, rectangle(0, 0, 20, 20))).toBeNull()
    expect(erase(square, rectangle(8, 0, 20, 20))).toBe(square)
  })

  test('an erased middle is a hole, in the outline too', () => {
    const ring = erase(square, rectangle(4, 4, 6, 6))
    const [region] = ring ? mask.outline(ring, FIELD) : []

    expect(drawn(holds(ring), 10, 10)[4]).toBe('..##..##..')
    expect(region?.type === 'region' && region.rings.map((r) => r.length)).toEqual([4, 4])
  })

  test('rings hold exactly the pixels, however these touch', () => {
    const pixels = Array.from({ length: 900 }, (_, i) => ((i * 7919) % 13) % 3 === 0)
    const value = paintedOn(null, { type: 'runs', size: { width: 30, height: 30 }, from: at(3, 0), runs: toRuns(pixels) }, false)
    const [region] = value ? mask.outline(value, FIELD) : []
    const rings = region?.type === 'region' ? region.rings : []

    expect(drawn((x, y) => odd({ x: x + 0.5, y: y + 0.5 }, rings), 33, 30)).toEqual(drawn(holds(value), 33, 30))
    expect(rings.length).toBeGreaterThan(5)
  })

  test('a mask moves by whole pixels and stays in the picture', () => {
    expect(mask.moveBy(square, at(3.4, -9), SIZE)).toEqual({ box: [5, 0, 6, 6], counts: square.counts })
    expect(mask.moveBy(square, at(900, 900), SIZE).box).toEqual([34, 24, 6, 6])
  })
})

function near(p: Point, a: Point, b: Point): number {
  const length = (b.x - a.x) ** 2 + (b.y - a.y) ** 2
  const share = length === 0 ? 0 : Math.min(1, Math.max(0, ((p.x - a.x) * (b.x - a.x) + (p.y - a.y) * (b.y - a.y)) / length))
  return Math.hypot(p.x - a.x - share * (b.x - a.x), p.y - a.y - share * (b.y - a.y))
}

function odd(p: Point, rings: readonly (readonly Point[])[]): boolean {
  const edges = rings.flatMap((ring) => ring.map((a, i) => [a, ring[(i + 1) % ring.length] ?? a] as const))
  return edges.filter(([a, b]) => a.y > p.y !== b.y > p.y && p.x < ((b.x - a.x) * (p.y - a.y)) / (b.y - a.y) + a.x).length % 2 === 1
}

function inside(p: Point): boolean {
  return odd(p, [[at(1, 1), at(6, 1), at(6, 4), at(3.6, 1.2), at(1, 4)]])
}

function toRuns(pixels: readonly boolean[]): number[] {
  const runs = [0]
  pixels.forEach((is, i) => {
    if (is !== (i > 0 && pixels[i - 1])) runs.push(0)
    runs[runs.length - 1] = (runs.at(-1) ?? 0) + 1
  })
  return runs
}

/** How far a point lies from the line between two others. */
function off({ x, y }: Point, a: Point, b: Point): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y]
  const share = Math.min(1, Math.max(0, ((x - a.x) * dx + (y - a.y) * dy) / (dx * dx + dy * dy || 1)))
  return Math.hypot(x - a.x - share * dx, y - a.y - share * dy)
}

test('a long way of the brush covers the pixels whose middle lies near it, and no others', () => {
  const size = { width: 60, height: 40 }
  const way = Array.from({ length: 25 }, (_, i) => ({ x: 4 + 2 * i, y: 20 + 14 * Math.sin(i / 3) }))
  const near = (x: number, y: number): boolean => way.some((b, i) => off({ x: x + 0.5, y: y + 0.5 }, way[i - 1] ?? b, b) <= 3.2)

  const covered = alongWay(way, 3.2, size)

  const wrong = Array.from({ length: 60 * 40 }, (_, i) => [i % 60, Math.floor(i / 60)] as const).filter(([x, y]) => has(covered, x, y) !== near(x, y))
  expect(wrong).toEqual([])
})
