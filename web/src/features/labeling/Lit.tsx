// A name in which the letters that were typed stand in gold.

import type { ReactNode } from 'react'

export function Lit({ text, typed }: { text: string; typed: string }): ReactNode {
  const word = typed.trim().split(/\s+/)[0] ?? ''
  const at = word === '' ? -1 : text.toLowerCase().indexOf(word.toLowerCase())
  if (at < 0) return text
  return (
    <>
      {text.slice(0, at)}
      <mark>{text.slice(at, at + word.length)}</mark>
      {text.slice(at + word.length)}
    </>
  )
}
