// An answer that is edited: the text to change, beside it what became of it word by word, and a large window for both.

import { Fragment, type ReactNode, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { Beginning, ControlProps, Source } from '../engine/kind'
import { Dialog } from '../ui/Dialog'
import { Button, IconButton, Key } from '../ui/parts'
import { m } from './messages'
import { type Changes, changesOf, folded, type Run } from './text-diff'
import './text-edit.css'

export interface EditControlProps extends ControlProps {
  /** What is wrong with the text, in words. */
  readonly wrong: string
}

export default function EditControl(props: EditControlProps): ReactNode {
  const { beginning, id, field, disabled } = props
  if (beginning === undefined) return null
  if (beginning.chosen === null) {
    return (
      <div className="edit-choose" id={id} tabIndex={-1} role="group" aria-label={field.title}>
        <span className="t2 f12">{m.editWhich}</span>
        {beginning.sources.map((source, i) => (
          <button key={source.part} type="button" className="btn" disabled={disabled} onClick={() => choose(beginning, source, id)}>
            {m.editOf(source.name)} {i < 9 && <Key>{`Shift+${i + 1}`}</Key>}
          </button>
        ))}
      </div>
    )
  }
  return <Editor {...props} source={beginning.chosen} beginning={beginning} />
}

function choose(beginning: Beginning, source: Source, id: string): void {
  beginning.choose(source)
  requestAnimationFrame(() => document.getElementById(id)?.focus())
}

function Editor(props: EditControlProps & { readonly source: Source; readonly beginning: Beginning }): ReactNode {
  const { field, value, onChange, id, disabled, source, beginning, wrong } = props
  const [isLarge, setLarge] = useState(false)
  const text = typeof value === 'string' ? value : source.text
  const changes = useChanges(source.text, text)
  const isConfirmed = value === source.text
  const write = (typed: string): void => onChange(typed === source.text ? undefined : typed)
  const note = wrong || (value === undefined ? m.untouched : '')
  const area = (large: boolean): ReactNode => (
    <Area key={source.part} id={large ? `${id}-large` : id} label={field.title} note={`${id}-note`} text={text} disabled={disabled === true} isWrong={wrong !== ''} onWrite={write} />
  )
  return (
    <div className="edit">
      <div className="edit-bar">
        {beginning.sources.length > 1 ? <Sources {...props} chosen={source} /> : <span className="t2 f12">{source.name}</span>}
        <span className="t3 f12">{isConfirmed ? m.confirmed : changes && (changes.wordsIn + changes.wordsOut > 0 || text !== source.text) ? m.wordsChanged(changes.wordsIn, changes.wordsOut) : m.noWordsChanged}</span>
        <span className="grow" />
        <Button size="small" look="quiet" icon="undo" disabled={disabled === true || value === undefined} onClick={() => onChange(undefined)}>{m.backToOriginal}</Button>
        <Button size="small" icon="check" aria-pressed={isConfirmed} disabled={disabled === true || (value !== undefined && !isConfirmed)} onClick={() => onChange(isConfirmed ? undefined : source.text)}>{m.keepAsIs}</Button>
        <IconButton icon="fit" size="small" label={m.large} onClick={() => setLarge(true)} />
      </div>
      <div className="edit-panes">
        {area(false)}
        <Differences changes={changes} />
      </div>
      <p id={`${id}-note`} className={wrong === '' ? 'edit-note' : 'edit-note bad'}>{note}</p>
      {isLarge && (
        <Dialog title={`${field.title}: ${source.name}`} width={1240} onClose={() => setLarge(false)} footer={<><span className="t3 f12">{changes && m.wordsChanged(changes.wordsIn, changes.wordsOut)}</span><span className="grow" /><Button look="primary" onClick={() => setLarge(false)}>{m.done}</Button></>}>
          <div className="edit-panes large">
            {area(true)}
            <Differences changes={changes} />
          </div>
        </Dialog>
      )}
    </div>
  )
}

interface AreaProps {
  readonly id: string
  readonly label: string
  readonly note: string
  readonly text: string
  readonly disabled: boolean
  readonly isWrong: boolean
  readonly onWrite: (text: string) => void
}

/**
 * The text under the hands. The browser keeps it, and is told only of what changed elsewhere: a key in a long one draws
 * nothing anew. A long text becomes the answer when the hands rest, or leave it.
 */
function Area({ id, label, note, text, disabled, isWrong, onWrite }: AreaProps): ReactNode {
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
    if (next.length <= AT_ONCE) return onWrite(next)
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
  return <textarea ref={area} className="area" id={id} aria-label={label} defaultValue={first} disabled={disabled} dir="auto" spellCheck={text.length <= AT_ONCE} aria-invalid={isWrong} aria-describedby={note} onChange={(event) => type(event.target.value)} onBlur={flush} onKeyDown={(event) => { if (event.ctrlKey || event.metaKey) flush() }} />
}

function Sources({ beginning, chosen, id, disabled }: EditControlProps & { readonly beginning: Beginning; readonly chosen: Source }): ReactNode {
  return (
    <span className="seg" role="radiogroup" aria-label={m.editedOf}>
      {beginning.sources.map((source) => (
        <button key={source.part} type="button" role="radio" aria-checked={source.part === chosen.part} className={source.part === chosen.part ? 'on' : ''} disabled={disabled} onClick={() => choose(beginning, source, id)}>
          {source.name}
        </button>
      ))}
    </span>
  )
}

/** Texts up to this many letters, both together, are compared at each key; longer ones when the hands rest. */
const AT_ONCE = 8_000
const REST_MS = 250

function useChanges(before: string, after: string): Changes | null {
  const isShort = before.length + after.length <= AT_ONCE
  const [late, setLate] = useState<{ readonly before: string; readonly changes: Changes } | null>(null)
  const now = useMemo(() => (isShort || before === after ? changesOf(before, after) : null), [isShort, before, after])
  useEffect(() => {
    if (now !== null) return
    const timer = setTimeout(() => setLate({ before, changes: changesOf(before, after) }), REST_MS)
    return () => clearTimeout(timer)
  }, [now, before, after])
  return now ?? (late?.before === before ? late.changes : null)
}

function Differences({ changes }: { readonly changes: Changes | null }): ReactNode {
  const runs = changes?.runs ?? []
  return (
    <div className="edit-diff" role="group" aria-label={m.changes} tabIndex={0} dir="auto">
      {runs.map((run, i) => <Fragment key={i}>{run.type === 'same' ? <Same text={run.text} isFirst={i === 0} isLast={i === runs.length - 1} /> : <Changed run={run} />}</Fragment>)}
    </div>
  )
}

function Changed({ run }: { readonly run: Run }): ReactNode {
  const Element = run.type === 'in' ? 'ins' : 'del'
  return (
    <Element>
      <span className="hidden">{run.type === 'in' ? m.inserted : m.deleted} </span>
      {run.text.replace(/\r?\n/g, '↵\n')}
      <span className="hidden"> {m.insertedEnd} </span>
    </Element>
  )
}

function Same({ text, isFirst, isLast }: { readonly text: string; readonly isFirst: boolean; readonly isLast: boolean }): ReactNode {
  const short = isFirst && isLast ? null : folded(text, isFirst, isLast)
  if (short === null) return text
  return (
    <>
      {short.head}
      <span className="edit-fold">{m.unchanged(text.length - short.head.length - short.tail.length)}</span>
      {short.tail}
    </>
  )
}
