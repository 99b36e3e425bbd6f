import { expect, test } from 'vitest'
import { numeric, tableOf, widths, written } from './tables'

const TABLE = { columns: ['name', 'price', 'share', 'note'], rows: [['Ada', 12.5, '3 %', null], ['Grace Hopper', -4, '17.25 %', 'seen']] } as const

test('columns whose every cell is a number are set as numbers, also where a file wrote them as text', () => {
  expect(numeric(TABLE)).toEqual([false, true, true, false])
})

test('columns are as wide as their longest cell, within limits', () => {
  expect(widths({ columns: ['a', 'name'], rows: [['x'.repeat(300), 'Grace Hopper']] })).toEqual([40, 12])
})

test('a text that is no table, or was cut, is none', () => {
  expect([tableOf('{"columns":["a"],"rows":[[1'), tableOf('null'), tableOf('{"columns":["a"],"rows":[[1]]}')]).toEqual([null, null, { columns: ['a'], rows: [[1]] }])
})

test('a cell without a value reads as nothing', () => {
  expect([written(null), written(undefined), written(false), written(0)]).toEqual(['', '', 'false', '0'])
})
