import { describe, expect, test } from 'vitest'
import { clashes, command, commandFor, matching, rebound } from './command'
import { chordOf, type KeyPress } from './hotkeys'

const press = (given: Partial<KeyPress>): KeyPress => ({ key: '', code: '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...given })

describe('chords', () => {
  test.each([
    ['a letter goes by what is typed, as on AZERTY where Q stands at A', { key: 'q', code: 'KeyA' }, 'Q'],
    ['a digit goes by its place, as on AZERTY where 1 types &', { key: '&', code: 'Digit1' }, '1'],
    ['a digit of the number pad', { key: '7', code: 'Numpad7' }, '7'],
    ['an arrow of the number pad is an arrow', { key: 'ArrowLeft', code: 'Numpad4' }, 'Left'],
    ['Space has a name', { key: ' ', code: 'Space', shiftKey: true }, 'Shift+Space'],
    ['Command counts as Ctrl', { key: 'z', code: 'KeyZ', metaKey: true, shiftKey: true }, 'Ctrl+Shift+Z'],
    ['a sign carries its Shift in itself', { key: '?', code: 'Slash', shiftKey: true }, '?'],
    ['a dead key at the back-tick is the back-tick', { key: 'Dead', code: 'Backquote' }, '`'],
    ['a layout without Latin letters goes by place', { key: 'ш', code: 'KeyI' }, 'I'],
    ['a modifier alone is no chord', { key: 'Shift', code: 'ShiftLeft', shiftKey: true }, null],
  ])('%s', (_name, given, chord) => {
    expect(chordOf(press(given))).toBe(chord)
  })
})

describe('commands', () => {
  const make = (id: string, keys: string[], mode?: 'idle' | 'selected') => command<{ on: boolean }>({ id, title: id, group: 'g', keys, mode, when: ({ on }) => on, run: () => undefined })

  test('two commands of one screen that share a key clash', () => {
    expect(clashes([make('a', ['X']), make('b', ['X', 'Y'])]).map((c) => [c.chord, c.first.id, c.second.id])).toEqual([['X', 'a', 'b']])
  })

  test('keys of modes that never hold together do not clash', () => {
    expect(clashes([make('a', ['Q'], 'idle'), make('b', ['Q'], 'selected')])).toEqual([])
  })

  test('a chosen key replaces the default one', () => {
    expect(commandFor(rebound([make('a', ['X'])], { a: ['J'] }), 'J', { on: true })?.id).toBe('a')
  })

  test('a command that cannot run now is not called', () => {
    expect(commandFor([make('a', ['X'])], 'X', { on: false })).toBeNull()
  })

  test('the palette finds by any words and puts first what begins with them', () => {
    const all = [make('mark as occluded', []), make('occluded: heavy', []), make('submit', [])]

    expect(matching(all, 'occ').map((c) => c.id)).toEqual(['occluded: heavy', 'mark as occluded'])
  })
})
