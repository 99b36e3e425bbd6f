import { expect, test } from 'vitest'
import { folded } from './Diff'

const same = (n: number) => Array.from({ length: n }, (_, i) => ({ op: 'same', text: `line ${i}` }))

test('only lines around a change are shown, with how many are left out', () => {
  const pieces = folded([...same(10), { op: 'added', text: 'new' }, ...same(5)])

  expect(pieces.map((p) => p.op)).toEqual(['skip', 'same', 'same', 'added', 'same', 'same', 'skip'])
  expect(pieces[0]?.text).toContain('8')
  expect(pieces.at(-1)?.text).toContain('3')
})

test('nothing is left out of a short text', () => {
  expect(folded([{ op: 'removed', text: 'a' }, { op: 'added', text: 'b' }]).map((p) => p.text)).toEqual(['a', 'b'])
})
