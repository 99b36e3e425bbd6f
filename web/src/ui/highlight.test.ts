// Code is coloured without a letter of it changing, and nothing in it becomes markup.
import { expect, it } from 'vitest'
import { wordsOf } from './highlight'

const said = (code: string, language: string): string => wordsOf(code, language)?.map((word) => word.text).join('') ?? 'unknown'

it('tells keywords, strings, numbers and comments apart', () => {
  const words = wordsOf('def f():\n    return "a" + 1  # why', 'python') ?? []
  const is = (text: string): string | undefined => words.find((word) => word.text === text)?.is
  expect([is('def'), is('f'), is('"a"'), is('1'), is('# why')]).toEqual(['keyword', 'name', 'string', 'number', 'comment'])
})

it.each([
  ['<script>alert("x" & \'y\')</script><!-- &lt; -->', 'html'],
  ['a = f"{x!r:>{w}} <span class=\\"hljs-string\\">"', 'py'],
  ['`${a ? `${"</span>"}` : "&amp;"}`', 'ts'],
  ['\u202e"abc"\u0000\ud83d', 'json'],
  ['"'.repeat(2_000), 'javascript'],
  ['<'.repeat(2_000), 'xml'],
  ['{'.repeat(2_000), 'css'],
])('keeps every letter of %j', (code, language) => {
  expect(said(code, language)).toBe(code)
})

it('leaves a language alone that it does not know', () => {
  expect(wordsOf('x', 'brainfuck')).toBeNull()
  expect(wordsOf('x', 'constructor')).toBeNull()
})
