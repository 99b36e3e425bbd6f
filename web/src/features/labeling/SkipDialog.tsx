// Skipping with a reason: one key for the reason, Enter to do it.

import { type ReactNode, useState } from 'react'
import { Dialog } from '../../ui/Dialog'
import { AreaField } from '../../ui/Field'
import { Button, Key } from '../../ui/parts'
import { useScreen } from './context'
import { m } from './messages'

const REASONS = Object.entries(m.skipReasons)

export function SkipDialog(): ReactNode {
  const screen = useScreen()
  const [reason, setReason] = useState(REASONS[0]?.[0] ?? 'other')
  const [note, setNote] = useState('')
  const skip = (): void => {
    screen.open(null)
    screen.session.skip({ reason, note: note.trim() })
  }
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const digit = /^Digit([1-9])$/.exec(event.code)?.[1]
    const chosen = digit === undefined ? undefined : REASONS[Number(digit) - 1]
    const inNote = event.target instanceof HTMLTextAreaElement
    if (chosen && !inNote) setReason(chosen[0])
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
  return (
    <Dialog title={m.skipTitle} onClose={() => screen.open(null)} footer={footer} width={440}>
      <div className="skip" onKeyDown={onKeyDown}>
        <p className="t2">{m.skipText}</p>
        <ul className="choices" role="radiogroup" aria-label={m.skipTitle}>
          {REASONS.map(([key, title], i) => (
            <li key={key} role="none">
              <button type="button" role="radio" aria-checked={reason === key} className={reason === key ? 'on' : ''} data-autofocus={i === 0 || undefined} onClick={() => setReason(key)}>
                <i className="pip" aria-hidden="true" />
                <span className="grow">{title}</span>
                <Key>{i + 1}</Key>
              </button>
            </li>
          ))}
        </ul>
        <AreaField label={m.skipNote} rows={2} value={note} onChange={(event) => setNote(event.target.value)} />
      </div>
    </Dialog>
  )
}
