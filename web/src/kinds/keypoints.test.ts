// Placing and changing keypoints, without a screen.

import { describe, expect, test } from 'vitest'
import { at, back, cancel, down, finish, type GestureInput, move, play, Running, say, up } from '../engine/gesture'
import { fieldOf } from '../engine/testing/field'
import { keypoints } from './keypoints'
import type { Keypoints, Placing } from './placing'
import { READY, skeletonOf } from './skeleton'

const SIZE = { width: 200, height: 100 }
const FIELD = fieldOf('keypoints', {
  points: ['top', 'left', 'right'],
  edges: [['top', 'left'], ['top', 'right']],
  pairs: [['left', 'right']],
  places: { top: [0.5, 0], left: [0, 1], right: [1, 1] },
})
const SET: Keypoints = [[50, 10, 2], [20, 60, 1], [0, 0, 0]]
const click = (x: number, y: number): GestureInput[] => [down(x, y), up(x, y)]
const begin = (base: Keypoints | null = null) => keypoints.draw(at(50, 10), SIZE, FIELD, base)
const drawn = (...inputs: GestureInput[]) => play(begin(), [up(50, 10), ...inputs])
const rest = (base: Keypoints) => keypoints.draw(at(70, 70), SIZE, FIELD, base)

describe('placing', () => {
  test('each click sets the next point; the last one ends it', () => {
    expect(drawn(...click(20, 60), ...click(80, 61))).toEqual([[50, 10, 2], [20, 60, 2], [80, 61, 2]])
  })

  test('what is said is of the next point only', () => {
    expect(drawn(say('occluded'), ...click(20, 60), say('absent'))).toEqual([[50, 10, 2], [20, 60, 1], [0, 0, 0]])
    expect(drawn(say('occluded'), say('occluded'), ...click(20, 60), ...click(80, 60))?.[1]).toEqual([20, 60, 2])
  })

  test('the second button sets an occluded point', () => {
    expect(drawn({ type: 'say', what: 'occluded', point: at(20, 60) }, up(20, 60), ...click(80, 60))).toEqual([[50, 10, 2], [20, 60, 1], [80, 60, 2]])
  })

  test('a point that is held follows the pointer', () => {
    expect(drawn(down(20, 60), move(24, 66), up(24, 66), ...click(80, 60))?.[1]).toEqual([24, 66, 2])
  })

  test('Enter ends it, the rest is not there; without a point there is nothing', () => {
    expect(drawn(finish)).toEqual([[50, 10, 2], [0, 0, 0], [0, 0, 0]])
    expect(drawn(back)).toBeNull()
    expect(drawn(cancel)).toBeNull()
    expect(play(keypoints.arm?.(SIZE, FIELD, null) ?? begin(), [say('absent'), say('absent'), say('absent')])).toBeNull()
  })

  test('it can begin with a point that is not there', () => {
    expect(play(keypoints.arm?.(SIZE, FIELD, null) ?? begin(), [say('absent'), ...click(20, 60), ...click(80, 60)])).toEqual([[0, 0, 0], [20, 60, 2], [80, 60, 2]])
  })

  test('Backspace takes back the last point, or the last that was not there', () => {
    expect(drawn(...click(20, 60), back, ...click(30, 60), ...click(80, 60))?.[1]).toEqual([30, 60, 2])
    expect(drawn(say('absent'), back, ...click(30, 60), ...click(80, 60))?.[1]).toEqual([30, 60, 2])
  })

  test('a first press that is dragged far places the whole template', () => {
    expect(play(begin(), [move(90, 90), up(150, 90)])).toEqual([[70, 10, 2], [50, 90, 2], [90, 90, 2]])
    expect(play(begin(), [move(90, 90), move(150, 90), up(150, 90)])).toEqual([[100, 10, 2], [50, 90, 2], [150, 90, 2]])
    expect(play(begin(), [move(90, 90), move(53, 12), up(53, 12), finish])?.[0]).toEqual([53, 12, 2])
  })

  test('by keyboard the cross moves on without what it set', () => {
    const to = (x: number, y: number): GestureInput[] => [{ type: 'move', point: at(x, y), reach: 0 }, { type: 'up', point: at(x, y), reach: 0 }, { type: 'down', point: at(x, y), reach: 0 }]
    expect(play(begin(), [...to(120, 90), ...to(130, 95)])).toEqual([[50, 10, 2], [120, 90, 2], [130, 95, 2]])
  })

  test('points stay in the picture', () => {
    expect(drawn(...click(500, 60), ...click(-80, 161))).toEqual([[50, 10, 2], [200, 60, 2], [0, 100, 2]])
  })

  test('missing points are placed into a set that is there', () => {
    expect(play(rest(SET), [up(70, 70)])).toEqual([[50, 10, 2], [20, 60, 1], [70, 70, 2]])
    expect(play(rest([[0, 0, 0], [20, 60, 1], [0, 0, 0]]), [up(70, 70), finish])).toEqual([[70, 70, 2], [20, 60, 1], [0, 0, 0]])
  })

  test('the guide tells the next point', () => {
    const gesture = new Running<Keypoints, Placing>(begin())
    const told = (preview: Placing | null, base: Keypoints | null = null) => keypoints.guide?.(preview, FIELD, base)
    gesture.send(up(50, 10))
    expect(told(null)).toMatchObject({ words: 'Top', step: 1, of: 3, next: at(0.5, 0) })
    expect(told(gesture.preview)).toMatchObject({ words: 'Left', step: 2, done: [at(0.5, 0)], open: [at(1, 1)] })
    gesture.send(say('absent'))
    expect(told(gesture.preview)).toMatchObject({ words: 'Right', step: 3 })
    expect(told(null, SET)).toMatchObject({ words: 'Right', step: 3 })
  })

  test('the point under the pointer is sketched with its lines, hollow where it will be occluded', () => {
    const gesture = new Running<Keypoints, Placing>(begin())
    for (const input of [up(50, 10), say('occluded'), move(20, 60)]) gesture.send(input)
    const sketched = gesture.preview && keypoints.sketch?.(gesture.preview, FIELD)
    expect(sketched).toContainEqual(expect.objectContaining({ type: 'lines', lines: [[at(50, 10), at(20, 60)]] }))
    expect(sketched).toContainEqual(expect.objectContaining({ type: 'dots', solid: false, points: [at(20, 60)] }))
  })
})

describe('changing', () => {
  const act = (id: string, set: Keypoints, handle: string | null = null) => keypoints.acts?.find((a) => a.id === id)?.run(set, FIELD, handle, { at: at(0, 0), words: () => [] })

  test('a point moves and keeps how visible it is; points that are not there have no handle', () => {
    expect(keypoints.handles(SET, FIELD).map((h) => h.id)).toEqual(['p0', 'p1'])
    expect(keypoints.moveHandle(SET, 'p1', at(25, 300), SIZE)[1]).toEqual([25, 100, 1])
  })

  test('a point is taken out; the last one stays', () => {
    expect(keypoints.removeHandle?.(SET, 'p0')).toEqual([[0, 0, 0], [20, 60, 1], [0, 0, 0]])
    expect(keypoints.removeHandle?.([[0, 0, 0], [20, 60, 1], [0, 0, 0]], 'p1')).toBeNull()
  })

  test('all move together and stay in the picture', () => {
    expect(keypoints.moveBy(SET, at(-40, 5), SIZE)).toEqual([[30, 15, 2], [0, 65, 1], [0, 0, 0]])
  })

  test('left and right are swapped, with what is not there', () => {
    expect(act('swap', SET)).toEqual([[50, 10, 2], [0, 0, 0], [20, 60, 1]])
  })

  test('a point becomes occluded, visible again, or is not there', () => {
    expect(act('occluded', SET, 'p0')?.[0]).toEqual([50, 10, 1])
    expect(act('occluded', SET, 'p1')?.[1]).toEqual([20, 60, 2])
    expect(act('absent', SET, 'p1')?.[1]).toEqual([0, 0, 0])
    expect(act('occluded', SET)).toBeNull()
  })
})

test('one side is lighter, and what is occluded is hollow', () => {
  const outline = keypoints.outline([[50, 10, 2], [20, 60, 1], [80, 60, 2]], FIELD)

  expect(outline[0]).toEqual({ type: 'lines', lines: [[at(50, 10), at(20, 60)], [at(50, 10), at(80, 60)]], light: { type: 'lines', lines: [[at(50, 10), at(80, 60)]] } })
  expect(outline.slice(1).map((p) => p.type === 'dots' && [p.light, p.solid, p.points])).toEqual([[false, true, [at(50, 10)]], [false, false, [at(20, 60)]], [true, true, [at(80, 60)]]])
})

test.each(Object.entries(READY))('the ready-made %s has a place for every point and lines between points', (_name, ready) => {
  const skeleton = skeletonOf(fieldOf('keypoints', { points: [...ready.points], edges: [...ready.edges] }))

  expect(skeleton.edges).toHaveLength(ready.edges.length)
  expect(skeleton.places).toEqual(ready.points.map((name) => ({ x: ready.places[name]?.[0], y: ready.places[name]?.[1] })))
})
