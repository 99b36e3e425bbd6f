// What became of a text, shown word by word: what was put in, what was taken out, and around it what stayed.

import { Fragment, type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { LongText } from '../ui/LongText'
import { m } from './messages'
import { type Changes, changesOf, folded, type Run } from './text-diff'
import type { Asked, Compared } from './text-diff.worker'

/** Texts up to this many characters, both together, are compared at each key; longer ones aside, when the hands rest. */
const AT_ONCE = 8_000
const REST_MS = 250
/** Changes that are shown; nobody reads more of them. */
const MOST_RUNS = 1_000

/** The changes; null before they were found the first time. */
export function useChanges(before: string, after: string): Changes | null {
  const isShort = before.length + after.length <= AT_ONCE
  const [late, setLate] = useState<{ readonly before: string; readonly changes: Changes } | null>(null)
  const now = useMemo(() => (isShort || before === after ? changesOf(before, after) : null), [isShort, before, after])
  const worker = useRef<Worker | null>(null)
  const asked = useRef(0)
  useEffect(() => {
    if (now !== null) return
    const timer = setTimeout(() => {
      const id = (asked.current += 1)
      worker.current ??= new Worker(new URL('./text-diff.worker.ts', import.meta.url), { type: 'module' })
      worker.current.onmessage = ({ data }: MessageEvent<Compared>) => {
        if (data.id === asked.current) setLate({ before, changes: data.changes })
      }
      const wanted: Asked = { id, before, after }
      worker.current.postMessage(wanted)
    }, REST_MS)
    return () => clearTimeout(timer)
  }, [now, before, after])
  useEffect(() => () => {
    worker.current?.terminate()
    worker.current = null
  }, [])
  return now ?? (late?.before === before ? late.changes : null)
}

export function Differences({ changes }: { readonly changes: Changes | null }): ReactNode {
  const runs = changes?.runs ?? []
  const shown = runs.slice(0, MOST_RUNS)
  return (
    <div className="edit-diff" role="group" aria-label={m.changes} tabIndex={0} dir="auto">
      {shown.map((run, i) => <Fragment key={i}>{run.type === 'same' ? <Same text={run.text} isFirst={i === 0} isLast={i === runs.length - 1} /> : <Changed run={run} />}</Fragment>)}
      {runs.length > shown.length && <span className="edit-fold">{m.moreChanges(runs.slice(MOST_RUNS).filter((run) => run.type !== 'same').length)}</span>}
    </div>
  )
}

function Changed({ run }: { readonly run: Run }): ReactNode {
  const Element = run.type === 'in' ? 'ins' : 'del'
  const short = folded(run.text, false, false, LONGEST_CHANGE)
  const plain = (text: string): string => text.replace(/\r?\n/g, '↵\n')
  return (
    <Element>
      <span className="hidden">{run.type === 'in' ? m.inserted : m.deleted} </span>
      {short === null ? plain(run.text) : <>{plain(short.head)}<span className="edit-fold">{m.longChange(run.text.length - short.head.length - short.tail.length)}</span>{plain(short.tail)}</>}
      <span className="hidden"> {m.insertedEnd} </span>
    </Element>
  )
}

/** Characters on either side of a change that is longer than three times as many. */
const LONGEST_CHANGE = 2_000

function Same({ text, isFirst, isLast }: { readonly text: string; readonly isFirst: boolean; readonly isLast: boolean }): ReactNode {
  if (isFirst && isLast) return <LongText text={text} />
  const short = folded(text, isFirst, isLast)
  if (short === null) return text
  return (
    <>
      {short.head}
      <span className="edit-fold">{m.unchanged(text.length - short.head.length - short.tail.length)}</span>
      {short.tail}
    </>
  )
}
