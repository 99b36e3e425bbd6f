// Markdown as chats write it, and nothing in it that could run.

import { expect, test } from 'vitest'
import { blocksOf, inlinesOf } from './markdown'

test('paragraphs keep their line breaks, as people type them in a chat', () => {
  expect(blocksOf('one\ntwo\n\nthree')).toEqual([
    { type: 'paragraph', inside: ['one', { type: 'break' }, 'two'] },
    { type: 'paragraph', inside: ['three'] },
  ])
})

test('code keeps every character, Markdown and markup too', () => {
  const text = '```html\n<script>alert(1)</script>\n**not bold**\n```'

  expect(blocksOf(text)).toEqual([{ type: 'code', language: 'html', text: '<script>alert(1)</script>\n**not bold**' }])
})

test('markup outside of code is text', () => {
  expect(blocksOf('<img src=x onerror=alert(1)>')).toEqual([{ type: 'paragraph', inside: ['<img src=x onerror=alert(1)>'] }])
})

test.each(['[x](javascript:alert(1))', '[x](data:text/html,hi)', '[x](//evil.example)', '![x](file:///etc/passwd)'])('%s is no link', (text) => {
  expect(JSON.stringify(inlinesOf(text))).not.toContain('"link"')
})

test('a picture becomes a link, so that nothing is loaded', () => {
  expect(inlinesOf('![a map](https://example.org/map.png)')).toEqual([{ type: 'link', href: 'https://example.org/map.png', inside: ['a map'] }])
})

test('lists hold paragraphs, code and lists', () => {
  const [list] = blocksOf('1. **Add an index**:\n   ```sql\n   CREATE INDEX i ON t (s);\n   ```\n2. Partition\n   - by month\n   - by year\n')

  expect(list).toEqual({
    type: 'list',
    start: 1,
    items: [
      [{ type: 'paragraph', inside: [{ type: 'strong', inside: ['Add an index'] }, ':'] }, { type: 'code', language: 'sql', text: 'CREATE INDEX i ON t (s);' }],
      [{ type: 'paragraph', inside: ['Partition'] }, { type: 'list', start: null, items: [[{ type: 'paragraph', inside: ['by month'] }], [{ type: 'paragraph', inside: ['by year'] }]] }],
    ],
  })
})

test('a list with empty lines between its entries is one list', () => {
  expect(blocksOf('1. one\n\n2. two\n\n3. three')).toMatchObject([{ type: 'list', start: 1, items: [{}, {}, {}] }])
})

test('emphasis is where words touch it, and names with underscores are not', () => {
  expect(inlinesOf('a *b* __c__ ~~d~~ snake_case_name 2 * 3 * 4')).toEqual(['a ', { type: 'em', inside: ['b'] }, ' ', { type: 'strong', inside: ['c'] }, ' ', { type: 'del', inside: ['d'] }, ' snake_case_name 2 * 3 * 4'])
})

test('tables, headings, quotes, rules and formulas', () => {
  const blocks = blocksOf('# Head\n\n> said\n\n---\n\n| a | b |\n|---|:-:|\n| 1 | `2` |\n\n$$\nx^2\n$$\n\nso \\(y_1\\) holds')

  expect(blocks.map((b) => b.type)).toEqual(['heading', 'quote', 'rule', 'table', 'math', 'paragraph'])
  expect(blocks[3]).toEqual({ type: 'table', head: [['a'], ['b']], rows: [[['1'], [{ type: 'code', text: '2' }]]] })
  expect(blocks[5]).toEqual({ type: 'paragraph', inside: ['so ', { type: 'math', text: 'y_1', display: false }, ' holds'] })
})

test('what never closes stays text, however much of it there is', () => {
  const text = '*a **b `c [d '.repeat(4000)

  const [paragraph] = blocksOf(text)

  expect(paragraph?.type).toBe('paragraph')
})

test('quotes within quotes end somewhere', () => {
  expect(() => blocksOf(`${'> '.repeat(5000)}deep`)).not.toThrow()
})

const formulas = (text: string): string[] => inlinesOf(text).flatMap((part) => (typeof part !== 'string' && part.type === 'math' ? [part.display ? `display ${part.text}` : part.text] : []))

test.each([
  ['so $x^2$ and $y$.', ['x^2', 'y']],
  ['$$x$$ then \\[y\\] then \\(z\\)', ['display x', 'display y', 'z']],
  ['$f(x) = 3$, $2x$ and $-1$', ['f(x) = 3', '2x', '-1']],
  ['$\\text{a \\$5 note}$', ['\\text{a \\$5 note}']],
  ['$3$ and $4 + 5$', ['3', '4 + 5']],
])('formulas in %j are %j', (text, expected) => {
  expect(formulas(text)).toEqual(expected)
})

test.each(['It costs $5 and $10.', '$5-$10', 'from $5, or 10$ less', 'US$5 to CA$7', '$ x $', 'a lone $ sign', '$5,000 for 3 years ($12,000 in all)', 'echo $HOME', '\\$5 and \\$6', `$${'x'.repeat(700)}$`, '$a\n\nb$', '`$x$`'])('there is no formula in %j', (text) => {
  expect(formulas(text)).toEqual([])
})
