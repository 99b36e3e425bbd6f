// Signing in: email and password, then a code where a second factor is on.
import { useState, type FormEvent, type ReactNode } from 'react'
import { people, Refusal, type Me } from '../../api'
import { Button, Copyable, Icon, Notice, PasswordField, TextField } from '../../ui'
import { m } from './messages'
import './account.css'

/** The frame of all pages before the shell. */
export function Gate({ children, below }: { children: ReactNode; below?: ReactNode }) {
  return (
    <main className="gate">
      <div className="gate-box">
        <div className="gate-logo row g2">
          <Icon name="logo" />
          <span className="f16 b">{m.product}</span>
        </div>
        <section className="card">{children}</section>
        {below}
      </div>
      <footer className="gate-foot">{m.runsOn(window.location.host)}</footer>
    </main>
  )
}

/** The form alone, for the page and for the dialog over a page whose session has ended. */
export function SignInForm({ onDone, email: given = '', big = true }: { onDone: (me: Me) => void; email?: string; big?: boolean }) {
  const [email, setEmail] = useState(given)
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [asksCode, setAsksCode] = useState(false)
  const [wrong, setWrong] = useState('')
  const [busy, setBusy] = useState(false)

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setWrong('')
    try {
      onDone(await people.signIn({ email: email.trim(), password, ...(asksCode ? { code: code.replace(/\s/g, '') } : {}) }))
    } catch (error) {
      if (error instanceof Refusal && error.type.includes('totp')) {
        if (asksCode) setWrong(m.wrongCode)
        setAsksCode(true)
      } else setWrong(error instanceof Error ? error.message : String(error))
    } finally {
      setBusy(false)
    }
  }

  return (
    <form className="gate-form" onSubmit={submit}>
      {wrong && <Notice tone="bad">{wrong}</Notice>}
      {asksCode ? (
        <TextField key="code" big={big} label={m.code} hint={m.codeHint} value={code} onChange={(e) => setCode(e.target.value)} inputMode="numeric" autoComplete="one-time-code" autoFocus required />
      ) : (
        <>
          <TextField big={big} label={m.email} type="email" name="email" autoComplete="username" value={email} onChange={(e) => setEmail(e.target.value)} autoFocus={!given} required />
          <PasswordField big={big} label={m.password} name="password" autoComplete="current-password" value={password} onChange={(e) => setPassword(e.target.value)} autoFocus={Boolean(given)} required />
        </>
      )}
      <Button look="primary" type="submit" size="big" wide keys="Enter" busy={busy}>{m.signIn}</Button>
      {asksCode && <Button look="quiet" wide onClick={() => { setAsksCode(false); setCode('') }}>{m.anotherAccount}</Button>}
    </form>
  )
}

/** The page. */
export function SignInPage({ onDone }: { onDone: (me: Me) => void }) {
  return (
    <Gate>
      <h1>{m.signIn}</h1>
      <p className="t2">{m.signInText}</p>
      <SignInForm onDone={onDone} />
      <details className="gate-more">
        <summary>{m.forgot}</summary>
        <p style={{ marginBottom: 6 }}>{m.forgotText}</p>
        <Copyable text={m.forgotCommand} />
      </details>
    </Gate>
  )
}
