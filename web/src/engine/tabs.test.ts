import { describe, expect, test } from 'vitest'
import { Desk, drafted, draw, lefts, moveTo, weather } from './testing/desk'

describe('two tabs on one item', () => {
  test('see each other and lose nothing', async () => {
    const desk = new Desk()
    const [one, two] = [await desk.opened({ item: 'a' }), await desk.opened({ item: 'a' })]
    draw(one, 1)
    await desk.clock.pass(1_000)
    draw(two, 2)
    await desk.clock.pass(1_000)

    expect(lefts(one.work!.store.list())).toEqual([1, 2])
    expect(lefts(two.work!.store.list())).toEqual([1, 2])
    expect(lefts(drafted(desk, 'a'))).toEqual([1, 2])
  })

  test('that change the same annotation keep both values', async () => {
    const desk = new Desk()
    const one = await desk.opened({ item: 'a' })
    const id = draw(one, 1)
    await desk.clock.pass(1_000)
    const two = await desk.opened({ item: 'a' })
    moveTo(one, id, 11)
    moveTo(two, id, 22)
    await desk.clock.pass(3_000)

    expect(lefts(drafted(desk, 'a')).sort()).toEqual([11, 22])
    expect([one.save.kind, two.save.kind].sort()).toEqual(['saved', 'two_versions'])
  })

  test('the other one is told that the item was handed in', async () => {
    const desk = new Desk()
    const [one, two] = [await desk.opened({ item: 'a' }), await desk.opened({ item: 'a' })]
    one.submit()

    expect(two.takenElsewhere).toBe(true)
  })

  test('hear of each other when an answer comes behind the other tab’s news', async () => {
    const desk = new Desk()
    const [one, two] = [await desk.opened({ item: 'a' }), await desk.opened({ item: 'a' })]
    let answer = () => undefined as void
    desk.server.answering = () => new Promise((done) => (answer = done))
    draw(one, 1)
    await desk.clock.pass(700)
    desk.server.answering = async () => undefined
    draw(two, 2)
    await desk.clock.pass(1_000)
    answer()
    await desk.clock.pass(1_000)

    expect(lefts(drafted(desk, 'a'))).toEqual([1, 2])
    expect(lefts(one.work!.store.list()).sort()).toEqual([1, 2])
    expect(lefts(two.work!.store.list()).sort()).toEqual([1, 2])
  })

  test('hear of each other when one repeats what had arrived and the other wrote in between', async () => {
    const desk = new Desk()
    const [one, two] = [await desk.opened({ item: 'a' }), await desk.opened({ item: 'a' })]
    desk.server.loses = true
    draw(one, 1)
    await desk.clock.pass(700)
    await two.work!.sync!.flush()
    draw(two, 2)
    await two.work!.sync!.flush()
    await desk.clock.pass(5_000)

    expect(lefts(one.work!.store.list()).sort()).toEqual([1, 2])
    expect(lefts(two.work!.store.list()).sort()).toEqual([1, 2])
    expect([one.save.kind, two.save.kind]).toEqual(['saved', 'saved'])
  })

  test('that change one span after both were cut off keep both values, and both show them', async () => {
    const desk = new Desk()
    const one = await desk.opened({ item: 'a' })
    const id = draw(one, 1)
    await desk.clock.pass(1_000)
    const two = await desk.opened({ item: 'a' })
    desk.server.offline = true
    moveTo(one, id, 11)
    moveTo(two, id, 22)
    await desk.clock.pass(2_000)
    desk.server.offline = false
    for (const session of [one, two]) session.wake()
    await desk.clock.pass(20_000)

    expect(lefts(drafted(desk, 'a')).sort()).toEqual([11, 22])
    for (const session of [one, two]) expect(lefts(session.work!.store.list()).sort()).toEqual([11, 22])
  })

  test('leave each other’s unsent edits alone: the tab that lives sends its own', async () => {
    const desk = new Desk()
    const one = await desk.opened({ item: 'a' })
    draw(one, 1)
    await desk.clock.pass(0)

    const two = await desk.opened({ item: 'a' })

    expect((await desk.journal.edits('person-1')).map((e) => e.client)).not.toContain(two.client)
    await desk.clock.pass(2_000)
    expect([lefts(one.work!.store.list()), lefts(two.work!.store.list())]).toEqual([[1], [1]])
  })

  test('leave each other’s submits alone: one that is taken back does not go from the other tab', async () => {
    const desk = new Desk()
    const one = await desk.opened()
    desk.server.offline = true
    one.submit()
    await desk.clock.pass(100)
    await desk.opened({ item: 'b' })
    await one.undoSubmit()
    desk.server.offline = false
    await desk.clock.pass(10_000)

    expect(desk.server.answersOf('a')).toEqual([])
  })

  test('keep in the journal what the other one has not sent when this one hands in', async () => {
    const desk = new Desk()
    const [one, two] = [await desk.opened({ item: 'a' }), await desk.opened({ item: 'a' })]
    draw(two, 2)
    one.submit()
    await desk.clock.pass(0)

    expect((await desk.journal.edits('person-1')).map((e) => e.client)).toEqual([two.client])
  })

  test('make a correction of what the other one handed in', async () => {
    const desk = new Desk()
    const one = await desk.opened({ item: 'a' })
    draw(one, 1)
    await desk.clock.pass(1_000)
    const two = await desk.opened({ item: 'a' })
    one.submit()
    await desk.clock.pass(1_000)
    draw(two, 2)
    await desk.clock.pass(1_000)
    expect(lefts(two.work!.store.list())).toEqual([1, 2])
    two.submit()
    await desk.clock.pass(1_000)

    expect(lefts(desk.server.revisions.get('response-a/2')!.annotations)).toEqual([1, 2])
    expect(two.outbox.returned).toEqual([])
  })

  test('that both hand in at once make two revisions of one answer', async () => {
    const desk = new Desk()
    const [one, two] = [await desk.opened({ item: 'a' }), await desk.opened({ item: 'a' })]
    one.submit()
    two.work!.setAnswer(weather, 'rain')
    two.submit()
    await desk.clock.pass(1_000)

    expect([...desk.server.revisions.keys()]).toEqual(['response-a/1', 'response-a/2'])
    expect([one.outbox.returned, two.outbox.returned]).toEqual([[], []])
  })
})

describe('an answer that is lost on its way', () => {
  test('makes no second version of what was changed after it', async () => {
    const desk = new Desk()
    const session = await desk.opened()
    desk.server.loses = true
    const id = draw(session, 1)
    await desk.clock.pass(700)
    moveTo(session, id, 2)
    await desk.clock.pass(5_000)

    expect([lefts(drafted(desk, 'a')), session.save.kind]).toEqual([[2], 'saved'])
    expect(lefts(session.work!.store.list())).toEqual([2])
    expect(await desk.journal.edits('person-1')).toEqual([])
  })

  test('makes none either when the tab was closed after it', async () => {
    const desk = new Desk()
    const killed = await desk.opened()
    desk.server.loses = true
    const id = draw(killed, 1)
    await desk.clock.pass(700)
    moveTo(killed, id, 2)
    desk.forget(killed)
    const again = await desk.opened()
    await desk.clock.pass(5_000)

    expect([lefts(drafted(desk, 'a')), lefts(again.work!.store.list()), again.save.kind]).toEqual([[2], [2], 'saved'])
  })

  test('of a submit is asked for again, and the answer is one', async () => {
    const desk = new Desk()
    const session = await desk.opened()
    draw(session, 1)
    await desk.clock.pass(1_000)
    desk.server.loses = true
    session.submit()
    await desk.clock.pass(5_000)

    expect([...desk.server.revisions.keys()]).toEqual(['response-a/1'])
    expect([session.outbox.returned, session.save.kind]).toEqual([[], 'saved'])
  })
})
