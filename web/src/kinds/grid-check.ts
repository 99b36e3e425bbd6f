// What is wrong with a table: agrees with the server, see `spec/kinds/grid.json`.

import { isList, isRecord, problem, shown } from '../engine/problem'
import type { Facts, Json, Problem } from '../engine/types'
import { edges, type Grid } from './grids'
import { outsideAt } from './rings'

const SIDES = ['left', 'top', 'right', 'bottom'] as const
const LISTS = ['rows', 'columns', 'merged']
const LEAST_PX = 0.01
const MOST_LINES = 500

export function check(value: Json, _field: unknown, facts: Facts): Problem[] {
  const shape = misshapen(value)
  if (shape !== null) return [shape]
  const grid = value as Grid // its shape was just tested
  const outside = SIDES.flatMap((side) => outsideAt(grid[side], side, side === 'left' || side === 'right' ? facts.width : facts.height) ?? [])
  if (outside.length > 0) return outside
  const found = [...flat(grid, 'left', 'right'), ...flat(grid, 'top', 'bottom'), ...lines(grid, 'rows'), ...lines(grid, 'columns')]
  return found.length > 0 ? found : joined(grid)
}

/** The first thing by which a value is no table at all. */
export function misshapen(value: Json): Problem | null {
  if (!isRecord(value)) return problem('', value, 'a mapping', 'Give left, top, right and bottom.')
  for (const side of SIDES) {
    const got = value[side]
    if (got === undefined) return problem(side, null, 'a value', 'Give all four sides.')
    if (typeof got !== 'number') return problem(side, got, 'a number', 'Give the side in pixels.')
  }
  for (const name of ['rows', 'columns']) {
    const got = value[name] ?? []
    if (!isList(got)) return problem(name, got, 'a list', 'Give the lines in pixels.')
    const wrong = got.findIndex((at) => typeof at !== 'number')
    if (wrong >= 0) return problem(`${name}[${wrong}]`, got[wrong], 'a number', 'Give the line in pixels.')
  }
  const wrong = wrongCell(value['merged'] ?? [])
  if (wrong !== null) return wrong
  const extra = Object.keys(value).find((key) => ![...SIDES, ...LISTS].includes(key))
  return extra === undefined ? null : problem(extra, value[extra], 'no such key', `Remove ${shown(extra)}.`)
}

function wrongCell(merged: Json): Problem | null {
  const remedy = 'Give row, column, and how many of each.'
  if (!isList(merged)) return problem('merged', merged, 'a list', remedy)
  for (const [i, cell] of merged.entries()) {
    if (!isList(cell)) return problem(`merged[${i}]`, cell, 'a list', remedy)
    if (cell.length !== 4) return problem(`merged[${i}]`, cell, 'a list of length 4', remedy)
    const wrong = cell.findIndex((n) => !Number.isInteger(n))
    if (wrong >= 0) return problem(`merged[${i}][${wrong}]`, cell[wrong], 'a whole number', remedy)
  }
  return null
}

function flat(grid: Grid, low: 'left' | 'top', high: 'right' | 'bottom'): Problem[] {
  return grid[high] - grid[low] < LEAST_PX ? [problem(high, grid[high], `at least ${LEAST_PX} more than ${low}`, 'Give the table an area, or remove it.')] : []
}

function lines(grid: Grid, name: 'rows' | 'columns'): Problem[] {
  const own = grid[name] ?? []
  if (own.length > MOST_LINES) return [problem(name, `${own.length} lines`, `at most ${MOST_LINES} lines`, 'Make several tables of it.')]
  const all = edges(grid, name)
  const wrong = own.findIndex((at, i) => !(at > (all[i] ?? at) && at < (all.at(-1) ?? at)))
  return wrong < 0 ? [] : [problem(`${name}[${wrong}]`, own[wrong], 'a line in the frame, after the one before', 'Sort the lines, or remove this one.')]
}

function joined({ rows = [], columns = [], merged = [] }: Grid): Problem[] {
  const [high, wide] = [rows.length + 1, columns.length + 1]
  const taken = new Map<string, number>()
  return merged.flatMap((cell, i) => {
    const [row, column, down, across] = cell
    const isSound = row >= 0 && column >= 0 && down > 0 && across > 0 && down * across > 1 && row + down <= high && column + across <= wide
    if (!isSound) return [problem(`merged[${i}]`, cell, `two cells or more of ${high} rows and ${wide} columns`, 'Give row, column, and how many of each.')]
    const cells = Array.from({ length: down * across }, (_, n) => `${row + Math.floor(n / across)} ${column + (n % across)}`)
    const others = cells.map((one) => taken.get(one)).filter((one) => one !== undefined)
    for (const one of cells) if (!taken.has(one)) taken.set(one, i)
    return others.length > 0 ? [problem(`merged[${i}]`, cell, `no cell in common with merged[${Math.min(...others)}]`, 'Join the two, or remove one.')] : []
  })
}
