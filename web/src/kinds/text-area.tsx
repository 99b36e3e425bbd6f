// The text under the hands. One that is too long to be laid out at each key is written in pieces, of which one is open.

import { type ReactNode, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { hasLineOver, piecesOf } from '../ui/blocks'
import { IconButton } from '../ui/parts'
import { m } from './messages'

export interface AreaProps {
  readonly id: string
  readonly label: string
  readonly note: string
  readonly text: string
  readonly disabled: boolean
  readonly isWrong: boolean
  readonly onWrite: (text: string) => void
}

/** Texts up to this many characters become the answer at each key; longer ones when the hands rest. */
const AT_ONCE = 4_000
const REST_MS = 250
/** Characters of a text, and of a line, that browsers lay out at each key without lag. */
const LONGEST = 60_000
const LONGEST_LINE = 10_000

export function EditArea(props: AreaProps): ReactNode {
  // What is open stays open as it is, however long it becomes.
  const [isLong] = useState(() => props.text.length > LONGEST || hasLineOver(props.text, LONGEST_LINE))
  return isLong ? <InPieces {...props} /> : <Area {...props} rests={props.text.length > AT_ONCE} />
}

/** The pieces as they stand; together they are the text. */
function cut(text: string): readonly string[] {
  const pieces = piecesOf(text, LONGEST_LINE)
  return pieces.map(({ start }, i) => text.slice(start, pieces[i + 1]?.start ?? text.length))
}

function InPieces(props: AreaProps): ReactNode {
  const { text, label, onWrite } = props
  const [chosen, setChosen] = useState(0)
  const held = useRef<readonly string[]>([])
  // What was written here is not cut anew: the piece under the hands keeps its ends.
  const pieces = useMemo(() => (held.current.join('') === text ? held.current : (held.current = cut(text))), [text])
  const at = Math.min(chosen, pieces.length - 1)
  const write = (typed: string): void => {
    held.current = held.current.with(at, typed)
    onWrite(held.current.join(''))
  }
  return (
    <div className="edit-pieces">
      <div className="edit-bar">
        <IconButton icon="left" size="small" label={m.pieceBefore} disabled={at === 0} onClick={() => setChosen(at - 1)} />
        <span className="t2 f12" role="status">{m.piece(at + 1, pieces.length)}</span>
        <IconButton icon="right" size="small" label={m.pieceAfter} disabled={at === pieces.length - 1} onClick={() => setChosen(at + 1)} />
      </div>
      <Area key={at} {...props} label={`${label}, ${m.piece(at + 1, pieces.length)}`} text={pieces[at] ?? ''} onWrite={write} rests />
    </div>
  )
}

/** The browser keeps the text, and is told only of what changed elsewhere: a key in a long one draws nothing anew. */
function Area({ id, label, note, text, disabled, isWrong, onWrite, rests }: AreaProps & { readonly rests: boolean }): ReactNode {
  const area = useRef<HTMLTextAreaElement>(null)
  const [first] = useState(text)
  const waiting = useRef<{ readonly timer: ReturnType<typeof setTimeout>; readonly write: () => void } | null>(null)
  const flush = (): void => {
    const now = waiting.current
    waiting.current = null
    if (now === null) return
    clearTimeout(now.timer)
    now.write()
  }
  const type = (next: string): void => {
    if (waiting.current !== null) clearTimeout(waiting.current.timer)
    waiting.current = null
    if (!rests && next.length <= AT_ONCE) return onWrite(next)
    waiting.current = { timer: setTimeout(flush, REST_MS), write: () => onWrite(next) }
  }
  useLayoutEffect(() => {
    const shown = area.current
    if (shown !== null && waiting.current === null && shown.value !== text) shown.value = text
  }, [text])
  useEffect(() => () => {
    waiting.current?.write()
    waiting.current = null
  }, [])
  return <textarea ref={area} className="area" id={id} aria-label={label} defaultValue={first} disabled={disabled} dir="auto" spellCheck={!rests} aria-invalid={isWrong} aria-describedby={note} onChange={(event) => type(event.target.value)} onBlur={flush} onKeyDown={(event) => { if (event.ctrlKey || event.metaKey) flush() }} />
}
