// Dialogs: over the page, keeping the focus inside, closed by Esc. Their frame is loaded after the first paint.
import { useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { useLate } from './late'
import { m } from './messages'
import { OVER } from './overs'
import { Button, IconButton } from './parts'

interface DialogProps {
  title: string
  onClose: () => void
  children: ReactNode
  /** Stands at the right of the title: steps, for instance. */
  aside?: ReactNode
  footer?: ReactNode
  width?: number
  /** A dialog that must be answered has no way out by Esc or a click beside it. */
  locked?: boolean
  bare?: boolean
  /** There is nothing in it but to read: the body itself can be reached and scrolled by keys. */
  reads?: boolean
  /** What Enter in a line of text does; a form does that by itself. */
  onEnter?: (() => unknown) | undefined
}

/** A dialog that is open for as long as it is rendered. */
export function Dialog({ title, onClose, children, aside, footer, width = 480, locked = false, bare = false, reads = false, onEnter }: DialogProps) {
  const over = useLate(OVER, true)
  if (over === null) return null
  return (
    <over.Frame title={title} onClose={locked ? () => undefined : onClose} width={width} bare={bare}>
      <FocusAtOnce />
      {bare ? (
        children
      ) : (
        <>
          <div className="dh">
            <h2 className="tr">{title}</h2>
            <span className="grow" />
            {aside}
            {!locked && <IconButton icon="x" label={m.close} onClick={onClose} />}
          </div>
          <div className="db" tabIndex={reads ? 0 : undefined} onKeyDown={(event) => { if (isEnterInLine(event)) onEnter?.() }}>{children}</div>
          {footer && <div className="df">{footer}</div>}
        </>
      )}
    </over.Frame>
  )
}

/** Takes the focus as the dialog appears: the library does so a moment later, and a key pressed in between would be lost. */
function FocusAtOnce() {
  const here = useRef<HTMLSpanElement>(null)
  useLayoutEffect(() => {
    const dialog = here.current?.closest<HTMLElement>('[role="dialog"]')
    ;(dialog?.querySelector<HTMLElement>('[data-autofocus]') ?? dialog)?.focus()
  }, [])
  return <span ref={here} hidden />
}

function isEnterInLine(event: KeyboardEvent): boolean {
  const { target, key, nativeEvent } = event
  return key === 'Enter' && !nativeEvent.isComposing && !event.defaultPrevented && target instanceof HTMLInputElement && target.form === null && !['checkbox', 'radio', 'file'].includes(target.type)
}

interface ConfirmProps {
  title: string
  children: ReactNode
  action: string
  danger?: boolean
  onConfirm: () => Promise<unknown>
  onClose: () => void
}

/** Asks once, says what will happen, and shows what went wrong if it did not. */
export function Confirm({ title, children, action, danger, onConfirm, onClose }: ConfirmProps) {
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState('')
  const run = async () => {
    setBusy(true)
    try {
      await onConfirm()
      onClose()
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error))
      setBusy(false)
    }
  }
  const footer = (
    <>
      <span className="grow" />
      <Button onClick={onClose}>{m.cancel}</Button>
      <Button look={danger ? 'plain' : 'primary'} danger={danger} busy={busy} onClick={run} data-autofocus>
        {action}
      </Button>
    </>
  )
  return (
    <Dialog title={title} onClose={onClose} footer={footer}>
      <div className="f14 t2">{children}</div>
      {wrong && <p className="bad" role="alert">{wrong}</p>}
    </Dialog>
  )
}
