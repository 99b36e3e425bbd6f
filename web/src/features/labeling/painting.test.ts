// Where strokes go: to the shape that is meant, as one step, and with exclusive pixels taken from the others.

import { describe, expect, test } from 'vitest'
import { Activity } from '../../engine/activity'
import { openPoints } from '../../engine/check'
import { at, play, move, up } from '../../engine/gesture'
import type { CanvasKind } from '../../engine/kind'
import { readSchema } from '../../engine/schema'
import type { Json, Task } from '../../engine/types'
import { View } from '../../engine/view'
import { Work } from '../../engine/work'
import { type Mask, mask } from '../../kinds/mask'
import { keepStroke, targetOf } from '../../surfaces/canvas/landing'
import { resized } from '../../surfaces/canvas/painting'
import type { HandHost, Tool } from '../../surfaces/canvas/pen'
import { Scene } from '../../surfaces/canvas/scene'

const SIZE = { width: 100, height: 80 }

function desk(options: Readonly<Record<string, unknown>> = {}): { host: HandHost; tool: (label: string) => Tool; work: Work; view: View } {
  const schema = readSchema({ karat_schema: 1, streams: { photo: { kind: 'image' } }, fields: { things: { kind: 'mask', on: 'photo', many: true, labels: { cat: {}, dog: {} }, ...options } } })
  const task: Task = { assignment: null, item: { id: 'i', revision: 1, streams: { photo: { kind: 'image', facts: SIZE } }, metadata: {} }, response: { id: 'r', revision: 1 }, draft: null }
  let made = 0
  const work = new Work(task, schema, {}, new Activity({ now: () => 0, after: () => () => undefined }), () => `m${(made += 1)}`)
  const view = new View()
  const kind = mask as unknown as CanvasKind
  const scene = new Scene(work, 'photo', new Map([['mask', kind]]))
  work.store.subscribe(({ changes }) => changes.forEach((c) => scene.update(c.id)))
  const [field] = schema.fields
  if (!field) throw new Error('no field')
  return { host: { scene, view, picture: SIZE, landing: new Set(), stage: { touchTop: () => undefined }, isLeft: () => false } as unknown as HandHost, tool: (label) => ({ field, kind, label }), work, view }
}

function square(left: number, top: number, side: number): Json {
  const way = mask.paint?.ways.find((w) => w.id === 'rectangle')
  return (way && play(way.draw(at(left, top), SIZE), [move(left + side, top + side), up(left + side, top + side)])) as Json
}

function paint({ host }: ReturnType<typeof desk>, tool: Tool, drawn: Json, from: { x: number; y: number }, erases = false): void {
  keepStroke(host, tool, { type: 'shape', value: drawn }, { erases, from, target: targetOf(host, tool, from, erases) })
}

const boxes = (work: Work): Json[] => work.store.list().map((a) => (a.value as unknown as Mask).box as unknown as Json)

describe('a stroke', () => {
  test('begins a shape, which is selected; the next one adds to it, and each is one step', () => {
    const d = desk()
    paint(d, d.tool('cat'), square(10, 10, 10), at(10, 10))
    paint(d, d.tool('cat'), square(18, 10, 10), at(18, 10))

    expect(boxes(d.work)).toEqual([[10, 10, 18, 10]])
    d.work.undo()
    expect(boxes(d.work)).toEqual([[10, 10, 10, 10]])
    d.work.undo()
    expect(d.work.store.size).toBe(0)
  })

  test('begins another shape where none is selected, and leaves the first its pixels', () => {
    const d = desk()
    paint(d, d.tool('cat'), square(10, 10, 10), at(10, 10))
    d.view.select()
    paint(d, d.tool('cat'), square(15, 10, 10), at(15, 10))

    expect(boxes(d.work)).toEqual([[10, 10, 10, 10], [15, 10, 10, 10]])
  })

  test('takes the pixels of others where each has one owner, and undo gives them back at once', () => {
    const d = desk({ overlap: false })
    paint(d, d.tool('cat'), square(10, 10, 10), at(10, 10))
    d.view.select()
    paint(d, d.tool('dog'), square(15, 10, 10), at(15, 10))

    expect(boxes(d.work)).toEqual([[10, 10, 5, 10], [15, 10, 10, 10]])
    d.work.undo()
    expect(boxes(d.work)).toEqual([[10, 10, 10, 10]])
  })

  test('is not handed in where a mask was dragged onto another, and each pixel has one owner', () => {
    const d = desk({ overlap: false })
    paint(d, d.tool('cat'), square(10, 10, 10), at(10, 10))
    d.view.select()
    paint(d, d.tool('dog'), square(40, 10, 10), at(40, 10))
    const kinds = new Map([['mask', mask as unknown as CanvasKind]])
    expect(openPoints(d.work, kinds)).toEqual([])

    const dog = d.work.store.list()[1]
    if (!dog) throw new Error('no second mask')
    d.work.setValues(new Map([[dog.id, mask.moveBy(dog.value as Mask, { x: -25, y: 0 }, SIZE)]]))

    const [point] = openPoints(d.work, kinds)
    expect([point?.field, point?.annotation, point?.problem.expected]).toEqual(['things', dog.id, 'pixels that belong to one mask only'])
    d.work.undo()
    expect(openPoints(d.work, kinds)).toEqual([])
  })

  test('goes to the shape of its label where each label has one', () => {
    const d = desk({ instances: false })
    paint(d, d.tool('cat'), square(10, 10, 10), at(10, 10))
    d.view.select()
    paint(d, d.tool('dog'), square(40, 40, 10), at(40, 40))
    d.view.select()
    paint(d, d.tool('cat'), square(60, 10, 10), at(60, 10))

    expect(boxes(d.work)).toEqual([[10, 10, 60, 10], [40, 40, 10, 10]])
  })

  test('that erases goes to the shape under it, and to none where none is', () => {
    const d = desk()
    paint(d, d.tool('cat'), square(10, 10, 10), at(10, 10))
    d.view.select()
    paint(d, d.tool('cat'), square(60, 60, 5), at(60, 60), true)
    paint(d, d.tool('dog'), square(15, 5, 20), at(16, 12), true)

    expect(boxes(d.work)).toEqual([[10, 10, 5, 10]])
  })

  test('that erases all that is left removes the shape', () => {
    const d = desk()
    paint(d, d.tool('cat'), square(10, 10, 10), at(10, 10))
    paint(d, d.tool('cat'), square(0, 0, 50), at(0, 0), true)

    expect(d.work.store.size).toBe(0)
    expect(d.view.state.selection.size).toBe(0)
  })
})

test('the brush grows and shrinks by notches, from a pixel on', () => {
  expect([resized(1, 1), resized(10, 1), resized(10, -1), resized(1, -1), resized(2000, 1)]).toEqual([2, 12, 8, 1, 2000])
})

describe('a stroke that takes long', () => {
  /** A desk on which strokes come when they are let. */
  function slow(): ReturnType<typeof desk> & { let: () => Promise<void> } {
    const d = desk()
    const waiting: (() => void)[] = []
    const kind = { ...(mask as unknown as CanvasKind), paint: { ...mask.paint, paint: (stroke: never) => new Promise((settle) => void waiting.push(() => settle(mask.paint?.paint(stroke)))) } } as unknown as CanvasKind
    const land = async (): Promise<void> => {
      while (d.work.turns.isBusy) {
        waiting.splice(0).forEach((settle) => settle())
        await Promise.resolve()
      }
    }
    return { ...d, tool: (label) => ({ ...d.tool(label), kind }), let: land }
  }

  test('is followed by the next one, which goes on with what it began', async () => {
    const d = slow()
    paint(d, d.tool('cat'), square(10, 10, 10), at(10, 10))
    paint(d, d.tool('cat'), square(18, 10, 10), at(18, 10))

    expect([d.work.store.size, d.work.canUndo, d.host.landing.size]).toEqual([0, true, 2])
    await d.let()
    expect([boxes(d.work), d.host.landing.size]).toEqual([[[10, 10, 18, 10]], 0])
    d.work.undo()
    expect(boxes(d.work)).toEqual([[10, 10, 10, 10]])
  })

  test('is taken back by an undo that came behind it', async () => {
    const d = slow()
    paint(d, d.tool('cat'), square(10, 10, 10), at(10, 10))
    d.work.turns.take(() => void d.work.undo())

    await d.let()
    expect([d.work.store.size, d.work.history.canRedo]).toEqual([0, true])
  })

  test('lands on what its shape has become meanwhile, and is gone with a shape that was removed', async () => {
    const d = slow()
    paint(d, d.tool('cat'), square(10, 10, 10), at(10, 10))
    await d.let()
    const [cat] = d.work.store.list()
    if (!cat) throw new Error('no mask')
    paint(d, d.tool('cat'), square(18, 10, 10), at(18, 10))
    d.work.setValues(new Map([[cat.id, mask.moveBy(cat.value as Mask, { x: 5, y: 0 }, SIZE)]]))
    await d.let()
    expect(boxes(d.work)).toEqual([[15, 10, 13, 10]])

    paint(d, d.tool('cat'), square(40, 10, 10), at(40, 10))
    d.work.remove([cat.id])
    await d.let()
    expect(d.work.store.size).toBe(0)
  })
})

test('a locked mask takes no stroke, and keeps its pixels where each has one owner', () => {
  const d = desk({ overlap: false })
  paint(d, d.tool('cat'), square(10, 10, 10), at(10, 10))
  const [cat] = d.work.store.list()
  d.work.allows = (id) => id !== cat?.id
  paint(d, d.tool('cat'), square(18, 10, 10), at(18, 10))
  expect(boxes(d.work)).toEqual([[10, 10, 10, 10]])

  d.view.select()
  paint(d, d.tool('dog'), square(15, 10, 10), at(15, 10))
  expect(boxes(d.work)).toEqual([[10, 10, 10, 10], [20, 10, 5, 10]])
})
