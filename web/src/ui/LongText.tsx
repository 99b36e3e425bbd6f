// A text of any length as it is: what is out of sight is not laid out, and no line is laid out whole that would take long.

import { type ReactNode, useMemo } from 'react'
import { piecesOf } from './blocks'
import './long-text.css'

/** Characters of a piece that is laid out at once. */
const PIECE = 4_000

export function LongText({ text }: { readonly text: string }): ReactNode {
  const pieces = useMemo(() => piecesOf(text, PIECE), [text])
  return pieces.map(({ start, end, direction }, i) => <div key={i} className="long-piece" dir={direction ?? 'auto'}>{text.slice(start, end) || '\u200b'}</div>)
}
