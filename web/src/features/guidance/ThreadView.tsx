// One thread: what was said, a line to reply, and what may be done with it.
import { useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { guidance as api, type Thread } from '../../api'
import { Button, format, Tag, toastError } from '../../ui'
import { m } from './messages'

const TONES = { open: 'warn', answered: 'info', ruled: 'gold', closed: undefined } as const

export function ThreadView({ thread, actions }: { thread: Thread; actions?: ReactNode }) {
  const client = useQueryClient()
  const [text, setText] = useState('')
  const [busy, setBusy] = useState(false)
  const act = async (call: () => Promise<unknown>) => {
    setBusy(true)
    try {
      await call()
      setText('')
      await client.invalidateQueries({ queryKey: ['threads'] })
    } catch (error) {
      toastError(error)
    }
    setBusy(false)
  }
  const tone = TONES[thread.state]
  return (
    <article className="thread" aria-label={thread.messages[0]?.text.slice(0, 60)}>
      <div className="row g2">
        <Tag {...(tone ? { tone } : {})}>{m.states[thread.state]}</Tag>
        <span className="t3 f12">{[thread.place.label ?? thread.place.field, format.ago(thread.changed_at)].filter(Boolean).join(', ')}</span>
        <span className="grow" />
        {actions}
        <Button look="quiet" size="small" disabled={busy} onClick={() => act(() => api.setState(thread.id, thread.state === 'closed' ? 'open' : 'closed'))}>{thread.state === 'closed' ? m.reopen : m.close}</Button>
      </div>
      {thread.messages.map((one) => <p key={one.id} className="said" dir="auto"><span className="who">{one.mine ? m.you : (one.author?.name ?? m.expert)}</span>{one.text}</p>)}
      {thread.ruling && <p className="said" dir="auto"><span className="who">{m.ruled}</span><strong>{thread.ruling.text}</strong></p>}
      {thread.state !== 'closed' && (
        <form onSubmit={(event) => { event.preventDefault(); if (text.trim()) void act(() => api.answer(thread.id, text)) }}>
          <input className="input" value={text} onChange={(e) => setText(e.target.value)} placeholder={m.reply} aria-label={m.reply} dir="auto" />
          <Button size="small" type="submit" busy={busy} disabled={!text.trim()}>{m.send}</Button>
        </form>
      )}
    </article>
  )
}
