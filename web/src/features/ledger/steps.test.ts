import { expect, test } from 'vitest'
import { stepsOf, stepsText } from './steps'

test('steps are read as they were written', () => {
  const steps = [{ from: 0, percent: 90 }, { from: 0.75, percent: 100 }]
  expect(stepsOf(stepsText(steps))).toEqual(steps)
  expect(stepsOf(' 0.9:115 % ')).toEqual([{ from: 0.9, percent: 115 }])
  expect(stepsOf('')).toEqual([])
})

test('what is no step is not guessed at', () => {
  for (const text of ['x', '0.9', '0.9 : 1.5', '-1 : 100', '0.9 : 100; 1 : 2']) expect(stepsOf(text)).toBe(null)
})
