import { describe, expect, test } from 'vitest'
import { Desk, drafted, draw, lefts, moveTo, weather } from './testing/desk'

describe('the queue', () => {
  test('holds the open item and the next two, so that the next is there at once', async () => {
    const session = await new Desk().opened()

    expect([session.work?.task.item.id, session.readyCount]).toEqual(['a', 2])
  })

  test('a submit draws the next item before the server has answered', async () => {
    const desk = new Desk()
    const session = await desk.opened()
    session.work!.setAnswer(weather, 'sun')

    session.submit()

    expect(session.work?.task.item.id).toBe('b')
    expect(desk.server.revisions.size).toBe(0)
    await desk.clock.pass(10)
    expect(desk.server.answersOf('a')[0]).toMatchObject({ state: 'submitted', covers: { objects: null, weather: null } })
  })

  test('a field that was never answered is not said to be covered', async () => {
    const desk = new Desk()
    const session = await desk.opened({ queue: true }, new Map([['choice', { surface: 'form', check: () => [] } as never]]))
    session.submit()
    await desk.clock.pass(10)

    expect(desk.server.answersOf('a')[0]?.covers).toEqual({ objects: null })
  })

  test('says that nothing is left, and looks again by itself', async () => {
    const desk = new Desk()
    const session = await desk.opened()
    for (let i = 0; i < 5; i += 1) {
      session.skip({ reason: 'unclear', note: '' })
      await desk.clock.pass(10)
    }

    expect(session.phase).toBe('empty')
    desk.server.revisions.clear()
    await desk.clock.pass(25_000)
    expect(session.phase).toBe('working')
  })

  test('what was drawn stays with the report of a picture that cannot be shown, and goes with any other skip', async () => {
    const desk = new Desk()
    const session = await desk.opened()
    for (const reason of ['broken', 'unclear']) {
      draw(session, 5)
      session.skip({ reason, note: '' })
      await desk.clock.pass(10)
    }

    expect([...desk.server.revisions.values()].map(({ state, skip, annotations }) => [state, skip?.reason, annotations.length])).toEqual([['skipped', 'broken', 1], ['skipped', 'unclear', 0]])
  })

  test('only the time with a sign of life counts', async () => {
    const desk = new Desk()
    const session = await desk.opened()
    draw(session, 1)
    await desk.clock.pass(600_000)
    draw(session, 2)
    await desk.clock.pass(5_000)
    session.submit()
    await desk.clock.pass(10)

    expect(desk.server.answersOf('a')[0]?.active_ms).toBe(65_000)
  })
})

describe('a tab that was closed', () => {
  test('leaves its items to the next one, the open item first', async () => {
    const desk = new Desk()
    const closed = await desk.opened()
    closed.work!.setAnswer(weather, 'sun')
    await desk.clock.pass(1_000)
    desk.forget(closed)

    const next = await desk.opened()

    expect([next.work?.task.item.id, next.readyCount]).toEqual(['a', 2])
    expect(next.work?.answer(weather)).toBe('sun')
  })

  test('that lives keeps its items', async () => {
    const desk = new Desk()
    const [one, two] = [await desk.opened(), await desk.opened()]

    expect([one.work?.task.item.id, two.work?.task.item.id]).toEqual(['a', 'd'])
  })

  test('that was left in order gives back what was not begun', async () => {
    const desk = new Desk()
    const session = await desk.opened()
    await session.end()
    desk.forget(session)

    expect(desk.server.claimed.size).toBe(0)
    expect((await desk.opened()).work?.task.item.id).toBe('a')
  })
})

describe('edits', () => {
  test('are on the server within a second', async () => {
    const desk = new Desk()
    const session = await desk.opened()
    draw(session, 1)
    await desk.clock.pass(1_000)

    expect(lefts(drafted(desk, 'a'))).toEqual([1])
    expect(await desk.journal.edits('person-1')).toEqual([])
  })

  test('are called saved only when they are', async () => {
    const desk = new Desk()
    const session = await desk.opened()
    draw(session, 1)
    await desk.clock.pass(100)
    expect(session.save).toMatchObject({ kind: 'saving', count: 1 })
    await desk.clock.pass(1_000)

    expect(session.save).toMatchObject({ kind: 'saved', count: 0 })
  })

  test('a new annotation starts with the default answers of its label', async () => {
    const session = await new Desk().opened()

    expect(session.work?.store.get(draw(session, 1))?.attributes).toEqual({ occluded: 'no' })
  })

  test('survive a tab that is killed before anything was sent', async () => {
    const desk = new Desk()
    desk.server.offline = false
    const killed = await desk.opened()
    desk.server.offline = true
    draw(killed, 7)
    killed.work!.setAnswer(weather, 'rain')
    await desk.clock.pass(0)
    desk.forget(killed)
    desk.server.offline = false

    const again = await desk.opened()

    expect(again.work?.task.item.id).toBe('a')
    expect(again.work?.answer(weather)).toBe('rain')
    expect(lefts(again.work!.store.list().filter((a) => a.field === 'objects'))).toEqual([7])
  })

  test('made offline are counted, kept, and sent when the connection is back', async () => {
    const desk = new Desk()
    const session = await desk.opened()
    desk.server.offline = true
    draw(session, 1)
    await desk.clock.pass(1_000)
    draw(session, 2)
    expect(session.save).toMatchObject({ kind: 'offline', count: 2 })

    desk.server.offline = false
    session.wake()
    await desk.clock.pass(100)
    expect(session.save).toMatchObject({ kind: 'saved', count: 0 })
    expect(lefts(drafted(desk, 'a'))).toEqual([1, 2])
  })

  test('of one annotation while its first state is on the way leave nothing stale in the journal', async () => {
    const desk = new Desk()
    const session = await desk.opened()
    let answer = () => undefined as void
    desk.server.latency = () => new Promise((done) => (answer = done))
    const id = draw(session, 1)
    await desk.clock.pass(700)
    for (const left of [2, 3, 4]) moveTo(session, id, left)
    desk.server.latency = async () => undefined
    answer()
    await desk.clock.pass(2_000)

    expect(lefts(drafted(desk, 'a'))).toEqual([4])
    expect(await desk.journal.edits('person-1')).toEqual([])
  })
})

describe('offline', () => {
  test('items whose reservation was made but never heard of come with the next', async () => {
    const desk = new Desk()
    desk.server.loses = true
    const session = await desk.opened()
    expect([session.work, desk.server.claimed.size]).toEqual([null, 2])

    session.wake()
    await desk.clock.pass(100)
    expect([session.work?.task.item.id, session.readyCount, desk.server.claimed.size]).toEqual(['a', 2, 3])
  })

  test('an item that only a dead tab was given comes to the next, one of a living tab does not', async () => {
    const desk = new Desk()
    const [living, killed] = [await desk.opened(), await desk.opened()]
    expect([living, killed].map((session) => session.work?.task.item.id)).toEqual(['a', 'd'])
    desk.forget(killed)
    for (const { client } of (await desk.journal.holdings('person-1', 'project-1')).filter((h) => h.client === killed.client)) await desk.journal.hold({ client, person: 'person-1', project: 'project-1', items: ['d'] })

    const again = await desk.opened()
    await desk.clock.pass(1_000)
    expect([again.work?.task.item.id, again.readyCount]).toEqual(['d', 1])
  })

  test('pictures of items that wait are asked for again once the server has answered', async () => {
    const desk = new Desk()
    const session = await desk.opened()
    desk.server.offline = true
    session.submit()
    await desk.clock.pass(100)
    desk.prepared.length = 0

    desk.server.offline = false
    session.wake()
    await desk.clock.pass(100)
    expect(desk.prepared).toContain('c')
  })

  test('submits wait in their order and all arrive', async () => {
    const desk = new Desk()
    const session = await desk.opened()
    desk.server.offline = true
    for (const item of ['a', 'b', 'c']) {
      expect(session.work?.task.item.id).toBe(item)
      session.work!.setAnswer(weather, 'sun')
      session.submit()
      await desk.clock.pass(100)
    }
    expect(session.save.kind).toBe('offline')

    desk.server.offline = false
    session.wake()
    await desk.clock.pass(100)
    expect([...desk.server.revisions.keys()]).toEqual(['response-a/1', 'response-b/1', 'response-c/1'])
    expect(session.work?.task.item.id).toBe('d')
  })

  test('a submit outlives the tab', async () => {
    const desk = new Desk()
    const killed = await desk.opened()
    desk.server.offline = true
    killed.work!.setAnswer(weather, 'rain')
    killed.submit()
    await desk.clock.pass(100)
    desk.forget(killed)
    desk.server.offline = false

    await desk.opened()
    await desk.clock.pass(100)

    expect(desk.server.answersOf('a')[0]?.annotations[0]?.value).toBe('rain')
  })
})

describe('an expired session', () => {
  test('keeps the work, asks for a sign-in, and goes on after it', async () => {
    const desk = new Desk()
    const session = await desk.opened()
    desk.server.signedOut = true
    draw(session, 3)
    await desk.clock.pass(1_000)
    expect(session.save).toMatchObject({ kind: 'signed_out', count: 1 })

    expect(await session.signIn('me@example.org', 'right')).toBe('ok')
    await desk.clock.pass(100)
    expect(session.save.kind).toBe('saved')
    expect(lefts(drafted(desk, 'a'))).toEqual([3])
  })

  test('another person who signs in does not send my work', async () => {
    const desk = new Desk()
    const session = await desk.opened()
    desk.server.signedOut = true
    draw(session, 3)
    await desk.clock.pass(1_000)

    expect(await session.signIn('other@example.org', 'right')).toBe('someone_else')
    await desk.clock.pass(100)
    expect(drafted(desk, 'a')).toEqual([])
  })
})

describe('a refused submit', () => {
  test('comes back as a notice; the item keeps its answers', async () => {
    const desk = new Desk()
    const session = await desk.opened()
    desk.server.refuses.set('a', 'right: more than left')
    draw(session, 5)
    session.submit()
    await desk.clock.pass(100)
    const returned = session.outbox.returned[0]
    expect(returned).toMatchObject({ parcel: { title: 'street-a' }, failure: { kind: 'refused' } })

    await session.openReturned(returned!.parcel.id)
    await desk.clock.pass(100)
    expect([session.work?.task.item.id, lefts(session.work!.store.list())]).toEqual(['a', [5]])
    expect(session.outbox.returned).toEqual([])
  })
})

describe('an answer that is final', () => {
  test('can be looked at and not changed', async () => {
    const desk = new Desk()
    const session = await desk.opened()
    draw(session, 5)
    session.submit()
    await desk.clock.pass(6_000)
    desk.server.final.add('a')
    await session.openItem('a')

    session.work!.setAnswer(weather, 'rain')
    await desk.clock.pass(2_000)

    expect([session.work?.isFinal, session.work?.store.size]).toEqual([true, 1])
    expect(drafted(desk, 'a')).toEqual([])
  })
})

describe('an answer opened again', () => {
  test('is corrected as a new revision that names the one it began from', async () => {
    const desk = new Desk()
    const session = await desk.opened()
    draw(session, 5)
    draw(session, 6)
    session.submit()
    await desk.clock.pass(6_000)

    await session.openItem('a')
    session.work!.setAnswer(weather, 'rain')
    await desk.clock.pass(1_000)
    expect(drafted(desk, 'a').length).toBe(3)
    session.submit()
    await desk.clock.pass(1_000)

    expect(desk.server.revisions.get('response-a/2')).toMatchObject({ base: { response: 'response-a', revision: 1 } })
    expect(session.work?.task.item.id).toBe('b')
  })
})

describe('an item of which is told what came of it', () => {
  test('stays on the screen, cannot be changed, and gives way to the next one when the person goes on', async () => {
    const desk = new Desk()
    desk.keeps = () => true
    const session = await desk.opened()
    session.work!.setAnswer(weather, 'sun')
    session.submit()
    await desk.clock.pass(10)
    session.work!.setAnswer(weather, 'rain')

    expect([session.work?.task.item.id, session.work?.answer(weather), session.arrivedLast]).toEqual(['a', 'sun', 'a'])
    await session.next()
    expect([session.work?.task.item.id, session.work?.isFinal]).toEqual(['b', false])
  })

  test('is worked on again when its submit is taken back', async () => {
    const desk = new Desk()
    desk.keeps = () => true
    const session = await desk.opened()
    session.work!.setAnswer(weather, 'sun')
    session.submit()
    await session.undoSubmit()
    session.work!.setAnswer(weather, 'rain')

    expect([session.work?.task.item.id, session.work?.answer(weather), session.readyCount]).toEqual(['a', 'rain', 2])
  })
})
