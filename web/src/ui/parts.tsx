// The small parts: button, key cap, chip, tag, face, segmented control, progress, command line to copy.
import { useState, type ButtonHTMLAttributes, type ReactNode } from 'react'
import { initials } from './format'
import { Icon, type IconName } from './Icon'
import { m } from './messages'

type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & {
  look?: 'primary' | 'plain' | 'quiet'
  size?: 'small' | 'big'
  icon?: IconName
  keys?: string
  danger?: boolean
  wide?: boolean
  busy?: boolean
}

/** A button. One primary button per screen; `keys` is shown as a key cap at its end. */
export function Button({ look = 'plain', size, icon, keys, danger, wide, busy, className = '', children, ...rest }: ButtonProps) {
  const classes = ['btn', look === 'plain' ? '' : look, size ?? '', danger ? 'danger' : '', wide ? 'wide' : '', className]
  return (
    <button type="button" className={classes.filter(Boolean).join(' ')} aria-busy={busy || undefined} {...rest} disabled={rest.disabled || busy}>
      {icon && <Icon name={icon} small={size === 'small'} />}
      {children}
      {keys && <Key>{keys}</Key>}
    </button>
  )
}

/** A button that is only a drawing; its name is read out and shown as a tooltip. */
export function IconButton({ icon, label, size, look = 'quiet', danger, className = '', ...rest }: Omit<ButtonProps, 'children'> & { icon: IconName; label: string }) {
  const classes = ['btn', 'icon', look === 'plain' ? '' : look, size ?? '', danger ? 'danger' : '', className]
  return (
    <button type="button" className={classes.filter(Boolean).join(' ')} aria-label={label} title={label} {...rest}>
      <Icon name={icon} small={size === 'small'} />
    </button>
  )
}

/** A key cap. */
export function Key({ children }: { children: ReactNode }) {
  return <kbd aria-hidden="true">{children}</kbd>
}

export type Tone = 'ok' | 'warn' | 'bad' | 'gold' | 'info'

/** A short state in words on a soft ground. */
export function Tag({ tone, children, title }: { tone?: Tone; children: ReactNode; title?: string }) {
  return (
    <span className={`tag ${tone ?? ''}`} title={title}>
      {children}
    </span>
  )
}

/** A condition or choice that stands; with `onRemove` it can be taken away. */
export function Chip({ name, children, onOpen, onRemove, wrong }: { name?: string; children: ReactNode; onOpen?: () => void; onRemove?: () => void; wrong?: boolean }) {
  const inner = (
    <>
      {name && <span className="t2">{name}</span>}
      {children}
    </>
  )
  return (
    <span className={`chip fill ${wrong ? 'wrong' : ''}`}>
      {onOpen ? <button type="button" onClick={onOpen}>{inner}</button> : inner}
      {onRemove && (
        <button type="button" aria-label={`${m.remove} ${name ?? ''}`} onClick={onRemove}>
          <Icon name="x" small />
        </button>
      )}
    </span>
  )
}

/** Up to a handful of values of which one holds. Arrow keys move, as in a group of radios. */
export function Segmented<V extends string>({ label, value, options, onChange }: { label: string; value: V; options: readonly { value: V; title: ReactNode }[]; onChange: (value: V) => void }) {
  return (
    <span className="seg" role="radiogroup" aria-label={label}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          role="radio"
          aria-checked={option.value === value}
          tabIndex={option.value === value ? 0 : -1}
          onClick={() => onChange(option.value)}
          onKeyDown={(event) => {
            const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key]
            if (step === undefined) return
            event.preventDefault()
            const index = options.findIndex((o) => o.value === value)
            const next = options[(index + step + options.length) % options.length]
            if (!next) return
            onChange(next.value)
            const siblings = event.currentTarget.parentElement?.children
            const target = siblings?.[(index + step + options.length) % options.length]
            if (target instanceof HTMLElement) target.focus()
          }}
        >
          {option.title}
        </button>
      ))}
    </span>
  )
}

/** A person as two letters. Beside the name it says nothing of its own; alone, the whole name is its tooltip and read out. */
export function Face({ name, alone = false, letters = name }: { name: string; alone?: boolean; letters?: string }) {
  return (
    <span className="face" title={alone ? name : undefined} {...(alone ? { role: 'img', 'aria-label': name } : { 'aria-hidden': true })}>
      {initials(letters)}
    </span>
  )
}

/** A key that may be a long hash: where there is no room it is cut in the middle, so that both ends tell it apart. It is copied whole. */
export function LongKey({ children: key }: { children: string }) {
  const cut = Math.max(0, key.length - 8)
  return (
    <span className="long-key mono" title={key}>
      <span className="tr">{key.slice(0, cut)}</span>
      <span>{key.slice(cut)}</span>
    </span>
  )
}

/** How far something is. `value` from 0 to 1; null while nothing can be said yet. */
export function Progress({ value, look, label }: { value: number | null; look?: 'done' | 'gold' | 'stopped'; label: string }) {
  const shown = value === null ? 0 : Math.min(1, Math.max(0, value))
  return (
    <span className={`bar ${look ?? ''}`} role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={value === null ? undefined : Math.round(shown * 100)}>
      <i style={{ width: `${shown * 100}%` }} />
    </span>
  )
}

/** A tick box with its text. */
export function Check({ checked, onChange, children, disabled, some }: { checked: boolean; onChange: (checked: boolean) => void; children: ReactNode; disabled?: boolean; some?: boolean }) {
  return (
    <label className="choice">
      <input
        type="checkbox"
        className="check"
        checked={checked}
        disabled={disabled}
        ref={(box) => {
          if (box) box.indeterminate = !checked && some === true
        }}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span>{children}</span>
    </label>
  )
}

/** Text to take along: a command, a link, a token. */
export function Copyable({ text, wrap = false }: { text: string; wrap?: boolean }) {
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await copyText(text)
    setCopied(true)
    setTimeout(() => setCopied(false), 1500)
  }
  return (
    <span className="cmd">
      <span className={`grow ${wrap ? '' : 'tr'}`} style={wrap ? { whiteSpace: 'normal', overflowWrap: 'anywhere' } : undefined}>
        {text}
      </span>
      <IconButton icon={copied ? 'check' : 'copy'} size="small" label={copied ? m.copied : m.copy} onClick={copy} />
    </span>
  )
}

/** Puts text on the clipboard, also on plain http where the clipboard API is missing. */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text)
  const area = document.createElement('textarea')
  area.value = text
  document.body.append(area)
  area.select()
  document.execCommand('copy')
  area.remove()
}
