import { expect, test } from 'vitest'
import { Desk, draw, lefts, moveTo, SCHEMA } from './testing/desk'

const objects = SCHEMA.fields[0]!

test('what is drawn in the place of another keeps its id and its answers', async () => {
  const session = await new Desk().opened()
  const work = session.work!
  const id = draw(session, 1)
  work.setAttribute([id], 'occluded', 'yes')

  const drawn = work.draw(objects, 'bus', { left: 5, top: 1, right: 9, bottom: 9 }, id)

  expect([drawn, work.store.size]).toEqual([id, 1])
  expect(work.store.get(id)).toMatchObject({ label: 'car', attributes: { occluded: 'yes' }, value: { left: 5 } })
})

test('what is drawn in the place of one that is gone is a new one', async () => {
  const session = await new Desk().opened()
  const work = session.work!
  const id = draw(session, 1)
  work.remove([id])

  work.draw(objects, 'bus', { left: 5, top: 1, right: 9, bottom: 9 }, id)

  expect(lefts(work.store.list())).toEqual([5])
})

test('a change that changes nothing is no step, and nothing is sent', async () => {
  const desk = new Desk()
  const session = await desk.opened()
  const id = draw(session, 1)
  await desk.clock.pass(1_000)
  const sent = desk.server.calls.filter((call) => call.startsWith('patch')).length

  moveTo(session, id, 1)
  await desk.clock.pass(1_000)

  expect(desk.server.calls.filter((call) => call.startsWith('patch')).length).toBe(sent)
  session.work!.undo()
  expect(session.work!.store.size).toBe(0)
})

test('what was given is one’s own once it is changed or accepted, and keeps where it came from', async () => {
  const session = await new Desk().opened()
  const work = session.work!
  const from = { response: 'r0', annotation: 'a0' }
  for (const id of ['g1', 'g2']) work.store.apply([work.store.put({ id, field: objects.key, kind: 'box', version: 1, label: 'car', value: { left: 1, top: 1, right: 5, bottom: 5 }, from, extra: { given: true } })], 'mine')

  work.relabel(['g1'], objects, 'bus')
  expect(work.given().map((a) => a.id)).toEqual(['g2'])
  work.accept()

  expect(work.given()).toEqual([])
  expect(work.store.get('g2')).toMatchObject({ from, extra: {} })
  work.undo()
  expect(work.given().map((a) => a.id)).toEqual(['g2'])
})

test('an item begins with what was given, and all of it is sent with the first change', async () => {
  const desk = new Desk()
  const given = { id: 'g1', field: objects.key, kind: 'box', version: 1, label: 'car', value: { left: 7, top: 1, right: 9, bottom: 5 }, extra: { given: true } }
  desk.server.given = [given]
  const session = await desk.opened()
  expect(lefts(session.work!.store.list())).toEqual([7])

  draw(session, 1)
  await desk.clock.pass(1_000)

  expect(lefts([...desk.server.drafts.get(session.work!.task.item.id)!.annotations.values()]).toSorted()).toEqual([1, 7])
})
