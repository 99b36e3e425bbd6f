// What a label means: its definition with what to do and what not, shown after resting on it, and in the panel.

import { type ReactElement, type ReactNode, useRef, useState } from 'react'
import type { Label } from '../../engine/schema'
import { Icon } from '../../ui/Icon'
import { Mark } from '../../ui/Mark'

const AFTER_MS = 400

export function LabelCard({ label, children }: { label: Label; children: ReactElement }): ReactNode {
  const [open, setOpen] = useState(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const says = label.definition !== '' || label.examples.length > 0
  const enter = (): void => {
    timer.current = setTimeout(() => setOpen(true), AFTER_MS)
  }
  const leave = (): void => {
    clearTimeout(timer.current)
    setOpen(false)
  }
  if (!says) return children
  return (
    <span className="card-host" onPointerEnter={enter} onPointerLeave={leave} onPointerDown={leave}>
      {children}
      {open && (
        <span className="floatbar def" role="tooltip">
          <span className="row g2 md">
            <Mark index={label.index} />
            {label.title}
          </span>
          <LabelText label={label} />
        </span>
      )}
    </span>
  )
}

export function LabelText({ label }: { label: Pick<Label, 'definition' | 'examples'> }): ReactNode {
  return (
    <>
      {label.definition && <span className="f12 t2 para" dir="auto">{label.definition}</span>}
      {label.examples.map((example) => (
        <span key={example.text} className="row example f12">
          <span className={example.good ? 'ok' : 'bad'}>
            <Icon name={example.good ? 'check' : 'x'} small />
          </span>
          <span dir="auto">{example.text}</span>
        </span>
      ))}
    </>
  )
}
