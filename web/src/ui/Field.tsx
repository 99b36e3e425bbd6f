// Inputs with their name, hint and what is wrong with them, tied together for screen readers.
import { useId, useState, type ComponentProps, type InputHTMLAttributes, type ReactNode, type SelectHTMLAttributes } from 'react'
import { Icon } from './Icon'
import { m } from './messages'
import { IconButton } from './parts'

type Said = { label: ReactNode; hint?: ReactNode; wrong?: ReactNode }

function Around({ id, label, hint, wrong, children }: Said & { id: string; children: ReactNode }) {
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children}
      {wrong ? (
        <p className="wrong" id={`${id}-said`} role="alert">
          <Icon name="alert" small /> <span>{wrong}</span>
        </p>
      ) : (
        hint && <p className="hint" id={`${id}-said`}>{hint}</p>
      )}
    </div>
  )
}

function said(id: string, { hint, wrong }: Omit<Said, 'label'>) {
  return { id, 'aria-invalid': wrong ? true : undefined, 'aria-describedby': hint || wrong ? `${id}-said` : undefined }
}

/** A line of text. */
export function TextField({ label, hint, wrong, big, className = '', ...rest }: Said & InputHTMLAttributes<HTMLInputElement> & { big?: boolean }) {
  const id = useId()
  return (
    <Around id={id} label={label} hint={hint} wrong={wrong}>
      <input className={`input ${big ? 'big' : ''} ${className}`} type="text" {...rest} {...said(id, { hint, wrong })} />
    </Around>
  )
}

/** Several lines of text. */
export function AreaField({ label, hint, wrong, ...rest }: Said & ComponentProps<'textarea'>) {
  const id = useId()
  return (
    <Around id={id} label={label} hint={hint} wrong={wrong}>
      <textarea className="area" rows={3} {...rest} {...said(id, { hint, wrong })} />
    </Around>
  )
}

/** One of several values, in the machine's own list. */
export function SelectField({ label, hint, wrong, children, ...rest }: Said & SelectHTMLAttributes<HTMLSelectElement>) {
  const id = useId()
  return (
    <Around id={id} label={label} hint={hint} wrong={wrong}>
      <select className="input" {...rest} {...said(id, { hint, wrong })}>
        {children}
      </select>
    </Around>
  )
}

/** A password, which can be shown. */
export function PasswordField({ label, hint, wrong, big, ...rest }: Said & InputHTMLAttributes<HTMLInputElement> & { big?: boolean }) {
  const id = useId()
  const [shown, setShown] = useState(false)
  return (
    <Around id={id} label={label} hint={hint} wrong={wrong}>
      <span className={`input frame ${big ? 'big' : ''}`} style={{ paddingRight: 2 }}>
        <input {...rest} type={shown ? 'text' : 'password'} {...said(id, { hint, wrong })} />
        <IconButton icon={shown ? 'eyeoff' : 'eye'} label={shown ? m.hidePassword : m.showPassword} size="small" onClick={() => setShown(!shown)} aria-pressed={shown} />
      </span>
    </Around>
  )
}
