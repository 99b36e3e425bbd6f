import { expect, test } from 'vitest'
import { Paced } from './in-sight'

/** Frames that come when the test says so, and a clock that each task moves on. */
function paced(budget: number): { paced: Paced; frame: () => void; task: (name: string, ms: number) => () => void; done: string[]; asked: () => number } {
  const frames: (() => void)[] = []
  const done: string[] = []
  let clock = 0
  return {
    paced: new Paced((act) => frames.push(act), () => clock, budget),
    frame: () => frames.shift()?.(),
    task: (name, ms) => () => {
      done.push(name)
      clock += ms
    },
    done,
    asked: () => frames.length,
  }
}

test('a frame does what fits into its budget, and asks for the next only while something is left', () => {
  const it = paced(6)
  for (const name of ['a', 'b', 'c', 'd']) it.paced.add(it.task(name, 3))
  expect([it.done, it.asked()]).toEqual([[], 1])
  it.frame()
  expect([it.done, it.asked()]).toEqual([['a', 'b'], 1])
  it.frame()
  expect([it.done, it.asked()]).toEqual([['a', 'b', 'c', 'd'], 0])
})

test('a task longer than a frame is done, alone', () => {
  const it = paced(6)
  it.paced.add(it.task('long', 40))
  it.paced.add(it.task('next', 1))
  it.frame()
  expect(it.done).toEqual(['long'])
})

test('what was taken back is not done, and what fails stops no other', () => {
  const it = paced(6)
  const gone = it.task('gone', 1)
  it.paced.add(() => {
    throw new Error('not sound')
  })
  it.paced.add(gone)
  it.paced.add(it.task('kept', 1))
  it.paced.drop(gone)
  expect(() => it.frame()).toThrow('not sound')
  it.frame()
  expect(it.done).toEqual(['kept'])
})
