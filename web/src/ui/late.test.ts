import { expect, test } from 'vitest'
import { Late } from './late'

test('it is loaded once, and whoever follows is told', async () => {
  let loads = 0
  const late = new Late(() => Promise.resolve(`part ${(loads += 1)}`))
  let told = 0
  late.follow(() => (told += 1))

  expect(late.value).toBe(null)
  await Promise.all([late.ask(), late.ask()])
  await late.ask()

  expect([late.value, loads, told]).toEqual(['part 1', 1, 1])
})

test('what failed is asked for again, and whoever has left is told nothing', async () => {
  let fails = true
  const late = new Late(() => (fails ? Promise.reject(new Error('no connection')) : Promise.resolve('part')))
  let told = 0
  const stop = late.follow(() => (told += 1))

  await late.ask()
  expect(late.value).toBe(null)
  fails = false
  stop()
  await late.ask()

  expect([late.value, told]).toEqual(['part', 0])
})
