import { describe, expect, test } from 'vitest'
import { fitting, piecesOf, plainOf, sent, standing, typedAt, withName, withoutName } from './mentions'

const [ana, ben, anabel] = [{ id: '0199d7c4-8a51-7d3e-9f67-2f6b1c0e4a11', name: 'Ana Roth' }, { id: '0199d7c4-8a51-7d3e-9f67-2f6b1c0e4a12', name: 'Ben Ana' }, { id: '0199d7c4-8a51-7d3e-9f67-2f6b1c0e4a13', name: 'Ana Roth-Lee' }]
const people = [ben, ana, anabel]

describe('what is typed', () => {
  test('is a name behind an @ that begins a word', () => {
    expect(typedAt('see @an', 7)).toEqual({ from: 4, word: 'an' })
    expect(typedAt('@', 1)).toEqual({ from: 0, word: '' })
    expect(typedAt('@ana ro', 7)).toEqual({ from: 0, word: 'ana ro' })
    expect(typedAt('ana@example.org', 15)).toBeNull()
    expect(typedAt('@ana\nhello', 10)).toBeNull()
    expect(typedAt('see @ana', 3)).toBeNull()
  })

  test('fits whoever has a name that begins so, the whole name first', () => {
    expect(fitting(people, 'an').map((one) => one.name)).toEqual(['Ana Roth', 'Ana Roth-Lee', 'Ben Ana'])
    expect(fitting(people, 'ana r')).toEqual([ana, anabel])
    expect(fitting(people, 'roth')).toEqual([ana, anabel])
    expect(fitting(people, 'na')).toEqual([])
  })

  test('is replaced by the name that is chosen, and the caret stands behind it', () => {
    expect(withName('see @an here', { from: 4, word: 'an' }, 7, ana)).toEqual({ text: 'see @Ana Roth here', caret: 14 })
  })
})

describe('a message', () => {
  test('is sent with ids, and only of those who still stand in it', () => {
    const text = '@Ana Roth-Lee and @Ana Roth, look '
    expect(sent(text, people)).toEqual({ text: `@{${anabel.id}} and @{${ana.id}}, look`, mentions: [anabel.id, ana.id] })
    expect(standing('@Ben Ana', people)).toEqual([ben])
    expect(withoutName('@Ben Ana look', ben)).toBe('look')
  })

  test('is read with names, or without where none are told', () => {
    expect(piecesOf(`@{${ana.id}} look`, [ana])).toEqual([{ person: 'Ana Roth', isMe: false }, { words: ' look' }])
    expect(piecesOf('a @{me} @{someone}', [])).toEqual([{ words: 'a ' }, { person: null, isMe: true }, { words: ' ' }, { person: null, isMe: false }])
    expect(plainOf('hi @{someone}!', [], 'an expert')).toBe('hi @an expert!')
  })
})
