// Signing in over the screen when the session has ended. The work lies behind it, untouched.

import { type FormEvent, type ReactNode, useState } from 'react'
import { Failure } from '../../engine/failure'
import { Dialog } from '../../ui/Dialog'
import { TextField } from '../../ui/Field'
import { Button } from '../../ui/parts'
import { useScreen } from './context'
import { m } from './messages'

export function SignIn({ email: known }: { email: string }): ReactNode {
  const { session } = useScreen()
  const { kind, count } = session.save
  if (kind !== 'signed_out') return null
  return (
    <Dialog title={m.signInTitle} onClose={() => undefined} locked width={400}>
      <p className="t2">{m.signInText(count)}</p>
      <Form known={known} />
    </Dialog>
  )
}

function Form({ known }: { known: string }): ReactNode {
  const { session } = useScreen()
  const [email, setEmail] = useState(known)
  const [password, setPassword] = useState('')
  const [code, setCode] = useState<string | null>(null)
  const [wrong, setWrong] = useState('')
  const [busy, setBusy] = useState(false)
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    setBusy(true)
    setWrong('')
    try {
      if ((await session.signIn(email, password, code ?? undefined)) === 'someone_else') setWrong(m.someoneElse)
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      if (error.message === 'totp-required') setCode('')
      setWrong(error.kind === 'offline' ? m.noServer : error.message === 'totp-required' ? m.needCode : m.wrongPassword)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form className="sign-in" onSubmit={(event) => void submit(event)}>
      <TextField label={m.email} type="email" value={email} autoComplete="username" onChange={(event) => setEmail(event.target.value)} />
      <TextField label={m.password} type="password" value={password} autoComplete="current-password" data-autofocus wrong={code === null ? wrong : undefined} onChange={(event) => setPassword(event.target.value)} />
      {code !== null && <TextField label={m.code} inputMode="numeric" autoComplete="one-time-code" value={code} wrong={wrong} onChange={(event) => setCode(event.target.value)} />}
      <Button type="submit" look="primary" size="big" wide busy={busy} disabled={email === '' || password === ''}>{m.signIn}</Button>
    </form>
  )
}
