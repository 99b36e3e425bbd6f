import { describe, expect, test } from 'vitest'
import { Desk, drafted, draw, lefts, moveTo, } from './testing/desk'

describe('undo of a submit', () => {
  test('within five seconds brings the item back with everything on it', async () => {
    const desk = new Desk()
    const session = await desk.opened()
    draw(session, 5)
    session.submit()
    await desk.clock.pass(1_000)

    await session.undoSubmit()
    await desk.clock.pass(1_000)

    expect(session.work?.task.item.id).toBe('a')
    expect(lefts(session.work!.store.list())).toEqual([5])
    expect(desk.server.answersOf('a')).toEqual([])
    session.submit()
    await desk.clock.pass(1_000)
    expect(lefts(desk.server.answersOf('a')[0]!.annotations)).toEqual([5])
    expect(session.work?.task.item.id).toBe('b')
  })

  test('and a new submit before the server has answered is the next revision, sent behind the undo', async () => {
    const desk = new Desk()
    const session = await desk.opened()
    draw(session, 5)
    session.submit()
    await desk.clock.pass(1_000)

    const undone = session.undoSubmit()
    draw(session, 9)
    session.submit()
    await undone
    await desk.clock.pass(1_000)

    expect(session.outbox.returned).toEqual([])
    expect(desk.server.answersOf('a').map((r) => lefts(r.annotations))).toEqual([[5, 9]])
    expect([...desk.server.revisions.keys()].some((key) => key.endsWith('/2'))).toBe(true)
  })

  test('offline takes the submit out of the queue', async () => {
    const desk = new Desk()
    const session = await desk.opened()
    desk.server.offline = true
    draw(session, 5)
    session.submit()
    await desk.clock.pass(100)
    await session.undoSubmit()
    desk.server.offline = false
    session.wake()
    await desk.clock.pass(1_000)

    expect(desk.server.answersOf('a')).toEqual([])
    expect(lefts(drafted(desk, 'a'))).toEqual([5])
  })

  test('is offered for five seconds', async () => {
    const desk = new Desk()
    const session = await desk.opened()
    session.submit()
    expect(session.submitted?.work.title).toBe('street-a')
    await desk.clock.pass(5_001)

    expect(session.submitted).toBeNull()
  })

  test('and another item opened before the server has answered leaves it ready to be handed in', async () => {
    const desk = new Desk()
    const session = await desk.opened()
    draw(session, 5)
    session.submit()
    await desk.clock.pass(1_000)
    let answer = () => undefined as void
    desk.server.answering = () => new Promise((done) => (answer = done))
    void session.undoSubmit()
    await desk.clock.pass(100)
    desk.server.answering = async () => undefined
    await session.openItem('e')
    answer()
    await desk.clock.pass(1_000)
    session.submit()
    await desk.clock.pass(100)
    expect(session.work?.task).toMatchObject({ item: { id: 'a' }, response: { revision: 2 } })
    draw(session, 6)
    await desk.clock.pass(1_000)
    expect(lefts(drafted(desk, 'a'))).toEqual([5, 6])
    session.submit()
    await desk.clock.pass(1_000)

    expect(lefts(desk.server.revisions.get('response-a/2')!.annotations)).toEqual([5, 6])
    expect(session.outbox.returned).toEqual([])
  })

  test('keeps the steps that can be undone on the item', async () => {
    const desk = new Desk()
    const session = await desk.opened()
    draw(session, 5)
    draw(session, 6)
    session.submit()
    await desk.clock.pass(1_000)
    await session.undoSubmit()
    await desk.clock.pass(1_000)

    session.work!.undo()
    await desk.clock.pass(1_000)

    expect([lefts(session.work!.store.list()), lefts(drafted(desk, 'a'))]).toEqual([[5], [5]])
  })

  test('offline brings nothing back that was deleted or moved just before', async () => {
    const desk = new Desk()
    const session = await desk.opened()
    const [gone, moved] = [draw(session, 1), draw(session, 2)]
    await desk.clock.pass(1_000)
    desk.server.offline = true
    session.work!.remove([gone])
    moveTo(session, moved, 3)
    session.submit()
    await desk.clock.pass(100)
    await session.undoSubmit()
    expect((await desk.journal.edits('person-1')).map((e) => e.annotation).sort()).toEqual([gone, moved].sort())
    desk.server.offline = false
    session.wake()
    await desk.clock.pass(2_000)

    expect([lefts(session.work!.store.list()), lefts(drafted(desk, 'a')), session.save.kind]).toEqual([[3], [3], 'saved'])
  })

  test('is told to the server as soon as there is one', async () => {
    const desk = new Desk()
    const session = await desk.opened()
    draw(session, 5)
    session.submit()
    await desk.clock.pass(1_000)
    desk.server.offline = true
    void session.undoSubmit()
    draw(session, 6)
    await desk.clock.pass(2_000)
    expect(session.save.kind).toBe('offline')
    desk.server.offline = false
    session.wake()
    await desk.clock.pass(2_000)

    expect(desk.server.answersOf('a')).toEqual([])
    expect([lefts(drafted(desk, 'a')), session.save.kind, session.undoFailure]).toEqual([[5, 6], 'saved', null])
  })

  test('whose answer is lost is not told as a refusal', async () => {
    const desk = new Desk()
    const session = await desk.opened()
    session.submit()
    await desk.clock.pass(1_000)
    desk.server.loses = true
    void session.undoSubmit()
    await desk.clock.pass(10_000)

    expect([session.undoFailure, session.save.kind, desk.server.answersOf('a')]).toEqual([null, 'saved', []])
  })

  test('that the server refuses goes on with it', async () => {
    const desk = new Desk()
    const session = await desk.opened()
    desk.server.refuses.set('a', 'right: more than left')
    draw(session, 5)
    session.submit()
    const undone = session.undoSubmit()
    await desk.clock.pass(100)
    await undone
    draw(session, 6)
    await desk.clock.pass(1_000)

    expect([session.outbox.returned, session.undoFailure]).toEqual([[], null])
    expect(lefts(drafted(desk, 'a'))).toEqual([5, 6])
  })

  test('while the next item is still awaited stays on the item', async () => {
    const desk = new Desk()
    const session = await desk.opened()
    for (const item of ['a', 'b']) {
      expect(session.work?.task.item.id).toBe(item)
      session.submit()
    }
    await desk.clock.pass(100)
    let answer = () => undefined as void
    for (const item of ['c', 'd']) {
      expect(session.work?.task.item.id).toBe(item)
      desk.server.latency = () => new Promise((done) => (answer = done))
      session.submit()
    }
    expect(session.work?.task.item.id).toBe('e')
    session.submit()
    expect(session.work).toBeNull()
    void session.undoSubmit()
    desk.server.latency = async () => undefined
    answer()
    await desk.clock.pass(1_000)

    expect(session.work?.task.item.id).toBe('e')
  })

  test('on an item chosen by hand goes back to the one that it pushed aside', async () => {
    const desk = new Desk()
    const session = await desk.opened({ item: 'a' })
    session.submit()
    await session.openItem('b')
    draw(session, 7)
    await session.undoSubmit()
    session.submit()
    await desk.clock.pass(1_000)

    expect([session.work?.task.item.id, session.phase]).toEqual(['b', 'working'])
    expect(lefts(session.work!.store.list())).toEqual([7])
  })
})

describe('items opened in quick succession', () => {
  test('the last one asked for is shown, and what was open comes back once', async () => {
    const desk = new Desk()
    const session = await desk.opened()
    void session.openItem('d')
    void session.openItem('e')
    await desk.clock.pass(100)
    expect(session.work?.task.item.id).toBe('e')
    session.submit()
    expect(session.work?.task.item.id).toBe('a')
    session.submit()

    expect(session.work?.task.item.id).toBe('b')
  })

  test('an item that was put aside is opened as it was', async () => {
    const desk = new Desk()
    const session = await desk.opened()
    const { work } = session
    await session.openItem('e')
    await session.openItem('a')

    expect(session.work).toBe(work)
  })

  test('the one that was handed in just now is opened with what was said', async () => {
    const desk = new Desk()
    const session = await desk.opened()
    draw(session, 5)
    session.submit()
    await session.openItem('a')

    expect(session.work?.task.response.revision).toBe(2)
    expect(lefts(session.work!.store.list())).toEqual([5])
  })
})
