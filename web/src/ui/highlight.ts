// Words of code with what they are: loaded with the first block of code that names its language.

import hljs from 'highlight.js/lib/core'
import bash from 'highlight.js/lib/languages/bash'
import c from 'highlight.js/lib/languages/c'
import cpp from 'highlight.js/lib/languages/cpp'
import csharp from 'highlight.js/lib/languages/csharp'
import css from 'highlight.js/lib/languages/css'
import diff from 'highlight.js/lib/languages/diff'
import go from 'highlight.js/lib/languages/go'
import java from 'highlight.js/lib/languages/java'
import javascript from 'highlight.js/lib/languages/javascript'
import json from 'highlight.js/lib/languages/json'
import python from 'highlight.js/lib/languages/python'
import rust from 'highlight.js/lib/languages/rust'
import sql from 'highlight.js/lib/languages/sql'
import typescript from 'highlight.js/lib/languages/typescript'
import xml from 'highlight.js/lib/languages/xml'
import yaml from 'highlight.js/lib/languages/yaml'

/** A stretch of code and what it is, "" where it is nothing special. */
export interface Word {
  readonly text: string
  readonly is: string
}

for (const [name, language] of Object.entries({ bash, c, cpp, csharp, css, diff, go, java, javascript, json, python, rust, sql, typescript, xml, yaml })) {
  hljs.registerLanguage(name, language)
}
const SIGNS: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#x27': "'" }

/** The words of a code; null where the language is not known. The words put together are the code, letter by letter. */
export function wordsOf(code: string, language: string): readonly Word[] | null {
  if (hljs.getLanguage(language) === undefined) return null
  const words = read(hljs.highlight(code, { language, ignoreIllegals: true }).value)
  // What was read of the library's markup is only shown where it says what was written.
  return words.map((word) => word.text).join('') === code ? words : null
}

/** The library gives escaped text in nested spans, and nothing else; it is read as text and never put into a page as markup. */
function read(markup: string): readonly Word[] {
  const words: Word[] = []
  const open: string[] = []
  let text = ''
  const close = (): void => {
    if (text !== '') words.push({ text, is: open.at(-1) ?? '' })
    text = ''
  }
  for (const [part, name, sign] of markup.matchAll(/<span class="([^"]*)">|<\/span>|&(amp|lt|gt|quot|#x27);|[^<&]+|[<&]/g)) {
    if (name !== undefined) {
      close()
      open.push(roleOf(name) ?? open.at(-1) ?? '')
    } else if (part === '</span>') {
      close()
      open.pop()
    } else text += sign === undefined ? part : (SIGNS[sign] ?? part)
  }
  close()
  return words
}

const ROLES: Readonly<Record<string, string>> = {
  keyword: 'keyword', built_in: 'name', type: 'name', title: 'name', section: 'name', name: 'keyword', 'selector-tag': 'keyword',
  string: 'string', regexp: 'string', char: 'string', quote: 'comment', comment: 'comment', doctag: 'comment', meta: 'comment',
  number: 'number', literal: 'number', symbol: 'number', bullet: 'number', attr: 'attr', attribute: 'attr', property: 'attr', variable: 'attr',
  'selector-class': 'attr', 'selector-id': 'attr', 'template-variable': 'attr', addition: 'added', deletion: 'removed', subst: '',
}

/** One of the few looks for the many names that the library has: `hljs-title function_` is a name. */
function roleOf(name: string): string | undefined {
  return ROLES[name.replace(/^hljs-/, '').split(' ')[0] ?? '']
}
