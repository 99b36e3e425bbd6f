import 'fake-indexeddb/auto'
import { expect, test } from 'vitest'
import type { JournalEdit, Parcel } from '../../engine/ports'
import { openJournal } from './journal'

let names = 0
const fresh = () => openJournal(`journal-${(names += 1)}`)
const edit = (n: number, item = 'a', client = 'tab'): JournalEdit => ({ client, n, person: 'me', project: 'p', item, response: 'r', annotation: `x${n}`, before: null, after: null, active_ms: 0 })
const parcel = (item: string): Parcel => ({
  id: `r-${item}/1`,
  client: 'tab',
  person: 'me',
  project: 'p',
  response: `r-${item}`,
  revision: 1,
  title: item,
  body: { item, item_revision: 1, schema: 1, state: 'submitted', covers: {}, annotations: [], active_ms: 0, client_at: '' },
  at: 1,
})

test('an edit is there when the page is opened again', async () => {
  const first = await openJournal('again')
  await first.keep([edit(1), edit(2)])

  expect((await (await openJournal('again')).edits('me')).map((e) => e.n)).toEqual([1, 2])
})

test('what the server acknowledged is forgotten, by tab and number', async () => {
  const journal = await fresh()
  await journal.keep([edit(1), edit(2), edit(1, 'a', 'other')])
  await journal.forget('tab', [1])

  expect((await journal.edits('me')).map((e) => [e.client, e.n])).toEqual([['other', 1], ['tab', 2]])
})

test('a parcel takes the place of the edits of its item, and of no other', async () => {
  const journal = await fresh()
  await journal.keep([edit(1, 'a'), edit(2, 'b')])
  await journal.post(parcel('a'))

  expect((await journal.edits('me')).map((e) => e.item)).toEqual(['b'])
  expect((await journal.parcels('me')).map((p) => p.id)).toEqual(['r-a/1'])
  await journal.delivered('r-a/1')
  expect(await journal.parcels('me')).toEqual([])
})

test('one person never sees the work of another on the same machine', async () => {
  const journal = await fresh()
  await journal.keep([edit(1)])

  expect(await journal.edits('somebody else')).toEqual([])
})
