// Code as it was written, and coloured by what its words are once the colouring is here.

import { type ReactNode, useEffect, useState } from 'react'
import type { Word } from './highlight'

/** Longer code stays plain: colouring it would hold up the hands. */
const LONGEST = 20_000

export function CodeText({ text, language }: { readonly text: string; readonly language: string }): ReactNode {
  const [known, setKnown] = useState<{ readonly text: string; readonly words: readonly Word[] | null } | null>(null)
  const name = language.trim().split(/[\s,{]/)[0]?.toLowerCase() ?? ''
  const wanted = name !== '' && text.length <= LONGEST
  useEffect(() => {
    if (!wanted) return
    let here = true
    const colour = async (): Promise<void> => {
      const { wordsOf } = await import('./highlight')
      if (here) setKnown({ text, words: wordsOf(text, name) })
    }
    colour().catch(() => undefined) // without a connection it stays plain until the page is opened again
    return () => {
      here = false
    }
  }, [text, name, wanted])
  const words = wanted && known?.text === text ? known.words : null
  return <code>{words === null ? text : words.map((word, i) => (word.is === '' ? word.text : <span key={i} className={`w-${word.is}`}>{word.text}</span>))}</code>
}
