// Two pictures in one item: each shows, moves and names its own shapes only.

import { expect, test } from 'vitest'
import { Activity } from '../../engine/activity'
import { at } from '../../engine/gesture'
import { readSchema } from '../../engine/schema'
import type { Annotation, Task } from '../../engine/types'
import { View } from '../../engine/view'
import { Work } from '../../engine/work'
import { KINDS } from '../../kinds'
import { Links } from '../../surfaces/canvas/links'
import { moved } from '../../surfaces/canvas/moving'
import type { HandHost } from '../../surfaces/canvas/pen'
import { Scene } from '../../surfaces/canvas/scene'

const SIZE = { width: 400, height: 300 }
const image = { kind: 'image', facts: SIZE }
const schema = readSchema({
  karat_schema: 1,
  streams: { left: { kind: 'image' }, right: { kind: 'image' } },
  fields: {
    cars: { kind: 'box', many: true, on: 'left', labels: { car: {} } },
    signs: { kind: 'box', many: true, on: 'right', labels: { sign: {} } },
    same: { kind: 'relation', many: true, labels: { is: {} } },
  },
})
const task: Task = { assignment: null, item: { id: 'i', revision: 1, streams: { left: image, right: image }, metadata: {} }, response: { id: 'r', revision: 1 }, draft: null }

function opened(): { work: Work; car: Annotation; sign: Annotation; link: string } {
  let made = 0
  const work = new Work(task, schema, {}, new Activity({ now: () => 0, after: () => () => undefined }), () => `a${(made += 1)}`)
  const [cars, signs, same] = schema.fields
  if (!cars || !signs || !same) throw new Error('no fields')
  const car = work.add(cars, 'car', { left: 10, top: 10, right: 50, bottom: 50 })
  const sign = work.add(signs, 'sign', { left: 200, top: 100, right: 240, bottom: 140 })
  const link = work.add(same, 'is', { from: car, to: sign })
  return { work, car: work.store.get(car) as Annotation, sign: work.store.get(sign) as Annotation, link }
}

test('a picture has no outline and no handles of what lies on the other', () => {
  const { work, car, sign } = opened()
  const [left, right] = ['left', 'right'].map((stream) => new Scene(work, stream, KINDS)) as [Scene, Scene]

  expect([left.outline(car).length, left.outline(sign).length, left.handles(sign).length]).toEqual([1, 0, 0])
  expect([right.outline(sign).length, right.outline(car).length]).toEqual([1, 0])
})

test('keys move what is selected on the picture that they go to', () => {
  const { work, car, sign } = opened()
  const host = { scene: new Scene(work, 'left', KINDS), picture: SIZE, view: new View() } as unknown as HandHost

  expect([...moved(host, [car.id, sign.id], { x: 1, y: 0 }).keys()]).toEqual([car.id])
})

test('a link to the other picture is a stub at its shape, and can be chosen there', () => {
  const { work, link } = opened()
  const links = new Links(new Scene(work, 'left', KINDS), new View(), KINDS)
  const camera = { scale: 1, x: 0, y: 0 }

  expect([links.at(at(60, 30), camera), links.at(at(60, 90), camera), links.at(at(30, 30), camera)]).toEqual([link, null, null])
})
