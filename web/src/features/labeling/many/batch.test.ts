// Many items at once: what is chosen is answered, handed in by the rules of one, and taken back in one step.

import { describe, expect, test } from 'vitest'
import { Failure } from '../../../engine/failure'
import { MemoryChannel, MemoryJournal } from '../../../engine/memory'
import { WHO_LIVES_MS } from '../../../engine/pace'
import { readSchema } from '../../../engine/schema'
import { ManualClock, settle } from '../../../engine/testing/clock'
import type { NewRevision, Task } from '../../../engine/types'
import { KINDS } from '../../../kinds'
import type { ManyApi } from './api'
import { Batch, type BatchPorts } from './batch'

const SCHEMA = readSchema({ streams: { text: { kind: 'text' } }, fields: { topic: { kind: 'choice', required: true, options: { cards: {}, loans: {}, cash: {}, other: {} } }, mood: { kind: 'rating', min: 1, max: 5 } } })
const [topic, mood] = [SCHEMA.fields[0]!, SCHEMA.fields[1]!]

class FakeMany implements ManyApi {
  offline = false
  readonly stored = new Map<string, NewRevision>()
  readonly refuses = new Map<string, number>()
  readonly released: string[] = []
  private readonly given = new Set<string>()

  constructor(private readonly ids: readonly string[]) {}

  async page(_project: string, count: number, exclude: readonly string[]): Promise<readonly Task[]> {
    this.reach()
    const open = this.ids.filter((id) => !exclude.includes(id) && ![...this.stored.values()].some((body) => body.item === id))
    for (const id of open.slice(0, count)) this.given.add(id)
    return open.slice(0, count).map((id) => this.task(id))
  }

  async open(_project: string, items: readonly string[]): Promise<readonly Task[]> {
    this.reach()
    return items.filter((id) => this.ids.includes(id)).map((id) => this.task(id))
  }

  async submit(_project: string, parcels: Parameters<ManyApi['submit']>[1]): ReturnType<ManyApi['submit']> {
    this.reach()
    const refused = parcels.filter(({ body }) => this.refuses.has(body.item)).map(({ response, revision, body }) => ({ response, revision, status: this.refuses.get(body.item) ?? 0, title: 'It does not fit', problems: [{ path: 'annotations[0].value', expected: 'one of cards, loans', do: 'Choose one.' }] }))
    const taken = parcels.filter(({ body }) => !this.refuses.has(body.item))
    for (const { response, revision, body } of taken) this.stored.set(`${response}/${revision}`, body)
    return { receipts: taken, refused }
  }

  async undo(_project: string, handed: Parameters<ManyApi['undo']>[1]): ReturnType<ManyApi['undo']> {
    this.reach()
    const there = handed.filter(({ response, revision }) => this.stored.delete(`${response}/${revision}`))
    return { undone: there.map(({ response, revision }) => ({ response, next_revision: revision + 1, assignment: null, draft: { seq: 1, annotations: [] } })), refused: handed.filter((one) => !there.includes(one)).map((one) => ({ ...one, status: 409, title: 'This revision does not stand', problems: [] })) }
  }

  async release(assignment: string): Promise<void> {
    this.released.push(assignment)
  }

  async text(): Promise<string> {
    return ''
  }

  private task(id: string): Task {
    const revision = [...this.stored.keys()].filter((key) => key.startsWith(`r-${id}/`)).length + 1
    return { assignment: { id: `c-${id}`, until: new Date(Date.UTC(2026, 10, 22, 9, 20)).toISOString() }, item: { id, revision: 1, key: `key-${id}`, metadata: { site: id < 'c' ? 'oslo' : 'rome' }, streams: { text: { kind: 'text', text: `text ${id}`, facts: { length: 6 } } } }, response: { id: `r-${id}`, revision }, schema: 1, draft: null }
  }

  private reach(): void {
    if (this.offline) throw new Failure('offline', 'No connection')
  }
}

class World {
  readonly clock = new ManualClock()
  readonly journal = new MemoryJournal()
  readonly api = new FakeMany(['a', 'b', 'c', 'd', 'e'])
  private readonly channel = new MemoryChannel()
  private ids = 0

  async opened(source: 'queue' | 'chosen' = 'queue'): Promise<Batch> {
    const ports: BatchPorts = { api: this.api, journal: this.journal, channel: this.channel.tab(), clock: this.clock, newId: () => `id-${(this.ids += 1)}`, kinds: KINDS, person: 'me', project: 'p', schema: SCHEMA, schemaVersion: 1 }
    const batch = new Batch(ports, source)
    void batch.begin()
    await this.clock.pass(WHO_LIVES_MS)
    return batch
  }
}

const values = (world: World): string[] => [...world.api.stored.values()].map((body) => `${body.item}=${body.annotations.map((a) => String(a.value)).join('+')}`)

describe('answering many', () => {
  test('an option goes to everything chosen and is handed in as one response each', async () => {
    const world = new World()
    const batch = await world.opened()
    batch.toggle('a')
    batch.extend('c')
    await batch.press(topic, 'loans')
    await batch.handIn()

    expect(values(world)).toEqual(['a=loans', 'b=loans', 'c=loans'])
    expect(batch.outcome).toEqual({ handed: 3, refused: [] })
    expect(batch.order).toEqual(['d', 'e'])
    expect(world.api.stored.get('r-a/1')).toMatchObject({ item: 'a', assignment: 'c-a', covers: { topic: null }, schema: 1 })
  })

  test('the next choice after an answer begins anew', async () => {
    const batch = await new World().opened()
    batch.toggle('a')
    batch.toggle('b')
    await batch.press(topic, 'cards')
    await batch.fillIn(mood, 4)
    batch.toggle('d')

    expect([...batch.chosen.ids]).toEqual(['d'])
    expect(batch.shown.map((card) => card.work?.answer(mood) ?? null)).toEqual([4, 4, null, null, null])
  })

  test('without a choice the card under the keyboard is answered and the next is there', async () => {
    const batch = await new World().opened()
    await batch.press(topic, 'cards')
    await batch.press(topic, 'cash')

    expect(batch.shown.slice(0, 3).map((card) => card.work?.answer(topic) ?? null)).toEqual(['cards', 'cash', null])
    expect(batch.chosen.at).toBe('c')
  })

  test('what was said last is repeated on all that are chosen, with every field', async () => {
    const batch = await new World().opened()
    batch.toggle('a')
    await batch.press(topic, 'cards')
    await batch.fillIn(mood, 2)
    batch.toggle('c')
    batch.toggle('d')
    await batch.repeat()

    expect(batch.shown.map((card) => [card.work?.answer(topic), card.work?.answer(mood)].join())).toEqual(['cards,2', ',', 'cards,2', 'cards,2', ','])
  })

  test('words narrow the page, and what is out of sight is not answered', async () => {
    const batch = await new World().opened()
    batch.find('Rome')
    batch.all()
    await batch.press(topic, 'other')

    expect(batch.answered.map((card) => card.row.id)).toEqual(['c', 'd', 'e'])
  })
})

describe('handing in', () => {
  test('bad ones stay with the reason and good ones are stored', async () => {
    const world = new World()
    const batch = await world.opened()
    world.api.refuses.set('b', 422)
    batch.all()
    await batch.press(topic, 'cards')
    await batch.handIn()

    expect(batch.outcome?.handed).toBe(4)
    expect(batch.outcome?.refused.map((r) => [r.title, r.why])).toEqual([['key-b', 'It does not fit: annotations[0].value, expected one of cards, loans. Choose one.']])
    expect(batch.order).toEqual(['b'])
    expect(batch.answered).toHaveLength(1)
  })

  test('a card that lacks a needed answer is not sent and says which', async () => {
    const world = new World()
    const batch = await world.opened()
    batch.toggle('a')
    await batch.fillIn(mood, 3)
    await batch.handIn()

    expect(world.api.stored.size).toBe(0)
    expect(batch.outcome?.refused.map((r) => r.why)).toEqual(['Topic has no answer that fits.'])
  })

  test('the time on the page is shared by what was handed in', async () => {
    const world = new World()
    const batch = await world.opened()
    await world.clock.pass(9_000)
    batch.toggle('a')
    batch.extend('c')
    await batch.press(topic, 'cards')
    await batch.handIn()

    const [first] = world.api.stored.values()
    expect(first?.active_ms).toBe((9_000 + WHO_LIVES_MS) / 3)
  })

  test('one key takes a whole hand-in back, and handing in again makes the next revision', async () => {
    const world = new World()
    const batch = await world.opened()
    batch.all()
    await batch.press(topic, 'cards')
    await batch.handIn()
    await batch.undo()
    expect([world.api.stored.size, batch.answered.length, batch.outcome?.handed]).toEqual([0, 5, -5])

    await batch.press(topic, 'loans')
    await batch.handIn()

    expect([...world.api.stored.keys()][0]).toBe('r-a/2')
    expect(values(world)[0]).toBe('a=loans')
  })

  test('an answer to many is taken back, and given again, as one step', async () => {
    const batch = await new World().opened()
    batch.all()
    await batch.press(topic, 'cards')
    await batch.undo()
    const taken = batch.answered.length
    batch.redo()

    expect([taken, batch.answered.length]).toEqual([0, 5])
  })
})

describe('nothing is lost', () => {
  test('a tab that is gone before it handed in leaves its answers to the next', async () => {
    const world = new World()
    const first = await world.opened()
    first.toggle('b')
    await first.press(topic, 'cash')
    first.end()

    const second = await world.opened()

    expect(second.answered.map((card) => [card.row.id, card.work?.answer(topic)])).toEqual([['b', 'cash']])
    expect(world.api.released).toEqual(['c-a', 'c-c', 'c-d', 'c-e'])
  })

  test('without a connection answers wait in the journal and go when it is back', async () => {
    const world = new World()
    const batch = await world.opened()
    world.api.offline = true
    batch.all()
    await batch.press(topic, 'cards')
    const handing = batch.handIn()
    await settle()
    expect([(await world.journal.parcels('me')).length, batch.post.stuck]).toEqual([5, 'offline'])

    world.api.offline = false
    await world.clock.pass(1_000)
    await handing

    expect([world.api.stored.size, (await world.journal.parcels('me')).length, batch.post.stuck]).toEqual([5, 0, null])
  })

  test('a page that is left without a connection keeps what it could not send for the next', async () => {
    const world = new World()
    const batch = await world.opened()
    world.api.offline = true
    batch.all()
    await batch.press(topic, 'cards')
    void batch.handIn()
    await settle()
    batch.end()
    await settle()
    world.api.offline = false

    await world.opened()

    expect(world.api.stored.size).toBe(5)
  })
})

describe('items of the table', () => {
  test('are opened when they are answered, and stay in the list when they are handed in', async () => {
    const world = new World()
    const batch = await world.opened('chosen')
    batch.show(['a', 'b', 'gone'].map((id) => ({ id, key: id, metadata: {}, streams: {} })))
    batch.all()
    await batch.press(topic, 'cards')
    await batch.handIn()

    expect(values(world)).toEqual(['a=cards', 'b=cards'])
    expect(batch.shown.map((card) => [card.row.id, card.state, card.problem !== null])).toEqual([['a', 'handed', false], ['b', 'handed', false], ['gone', 'open', true]])
  })

  test('one that is answered again gets the next revision, and one undo takes back only that', async () => {
    const world = new World()
    const batch = await world.opened('chosen')
    batch.show([{ id: 'a', key: 'a', metadata: {}, streams: {} }])
    batch.toggle('a')
    await batch.press(topic, 'cards')
    await batch.handIn()
    batch.toggle('a')
    await batch.press(topic, 'loans')
    await batch.handIn()
    await batch.undo()

    expect([...world.api.stored.keys()]).toEqual(['r-a/1'])
  })
})
