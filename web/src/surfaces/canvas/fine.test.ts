import { expect, test, vi } from 'vitest'
import type { Primitive } from '../../engine/kind'
import { FineLines } from './fine'
import { joinedPathOf, type Lines } from './paths'

/** Counts the corners that a path has, with those of paths that were added to it. */
class Path {
  corners = 0
  moveTo(): void {
    this.corners += 1
  }
  lineTo(): void {
    this.corners += 1
  }
  closePath(): void {}
  addPath({ corners }: Path): void {
    this.corners += corners
  }
}
vi.stubGlobal('Path2D', Path)

const square = (left: number): Extract<Primitive, { type: 'path' }> => ({ type: 'path', closed: true, points: [[0, 0], [40, 0], [40, 40], [0, 40]].map(([x = 0, y = 0]) => ({ x: left + x, y })) })

test('lines are gathered by colour and strength, in their order; what is no line is left to be drawn by itself', () => {
  const fine = new FineLines()
  const [a, b, c] = [square(0), square(50), square(100)]

  expect([a, b, c].map((one, i) => fine.take(one, { hue: i === 1 ? '#111' : '#222', fill: 0 }))).toEqual([true, true, true])
  expect(fine.take(a, { hue: '#222', fill: 0, alpha: 0.25 })).toBe(true)
  expect(fine.take({ type: 'rect', left: 0, top: 0, right: 9, bottom: 9 }, { hue: '#222', fill: 0 })).toBe(false)

  expect([...fine.strokes.values()]).toEqual([
    { colour: '#222', alpha: 1, lines: [a, c] },
    { colour: '#111', alpha: 1, lines: [b] },
    { colour: '#222', alpha: 0.25, lines: [a] },
  ])
})

test('what is selected among many is gathered by the line within its own', () => {
  const fine = new FineLines()
  fine.take(square(0), { hue: '#222', fill: 0, inner: '#fff' })

  expect([...fine.strokes.values()].map(({ colour }) => colour)).toEqual(['#fff'])
})

test('many outlines are one path, made again only where one of them or the zoom changed', () => {
  const all: Lines[] = [square(0), square(50)]
  const path = joinedPathOf(all, 1, 0.5)

  expect(path).toHaveProperty('corners', 8)
  expect(joinedPathOf([...all], 1, 0.5)).toBe(path)
  expect(joinedPathOf([...all], 4, 0.5)).not.toBe(path)
  expect(joinedPathOf([all[0] as Lines], 1, 0.5)).toHaveProperty('corners', 4)
  expect(joinedPathOf([all[0] as Lines, square(50)], 1, 0.5)).not.toBe(path)
})
