import { expect, test } from 'vitest'
import { Kept } from './kept'

/** A store of two spares, whose loads end when told, and what it closed. */
function made() {
  const closed: string[] = []
  const loads = new Map<string, { resolve: (value: string) => void; reject: (error: Error) => void }>()
  const kept = new Kept<string>((url) => new Promise((resolve, reject) => loads.set(url, { resolve, reject })), (value) => closed.push(value), 2)
  const come = async (...urls: string[]): Promise<void> => {
    for (const url of urls) loads.get(url)?.resolve(url)
    await Promise.resolve()
  }
  return { kept, closed, loads, come }
}

test('what is shown stays open however many are asked for after it, and is closed once nobody shows it', async () => {
  const { kept, closed, come } = made()
  const views = ['a', 'b', 'c'].map((url) => kept.hold(url))
  for (const url of ['d', 'e', 'f']) void kept.ask(url)
  await come('a', 'b', 'c', 'd', 'e', 'f')
  expect(closed).toEqual(['d'])
  expect(kept.now('a')).toBe('a')

  for (const { letGo } of views) letGo()
  expect([...closed].sort()).toEqual(['a', 'b', 'c', 'd'])
  expect([kept.now('e'), kept.now('f')]).toEqual(['e', 'f'])
})

test('one that is shown twice is closed after the second has let go, and letting go again changes nothing', async () => {
  const { kept, closed, come } = made()
  const [one, two] = [kept.hold('a'), kept.hold('a')]
  await come('a')
  one.letGo()
  one.letGo()
  for (const url of ['b', 'c', 'd']) void kept.ask(url)
  expect(closed).toEqual([])
  two.letGo()
  expect(closed).toEqual(['a'])
})

test('a failure is not remembered', async () => {
  const { kept, loads, come } = made()
  const failed = kept.ask('a')
  loads.get('a')?.reject(new Error('no answer'))
  await expect(failed).rejects.toThrow('no answer')

  const again = kept.ask('a')
  await come('a')
  expect([await again, kept.now('a')]).toEqual(['a', 'a'])
})
