import { expect, test } from 'vitest'
import { type Pending, rebase } from './rebase'
import type { Annotation } from './types'

const box = (id: string, value: number): Annotation => ({ id, field: 'objects', kind: 'box', version: 1, label: 'car', value })
const answer = (value: string): Annotation => ({ id: 'weather', field: 'weather', kind: 'choice', version: 1, label: null, value })
const map = (...annotations: Annotation[]) => new Map(annotations.map((a) => [a.id, a]))
const mine = (before: Annotation | null, after: Annotation | null): Pending => new Map([[(before ?? after)?.id ?? '', { before, after }]])
const newId = () => 'copy'

test('what only the other side changed is taken', () => {
  const { remote, pending } = rebase(map(box('a', 1)), new Map(), map(box('a', 2), box('b', 1)), newId)

  expect(remote.map((c) => c.after)).toEqual([box('a', 2), box('b', 1)])
  expect(pending.size).toBe(0)
})

test('what only I changed is sent again', () => {
  const { pending, conflicts } = rebase(map(box('a', 1)), mine(box('a', 1), box('a', 5)), map(box('a', 1), box('b', 1)), newId)

  expect(pending.get('a')?.after).toEqual(box('a', 5))
  expect(conflicts).toEqual([])
})

test('where both changed a region, theirs keeps the id and mine stays as a copy', () => {
  const { remote, copies, pending, conflicts } = rebase(map(box('a', 1)), mine(box('a', 1), box('a', 5)), map(box('a', 2)), newId)

  expect(remote[0]?.after).toEqual(box('a', 2))
  expect(copies[0]?.after).toEqual(box('copy', 5))
  expect([...pending.keys()]).toEqual(['copy'])
  expect(conflicts[0]).toMatchObject({ id: 'a', copy: 'copy' })
})

test('where both changed a field of one answer, mine stays and theirs is at hand', () => {
  const { pending, conflicts } = rebase(map(answer('sun')), mine(answer('sun'), answer('rain')), map(answer('fog')), newId)

  expect(pending.get('weather')).toEqual({ before: answer('fog'), after: answer('rain') })
  expect(conflicts[0]).toMatchObject({ copy: null, theirs: answer('fog'), mine: answer('rain') })
})

test('a change wins over a deletion, whoever made it', () => {
  const iDeleted = rebase(map(box('a', 1)), mine(box('a', 1), null), map(box('a', 2)), newId)
  const theyDeleted = rebase(map(box('a', 1)), mine(box('a', 1), box('a', 5)), map(), newId)

  expect(iDeleted.remote[0]?.after).toEqual(box('a', 2))
  expect(theyDeleted.pending.get('a')?.after).toEqual(box('a', 5))
})

test('both made the same change: nothing is left to do', () => {
  const { pending, conflicts, copies } = rebase(map(box('a', 1)), mine(box('a', 1), box('a', 5)), map(box('a', 5)), newId)

  expect([pending.size, conflicts.length, copies.length]).toEqual([0, 0, 0])
})
