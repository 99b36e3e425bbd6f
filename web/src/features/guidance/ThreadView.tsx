// One thread: what was said, a line to reply, and what may be done with it.
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { guidance as api, type Thread } from '../../api'
import { Button, format, Tag, toastError } from '../../ui'
import { EMPTY, MentionArea } from './MentionArea'
import { plainOf, sent } from './mentions'
import { m } from './messages'
import { Said } from './Said'

const TONES = { open: 'warn', answered: 'info', ruled: 'gold', closed: undefined } as const

/** What a thread is called: how its first message begins. */
export const nameOf = ({ messages: [first] }: Thread) => (first ? plainOf(first.text, first.mentions, m.someone).slice(0, 60) : '')

export function ThreadView({ project, thread, actions, nameless = false, asked = 0 }: { project: string; thread: Thread; actions?: ReactNode; nameless?: boolean; asked?: number }) {
  const article = useRef<HTMLElement>(null)
  useEffect(() => {
    if (asked === 0) return
    article.current?.scrollIntoView({ block: 'nearest' })
    article.current?.focus()
  }, [asked])
  const client = useQueryClient()
  const [draft, setDraft] = useState(EMPTY)
  const [busy, setBusy] = useState(false)
  const act = async (call: () => Promise<unknown>) => {
    setBusy(true)
    try {
      await call()
      setDraft(EMPTY)
      await client.invalidateQueries({ queryKey: ['threads'] })
    } catch (error) {
      toastError(error)
    }
    setBusy(false)
  }
  const send = () => {
    const { text, mentions } = sent(draft.text, draft.chosen)
    if (text && !busy) void act(() => api.answer(thread.id, text, mentions))
  }
  const tone = TONES[thread.state]
  return (
    <article ref={article} tabIndex={-1} className="thread" aria-label={nameOf(thread)}>
      <div className="row g2">
        <Tag {...(tone ? { tone } : {})}>{m.states[thread.state]}</Tag>
        <span className="t3 f12">{[thread.place.label ?? thread.place.field, format.ago(thread.changed_at)].filter(Boolean).join(', ')}</span>
        <span className="grow" />
        {actions}
        <Button look="quiet" size="small" disabled={busy} onClick={() => act(() => api.setState(thread.id, thread.state === 'closed' ? 'open' : 'closed'))}>{thread.state === 'closed' ? m.reopen : m.close}</Button>
      </div>
      {thread.messages.map((one) => <p key={one.id} className="said" dir="auto"><span className="who">{one.mine ? m.you : nameless ? m.annotator : (one.author?.name ?? m.expert)}</span><Said text={one.text} mentions={one.mentions} /></p>)}
      {thread.ruling && <p className="said" dir="auto"><span className="who">{m.ruled}</span><strong>{thread.ruling.text}</strong></p>}
      {thread.state !== 'closed' && (
        <form onSubmit={(event) => { event.preventDefault(); send() }}>
          <MentionArea label={m.reply} project={project} on={{ thread: thread.id }} draft={draft} onDraft={setDraft} onSend={send} line />
          <Button size="small" type="submit" busy={busy} disabled={!draft.text.trim()}>{m.send}</Button>
        </form>
      )}
    </article>
  )
}
