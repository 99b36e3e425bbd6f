// What one part says, of which an answer begins that is edited.
import { expect, test } from 'vitest'
import { partIn } from './talk'

test('a turn by its number, an answer by its key, a message of a tree by its key', () => {
  const turns = JSON.stringify([{ role: 'user', content: 'Sky?' }, { role: 'assistant', content: 'Blue.' }])
  const answers = JSON.stringify([{ key: 'a', turns: [{ role: 'assistant', content: 'Blue.' }] }])
  const tree = JSON.stringify([{ key: 'm1', role: 'user', content: 'Sky?' }, { key: 'm2', parent: 'm1', role: 'assistant', content: 'Blue.' }])
  expect([partIn('dialogue', turns, '1'), partIn('candidates', answers, 'a'), partIn('tree', tree, 'm2')]).toEqual(['Blue.', 'Blue.', 'Blue.'])
  expect([partIn('dialogue', turns, '2'), partIn('candidates', answers, 'b'), partIn('tree', tree, 'm3')]).toEqual([null, null, null])
})
