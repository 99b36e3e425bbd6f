// A one-time link: looking at it spends nothing; the one button does. Spent and old links say so.
import { useQuery } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { people, Refusal, type LinkState, type Me } from '../../api'
import { Button, Copyable, Failure, format, Go, Icon, Notice, PasswordField, Segmented, SkeletonRows, TextField } from '../../ui'
import { m } from './messages'
import { Gate } from './SignIn'

/** The server asks for at least as many characters. */
export const LONG_ENOUGH = 10

export function LinkPage({ token, onDone }: { token: string; onDone: (me: Me) => void }) {
  const link = useQuery({ queryKey: ['link', token], queryFn: () => people.link(token), retry: false, staleTime: Infinity })
  const [goesOn, setGoesOn] = useState(false)
  if (link.isPending) return <Gate><SkeletonRows rows={3} /></Gate>
  if (link.isError) {
    const unknown = link.error instanceof Refusal && link.error.status === 404
    return unknown ? <Gate><Over title={m.unknown} text={m.unknownText} /></Gate> : <Gate><Failure error={link.error} onRetry={() => void link.refetch()} /></Gate>
  }
  const { data } = link
  if (data.state === 'spent') return <Gate><Over title={m.spent} text={m.spentText} usedAt={data.spent_at} first={data.purpose === 'first'} /></Gate>
  if (data.state === 'expired') return <Gate><Over title={m.expired} text={m.expiredText} first={data.purpose === 'first'} /></Gate>
  return (
    <Gate>
      <h1>{data.purpose === 'reset' ? m.resetTitle : data.workspace ? m.welcomeTo(data.workspace) : m.welcome}</h1>
      <p className="t2">{data.purpose === 'invite' ? m.purpose.invite(data.role ?? '') : m.purpose[data.purpose]}</p>
      {goesOn ? (
        <Choose token={token} link={data} onDone={onDone} />
      ) : (
        <div className="gate-form">
          <Button look="primary" size="big" wide keys="Enter" autoFocus onClick={() => setGoesOn(true)}>{m.useLink}</Button>
          <p className="t3 f12">{m.useLinkText}</p>
        </div>
      )}
    </Gate>
  )
}

function Choose({ token, link, onDone }: { token: string; link: LinkState; onDone: (me: Me) => void }) {
  const invited = link.purpose === 'invite'
  const me = useQuery({ queryKey: ['me', 'at-link'], queryFn: () => people.me().catch(() => null), enabled: invited, staleTime: Infinity })
  const [known, setKnown] = useState(false)
  const [name, setName] = useState(link.name ?? '')
  const [email, setEmail] = useState(link.email ?? '')
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [asksCode, setAsksCode] = useState(false)
  const [wrong, setWrong] = useState('')
  const [busy, setBusy] = useState(false)
  const asksName = link.purpose === 'first' || (invited && !known)
  const missing = known ? 0 : LONG_ENOUGH - [...password].length

  const spend = async (given: Parameters<typeof people.spendLink>[1]) => {
    setBusy(true)
    setWrong('')
    try {
      onDone(await people.spendLink(token, given))
    } catch (error) {
      if (error instanceof Refusal && error.type.includes('totp')) setAsksCode(true)
      const first = error instanceof Refusal ? error.problems[0] : undefined
      setWrong([error instanceof Error ? error.message : String(error), first?.do].filter(Boolean).join(' '))
      setBusy(false)
    }
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const who = link.purpose === 'reset' ? {} : { email: email.trim(), ...(asksName ? { name: name.trim() } : {}) }
    void spend({ ...who, password, ...(asksCode ? { code: code.replace(/\s/g, '') } : {}) })
  }

  return (
    <form className="gate-form" onSubmit={submit}>
      {wrong && <Notice tone="bad">{wrong}</Notice>}
      {invited && me.data && <Button size="big" wide busy={busy} onClick={() => void spend({})}>{m.joinAs(me.data.name)}</Button>}
      {invited && <Segmented label={m.account} value={known ? 'known' : 'new'} onChange={(v) => setKnown(v === 'known')} options={[{ value: 'new', title: m.newHere }, { value: 'known', title: m.haveAccount }]} />}
      {asksName && <TextField big label={m.name} autoComplete="name" value={name} onChange={(e) => setName(e.target.value)} autoFocus required />}
      {link.purpose !== 'reset' && <TextField big label={m.email} type="email" autoComplete="username" value={email} onChange={(e) => setEmail(e.target.value)} readOnly={invited && Boolean(link.email)} required />}
      <PasswordField big label={known ? m.password : <>{m.password} <span className="t3">{m.passwordHint}</span></>} autoComplete={known ? 'current-password' : 'new-password'} value={password} onChange={(e) => setPassword(e.target.value)} autoFocus={!asksName} required />
      {!known && password && (
        <p className="gate-said" role="status">
          <span className={missing > 0 ? 't3' : 'ok'}><Icon name={missing > 0 ? 'infoc' : 'check'} small /></span>
          {missing > 0 ? m.tooShort(missing) : m.longEnough([...password].length)}
        </p>
      )}
      {asksCode && <TextField big label={m.code} hint={m.codeHint} value={code} onChange={(e) => setCode(e.target.value)} inputMode="numeric" autoComplete="one-time-code" autoFocus required />}
      <Button look="primary" type="submit" size="big" wide keys="Enter" busy={busy} disabled={missing > 0}>
        {link.purpose === 'reset' ? m.spendReset : invited ? m.spendInvite : m.signIn}
      </Button>
    </form>
  )
}

function Over({ title, text, usedAt, first }: { title: string; text: string; usedAt?: string | null; first?: boolean }) {
  return (
    <>
      <span className="warn"><Icon name="link" /></span>
      <h1 style={{ marginTop: 8 }}>{title}</h1>
      <p className="t2">{text}</p>
      {usedAt && <dl className="gate-facts"><div><dt>{m.used}</dt><dd>{format.moment(usedAt)}</dd></div></dl>}
      <Go to="/" className="btn primary big wide" style={{ marginTop: 16 }}>{m.withEmail}</Go>
      {first && (
        <>
          <p className="t2 f12" style={{ marginTop: 20, marginBottom: 6 }}>{m.notYou}</p>
          <Copyable text={m.notYouCommand} />
        </>
      )}
    </>
  )
}
