// Short messages that need no answer, with undo where there is one.
import { useSyncExternalStore } from 'react'
import { m } from './messages'
import { Button, IconButton } from './parts'
import { Icon } from './Icon'

interface Toast {
  id: number
  text: string
  tone: 'ok' | 'bad'
  undo?: () => void
}

let toasts: readonly Toast[] = []
let last = 0
const tell = new Set<() => void>()

function change(next: readonly Toast[]): void {
  toasts = next
  for (const told of tell) told()
}

/** Says something at the foot of the page for a few seconds; errors stay until closed. */
export function toast(text: string, { tone = 'ok', undo }: { tone?: 'ok' | 'bad'; undo?: () => void } = {}): void {
  const id = ++last
  change([...toasts.slice(-2), { id, text, tone, undo }])
  if (tone === 'ok') setTimeout(() => change(toasts.filter((t) => t.id !== id)), undo ? 10_000 : 4_000)
}

/** Says what a caught error says. */
export function toastError(error: unknown): void {
  toast(error instanceof Error ? error.message : String(error), { tone: 'bad' })
}

export function Toasts() {
  const shown = useSyncExternalStore(
    (told) => {
      tell.add(told)
      return () => tell.delete(told)
    },
    () => toasts,
  )
  const close = (id: number) => change(toasts.filter((t) => t.id !== id))
  return (
    <div className="toasts" aria-live="polite">
      {shown.map((one) => (
        <div className="toast" key={one.id} role={one.tone === 'bad' ? 'alert' : 'status'}>
          <span className={one.tone}><Icon name={one.tone === 'ok' ? 'check' : 'alert'} /></span>
          <span>{one.text}</span>
          {one.undo && <Button look="quiet" size="small" icon="undo" onClick={() => { one.undo?.(); close(one.id) }}>{m.undo}</Button>}
          <IconButton icon="x" size="small" label={m.close} onClick={() => close(one.id)} />
        </div>
      ))}
    </div>
  )
}
