// The keys of what paints are nobody else's, whichever kinds a schema has beside it.

import { expect, test } from 'vitest'
import { clashes } from '../../engine/command'
import { readSchema } from '../../engine/schema'
import type { Session } from '../../engine/session'
import { KINDS } from '../../kinds'
import { commandsOf, takenKeys } from './commands'
import { withoutTaken } from './field-keys'
import { Screen } from './screen'

test('no key of painting calls another command', () => {
  const drawn = [...KINDS.values()].filter((kind) => kind.surface === 'canvas').map((kind) => kind.name)
  const fields = Object.fromEntries(drawn.map((kind) => [kind, { kind, on: 'photo', many: true, labels: { thing: { title: kind } } }]))
  const schema = readSchema({ karat_schema: 1, streams: { photo: { kind: 'image' } }, fields })
  const session = { work: null, phase: 'loading', lastAnnotations: [], subscribe: () => () => undefined } as unknown as Session
  const screen = new Screen(session, { kinds: KINDS, schema, projectTitle: 'All', projectId: 'p', onLeave: null, onFinished: null, keys: {}, onKeys: null, make: commandsOf, taken: takenKeys })

  const found = clashes(commandsOf(screen)).filter(({ first, second }) => [first, second].some(({ id }) => id.startsWith('paint.')))

  expect(commandsOf(screen).filter(({ id }) => id.startsWith('paint.')).map(({ id }) => id)).toContain('paint.eraser')
  expect(found.map(({ chord, first, second }) => [chord, first.id, second.id])).toEqual([])
})

test('a key that what is selected has is not shown at an answer too', () => {
  const keys = { field: 'Q', options: { yes: 'Q', no: 'W' } }

  expect(withoutTaken(keys, new Set(['Q']))).toEqual({ field: null, options: { no: 'W' } })
  expect(withoutTaken(keys, new Set())).toEqual(keys)
})
