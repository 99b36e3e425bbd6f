import { expect, test } from 'vitest'
import { read, shown, written } from './money'

test('an amount is read as it was written', () => {
  for (const [amount, digits] of [[0, 2], [5, 2], [1550, 2], [-77, 2], [1200, 0], [1234, 3]] as const) expect(read(written(amount, digits), digits)).toBe(amount)
  expect(read('15,5', 2)).toBe(1550)
})

test('what is no amount is not guessed at', () => {
  for (const text of ['', 'x', '1e5', '1.234', '--1', '1.2.3', 'Infinity']) expect(read(text, 2)).toBe(null)
  expect(read('1.2300', 2)).toBe(123)
})

test('a currency is shown with its decimals', () => {
  expect(shown(123456, 'EUR', 2)).toContain('1,234.56')
  expect(shown(1200, 'JPY', 0)).toContain('1,200')
})
