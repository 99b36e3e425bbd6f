import { expect, it } from 'vitest'
import { causeOf } from './words'

it.each([
  ['ConnectError: [Errno 111] Connection refused', 'Nothing listens'],
  ['ReadTimeout: timed out', '30 seconds'],
  ['Refused: uri: got hooks.invalid, which has no address, expected a host of the open internet.', 'host does not exist'],
  ['Refused: uri: got 127.0.0.1, which is 127.0.0.1, expected a host of the open internet.', 'whoever runs this server'],
  ['answered 302', 'redirects'],
  ['answered 500', 'failed in the program'],
  ['answered 418', ''],
])('%s is explained', (error, words) => {
  expect(causeOf(error)).toContain(words)
  expect(causeOf(error) === '').toBe(words === '')
})
