import { expect, test } from 'vitest'
import { cellAt, framed, type Grid, joinedOn, movedLine, parted, proposed, segments, withLine, withoutLine } from './grids'

const TABLE: Grid = { left: 0, top: 0, right: 100, bottom: 60, rows: [20, 40], columns: [50], merged: [[0, 0, 1, 2]] }

test('a line parts the band that it lies in, and joined cells keep what they hold', () => {
  expect(withLine(TABLE, 'rows', 10)).toEqual({ ...TABLE, rows: [10, 20, 40], merged: [[0, 0, 2, 2]] })
  expect(withLine(TABLE, 'columns', 75.04)).toEqual({ ...TABLE, columns: [50, 75], merged: [[0, 0, 1, 3]] })
  expect(withLine({ ...TABLE, merged: [[1, 1, 2, 1]] }, 'rows', 5)?.merged).toEqual([[2, 1, 2, 1]])
  expect(withLine(TABLE, 'rows', 20.5)).toBeNull()
  expect(withLine(TABLE, 'rows', 90)).toBeNull()
})

test('taking the line out again gives the table as it was', () => {
  for (const [direction, at] of [['rows', 10], ['rows', 30], ['columns', 75]] as const) {
    const more = withLine(TABLE, direction, at)
    expect(more && withoutLine(more, direction, (more[direction] ?? []).indexOf(at))).toEqual(TABLE)
  }
})

test('a joined cell of which one is left is none', () => {
  expect(withoutLine(TABLE, 'columns', 0)).toEqual({ left: 0, top: 0, right: 100, bottom: 60, rows: [20, 40] })
  expect(withoutLine(TABLE, 'columns', 1)).toBeNull()
})

test('a line stays between its neighbours, and the lines go with the frame', () => {
  expect(movedLine(TABLE, 'rows', 0, 55).rows).toEqual([39, 40])
  expect(framed(TABLE, { left: 100, top: 0, right: 300, bottom: 120 })).toEqual({ left: 100, top: 0, right: 300, bottom: 120, rows: [40, 80], columns: [200], merged: [[0, 0, 1, 2]] })
  expect(framed({ ...TABLE, rows: [20, 20.1] }, { left: 0, top: 0, right: 10, bottom: 6 })).toEqual({ ...TABLE, rows: [20, 20.1] })
})

test('cells are joined to the right and below with all that reaches into them, and parted again', () => {
  expect(cellAt(TABLE, { x: 70, y: 5 })).toEqual([0, 0, 1, 2])
  expect(cellAt(TABLE, { x: 70, y: 30 })).toEqual([1, 1, 1, 1])
  expect(cellAt(TABLE, { x: 70, y: 60 })).toBeNull()
  expect(joinedOn(TABLE, [1, 1, 1, 1], 'rows')?.merged).toEqual([[0, 0, 1, 2], [1, 1, 2, 1]])
  expect(joinedOn({ ...TABLE, merged: [[1, 0, 1, 2]] }, [0, 1, 1, 1], 'rows')?.merged).toEqual([[0, 0, 2, 2]])
  expect(joinedOn(TABLE, [1, 1, 1, 1], 'columns')).toBeNull()
  expect(parted(TABLE, [0, 0, 1, 2])?.merged).toBeUndefined()
  expect(parted(TABLE, [1, 0, 1, 1])).toBeNull()
})

test('no line is drawn within a joined cell', () => {
  expect(segments(TABLE).map(([a, b]) => [a.x, a.y, b.x, b.y])).toEqual([[0, 20, 100, 20], [0, 40, 100, 40], [50, 20, 50, 60]])
})

test('rows and columns are proposed where words leave gaps; a space between words is none', () => {
  const word = (left: number, top: number, wide: number) => ({ left, top, right: left + wide, bottom: top + 10 })
  const words = [word(2, 2, 20), word(25, 2, 15), word(60, 2, 20), word(2, 22, 30), word(64, 22, 10), word(2, 46, 10), word(300, 2, 10)]

  expect(proposed(TABLE, words)).toEqual({ left: 0, top: 0, right: 100, bottom: 60, rows: [17, 39], columns: [50] })
  expect(proposed(TABLE, [])).toBeNull()
})
