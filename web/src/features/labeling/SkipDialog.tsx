// Skipping with a reason: one key for the reason, Enter to do it. What happens then is said before.

import { type ReactNode, useState } from 'react'
import { Dialog } from '../../ui/Dialog'
import { AreaField } from '../../ui/Field'
import { Button, Key } from '../../ui/parts'
import { useScreen } from './context'
import { m } from './messages'
import { reasonsOf, skipWords } from './skipping'

export function SkipDialog(): ReactNode {
  const screen = useScreen()
  const skipping = screen.options.skipping?.()
  const reasons = reasonsOf(skipping)
  const [reason, setReason] = useState(reasons[0]?.key ?? 'other')
  const [note, setNote] = useState('')
  const skip = (): void => {
    screen.open(null)
    screen.session.skip({ reason, note: note.trim() })
  }
  /** To the reason `by` steps on, with the focus: as in any group of radio buttons. */
  const step = (target: EventTarget, by: number): void => {
    const at = reasons.findIndex((one) => one.key === reason)
    const next = reasons[(at + by + reasons.length) % reasons.length]
    if (!next) return
    setReason(next.key)
    if (target instanceof Element) target.closest('ul')?.querySelector<HTMLElement>(`[data-reason="${CSS.escape(next.key)}"]`)?.focus()
  }
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const digit = Number(/^Digit([1-9])$/.exec(event.code)?.[1])
    const chosen = reasons.find((one) => one.digit === digit)
    const inNote = event.target instanceof HTMLTextAreaElement
    const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key]
    if (chosen && !inNote) setReason(chosen.key)
    else if (by !== undefined && !inNote) step(event.target, by)
    else if (event.key === 'Enter' && (!inNote || event.ctrlKey)) skip()
    else return
    event.preventDefault()
  }
  const footer = (
    <>
      <span className="grow" />
      <Button onClick={() => screen.open(null)}>{m.cancel}</Button>
      <Button look="primary" keys="Enter" onClick={skip}>{m.skipDo}</Button>
    </>
  )
  const stage = screen.work?.task.assignment?.stage
  return (
    <Dialog title={m.skipTitle} onClose={() => screen.open(null)} footer={footer} width={440}>
      <div className="skip" onKeyDown={onKeyDown}>
        <ul className="choices" role="radiogroup" aria-label={m.skipWhy}>
          {reasons.map(({ key, title, digit }, i) => (
            <li key={key} role="none">
              <button type="button" role="radio" aria-checked={reason === key} tabIndex={reason === key ? 0 : -1} data-reason={key} className={reason === key ? 'on' : ''} data-autofocus={i === 0 || undefined} onClick={() => setReason(key)}>
                <i className="pip" aria-hidden="true" />
                <span className="grow" dir="auto">{title}</span>
                {digit !== null && <Key>{digit}</Key>}
              </button>
            </li>
          ))}
        </ul>
        <AreaField label={m.skipNote} rows={2} value={note} onChange={(event) => setNote(event.target.value)} />
        <ul className="skip-then" aria-label={m.skipDo} aria-live="polite">
          {skipWords(skipping, stage, reason).map((line) => <li key={line}>{line}</li>)}
        </ul>
      </div>
    </Dialog>
  )
}
