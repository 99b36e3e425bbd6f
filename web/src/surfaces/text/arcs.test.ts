// Lines between spans keep out of the words: above them on one line, along the margin between lines.

import { expect, test } from 'vitest'
import { arcsOf } from './arcs'

const at = (x: number, top: number) => ({ x, top })

test('on one line, the arc runs above the words from the middle of one to the middle of the other', () => {
  const [arc] = arcsOf([{ from: at(100, 50), to: at(300, 50) }])

  expect(arc?.label).toEqual({ x: 200, y: 41 })
  expect(arc?.end.x).toBe(300)
})

test('arcs over one another have different heights, the shorter one the lower', () => {
  const [long, short] = arcsOf([{ from: at(0, 50), to: at(400, 50) }, { from: at(100, 50), to: at(200, 50) }])

  expect(short?.label.y).toBe(41)
  expect(long?.label.y).toBe(33)
})

test('between lines, the line goes by the margin left of all words', () => {
  const [arc] = arcsOf([{ from: at(200, 50), to: at(300, 160) }])

  expect(arc?.path).toContain('Q-12 41 -12 45V147')
  expect(arc?.end).toEqual({ x: 300, y: 159 })
})
