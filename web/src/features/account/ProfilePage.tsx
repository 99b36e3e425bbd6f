// A person's own settings: name and look, password and second factor, sessions, access tokens.
import { useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent, type ReactNode } from 'react'
import { people, type Me } from '../../api'
import { Button, Check, Copyable, Dialog, Go, Notice, PasswordField, Segmented, setTheme, TextField, toast, useTheme, type Theme } from '../../ui'
import { m } from './messages'
import { Sessions, Tokens } from './Access'
import { LONG_ENOUGH } from './LinkPage'
import { QrCode } from './QrCode'

export type ProfileTab = 'profile' | 'about' | 'security' | 'sessions' | 'tokens'
const TABS: readonly ProfileTab[] = ['profile', 'about', 'security', 'sessions', 'tokens']

export function ProfilePage({ me, workspace, tab, about }: { me: Me; workspace: string; tab: ProfileTab; about: ReactNode }) {
  return (
    <>
      <header className="top">
        <h1>{m.profile}</h1>
        <nav className="row" aria-label={m.profile}>
          {TABS.map((one) => (
            <Go key={one} to={`/profile/${one}`} className="tab" aria-current={one === tab ? 'page' : undefined}>{m.tabs[one]}</Go>
          ))}
        </nav>
      </header>
      <div className="page narrow">
        {tab === 'profile' && <Profile me={me} />}
        {tab === 'about' && about}
        {tab === 'security' && <><Password /><SecondFactor me={me} /></>}
        {tab === 'sessions' && <Sessions />}
        {tab === 'tokens' && <Tokens workspace={workspace} />}
      </div>
    </>
  )
}

function Card({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="card">
      <h2 className="ch">{title}</h2>
      <div className="cb col g3" style={{ maxWidth: 480 }}>{children}</div>
    </section>
  )
}

function Profile({ me }: { me: Me }) {
  const client = useQueryClient()
  const [name, setName] = useState(me.name)
  const theme = useTheme()
  const [wrong, setWrong] = useState('')
  const save = async (event: FormEvent) => {
    event.preventDefault()
    try {
      await people.changeMe({ name: name.trim() })
      await client.invalidateQueries({ queryKey: ['me'] })
      setWrong('')
      toast(m.saved)
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error))
    }
  }
  const choose = (next: Theme) => {
    setTheme(next)
    void people.changeMe({ settings: { ...me.settings, theme: next } })
  }
  return (
    <>
      <Card title={m.tabs.profile}>
        <form className="col g3" onSubmit={save}>
          <TextField label={m.name} value={name} onChange={(e) => setName(e.target.value)} wrong={wrong} required />
          <TextField label={m.email} value={me.email} disabled />
          <div><Button type="submit" look="primary" disabled={!name.trim() || name === me.name}>{m.save}</Button></div>
        </form>
      </Card>
      <Card title={m.theme}>
        <div>
          <Segmented label={m.theme} value={theme} onChange={choose} options={(['system', 'light', 'dark'] as const).map((value) => ({ value, title: m.themes[value] }))} />
        </div>
      </Card>
    </>
  )
}

function Password() {
  const [current, setCurrent] = useState('')
  const [fresh, setFresh] = useState('')
  const [alsoTokens, setAlsoTokens] = useState(false)
  const [wrong, setWrong] = useState('')
  const missing = LONG_ENOUGH - [...fresh].length
  const save = async (event: FormEvent) => {
    event.preventDefault()
    try {
      await people.changePassword({ current, new: fresh, revoke_tokens: alsoTokens })
      setCurrent('')
      setFresh('')
      setWrong('')
      toast(alsoTokens ? m.passwordAndTokensChanged : m.passwordChanged)
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error))
    }
  }
  return (
    <Card title={m.password}>
      <form className="col g3" onSubmit={save}>
        <PasswordField label={m.current} autoComplete="current-password" value={current} onChange={(e) => setCurrent(e.target.value)} wrong={wrong} required />
        <PasswordField label={m.fresh} autoComplete="new-password" value={fresh} onChange={(e) => setFresh(e.target.value)} hint={fresh && missing > 0 ? m.tooShort(missing) : m.passwordHint} required />
        <Check checked={alsoTokens} onChange={setAlsoTokens}>{m.alsoTokens}</Check>
        <div><Button type="submit" look="primary" disabled={!current || missing > 0}>{m.changePassword}</Button></div>
      </form>
    </Card>
  )
}

function SecondFactor({ me }: { me: Me }) {
  const [open, setOpen] = useState(false)
  return (
    <Card title={m.totp}>
      <p className="t2">{me.totp ? m.totpOn : m.totpOff}</p>
      <div><Button onClick={() => setOpen(true)}>{me.totp ? m.totpEnd : m.totpBegin}</Button></div>
      {open && (me.totp ? <EndTotp onClose={() => setOpen(false)} /> : <BeginTotp onClose={() => setOpen(false)} />)}
    </Card>
  )
}

function BeginTotp({ onClose }: { onClose: () => void }) {
  const client = useQueryClient()
  const [given, setGiven] = useState<{ secret: string; uri: string } | null>(null)
  const [code, setCode] = useState('')
  const [wrong, setWrong] = useState('')
  const attempt = (run: () => Promise<unknown>) => run().catch((error: unknown) => setWrong(error instanceof Error ? error.message : String(error)))
  const begin = () => attempt(async () => setGiven(await people.beginTotp()))
  const confirm = () =>
    attempt(async () => {
      await people.confirmTotp(code.replace(/\s/g, ''))
      await client.invalidateQueries({ queryKey: ['me'] })
      onClose()
    })
  const footer = (
    <>
      <span className="grow" />
      {given ? <Button look="primary" type="submit" form="totp" disabled={code.replace(/\s/g, '').length < 6}>{m.totpConfirm}</Button> : <Button look="primary" onClick={begin} data-autofocus>{m.totpBegin}</Button>}
    </>
  )
  return (
    <Dialog title={m.totp} onClose={onClose} footer={footer}>
      {wrong && <Notice tone="bad">{wrong}</Notice>}
      {given ? (
        <>
          <p className="t2">{m.totpScan}</p>
          <QrCode text={given.uri} label={m.totpCode} />
          <div className="col g1">
            <p className="t3 f12">{m.totpType}</p>
            <Copyable text={given.secret.replace(/(.{4})/g, '$1 ').trim()} />
          </div>
          <a className="link f12" href={given.uri}>{m.totpUri}</a>
          <form id="totp" onSubmit={(event) => { event.preventDefault(); void confirm() }}>
            <TextField label={m.code} hint={m.codeHint} value={code} onChange={(e) => setCode(e.target.value)} inputMode="numeric" autoComplete="one-time-code" autoFocus />
          </form>
        </>
      ) : (
        <p className="t2">{m.totpOff}</p>
      )}
    </Dialog>
  )
}

function EndTotp({ onClose }: { onClose: () => void }) {
  const client = useQueryClient()
  const [password, setPassword] = useState('')
  const [wrong, setWrong] = useState('')
  const end = async () => {
    try {
      await people.endTotp(password)
      await client.invalidateQueries({ queryKey: ['me'] })
      onClose()
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error))
    }
  }
  return (
    <Dialog title={m.totp} onClose={onClose} onEnter={() => password && end()} footer={<><span className="grow" /><Button danger onClick={end} disabled={!password}>{m.totpEnd}</Button></>}>
      <p className="t2">{m.totpEndText}</p>
      <PasswordField label={m.current} value={password} onChange={(e) => setPassword(e.target.value)} wrong={wrong} />
    </Dialog>
  )
}
