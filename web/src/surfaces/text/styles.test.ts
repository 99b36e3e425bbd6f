import { deepEqual, equal } from 'node:assert/strict'
import { test } from 'vitest'
import { CodePoints } from '../../engine/codepoints'
import type { StyleMark } from '../../engine/types'
import { blocksOf } from '../../ui/blocks'
import { Styles } from './styles'

const dressesOf = (text: string, marks: StyleMark[]) => {
  const styles = new Styles(marks, new CodePoints(text))
  return blocksOf(text).map((block) => styles.of(block))
}

test('styles that overlap are runs one after the other, each with all of its own', () => {
  const [line] = dressesOf('one two three', [[0, 7, 'strong', 0, null], [4, 13, 'link', 0, null]])

  deepEqual(line?.runs, [
    { start: 0, end: 4, className: 'st-strong' },
    { start: 4, end: 7, className: 'st-strong st-link' },
    { start: 7, end: 13, className: 'st-link' },
  ])
})

test('marks count code points and runs count what the browser counts', () => {
  const [, line] = dressesOf('😀😀\na😀b', [[4, 5, 'strong', 0, null]])

  deepEqual(line?.runs.map(({ start, end }) => [start, end]), [[0, 1], [1, 3], [3, 4]])
})

test('the first line of an item has its sign, and nested lists stand further in', () => {
  const lines = dressesOf('a\nmore\nb', [[0, 1, 'item', 1, 0], [2, 6, 'item', 1, null], [7, 8, 'item', 2, 12]])

  deepEqual(lines.map(({ sign, depth }) => [sign, depth]), [['•', 1], ['', 1], ['12.', 2]])
})

test('a mark over several lines is on each of them', () => {
  const lines = dressesOf('a\nb\nc', [[0, 3, 'pre', 0, null], [0, 1, 'strong', 0, null]])

  deepEqual(lines.map(({ className }) => className), ['st-pre', 'st-pre', ''])
})

test('a text without marks has one dress for every line, so that nothing is drawn anew', () => {
  const [first, second] = dressesOf('a\nb', [])

  equal(first, second)
})
