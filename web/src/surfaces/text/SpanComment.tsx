// The comment on a span, written right below it: Enter keeps it, Esc leaves it as it was.

import { type KeyboardEvent, type ReactNode, useLayoutEffect, useRef, useState } from 'react'
import type { Work } from '../../engine/work'
import { Key } from '../../ui/parts'
import { commentOf, type Commented } from './comments'
import type { Marker } from './marker'
import { m } from './messages'

const WIDTH = 320

export function SpanComment({ marker, work, body }: { readonly marker: Marker; readonly work: Work; readonly body: { readonly current: HTMLElement | null } }): ReactNode {
  const commented = marker.asks === null ? null : commentOf(work, marker.asks)
  return commented ? <Open key={commented.annotation.id} marker={marker} work={work} body={body} commented={commented} /> : null
}

function Open({ marker, work, body, commented }: { readonly marker: Marker; readonly work: Work; readonly body: { readonly current: HTMLElement | null }; readonly commented: Commented }): ReactNode {
  const { annotation, attribute } = commented
  const [text, setText] = useState(commented.text)
  const [at, setAt] = useState<{ readonly left: number; readonly top: number } | null>(null)
  const area = useRef<HTMLTextAreaElement>(null)
  const isLeft = useRef(false)
  useLayoutEffect(() => {
    const { current } = body
    const foot = current && marker.footOf(annotation.id, current)
    if (foot) setAt({ top: foot.top + 20, left: Math.max(0, Math.min(foot.left, current.clientWidth - WIDTH)) })
  }, [marker, body, annotation.id])
  useLayoutEffect(() => area.current?.focus(), [at])
  const close = (keeps: boolean, goesOn = true): void => {
    if (isLeft.current) return
    isLeft.current = true
    if (keeps && text !== commented.text) work.setAttribute([annotation.id], attribute.key, text.trim() === '' ? undefined : text)
    marker.ask(null, goesOn)
  }
  const press = (event: KeyboardEvent): void => {
    event.stopPropagation()
    if (event.nativeEvent.isComposing || (event.key !== 'Escape' && (event.key !== 'Enter' || event.shiftKey))) return
    event.preventDefault()
    close(event.key === 'Enter')
  }
  if (at === null) return null
  return (
    <div className="span-comment" style={{ left: at.left, top: at.top, width: WIDTH }} onPointerDown={(event) => event.stopPropagation()}>
      <label className="f12 t2" htmlFor={`comment-${annotation.id}`}>{attribute.title}</label>
      <textarea ref={area} id={`comment-${annotation.id}`} className="area" rows={3} dir="auto" value={text} data-own-keys onChange={(event) => setText(event.target.value)} onKeyDown={press} onBlur={() => close(true, false)} />
      <p className="f11 t3"><Key>Enter</Key> {m.keeps} <Key>Esc</Key> {m.leaves}</p>
    </div>
  )
}
