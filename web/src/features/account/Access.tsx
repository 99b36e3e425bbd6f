// Where a person is signed in, and the tokens that act for them.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { people, type Token } from '../../api'
import { Button, Confirm, Copyable, Dialog, Empty, Failure, format, Notice, SelectField, SkeletonRows, Tag, TextField, toastError } from '../../ui'
import { deviceOf } from './device'
import { m } from './messages'

export function Sessions() {
  const client = useQueryClient()
  const sessions = useQuery({ queryKey: ['sessions'], queryFn: people.sessions })
  if (sessions.isPending) return <section className="card"><SkeletonRows rows={3} height={32} /></section>
  if (sessions.isError) return <Failure error={sessions.error} onRetry={() => void sessions.refetch()} />
  const end = (id: string) => people.endSession(id).then(() => client.invalidateQueries({ queryKey: ['sessions'] }), toastError)
  return (
    <section className="card">
      <h2 className="ch">{m.tabs.sessions} <span className="c">{m.sessionsText}</span></h2>
      <table className="cards">
        <thead><tr><th>{m.device}</th><th>{m.address}</th><th>{m.since}</th><th>{m.seen}</th><td className="fit" /></tr></thead>
        <tbody>
          {sessions.data.map((one) => (
            <tr key={one.id}>
              <td title={one.agent}>{deviceOf(one.agent)} {one.current && <Tag tone="ok">{m.thisOne}</Tag>}</td>
              <td className="mono">{one.address}</td>
              <td className="t2">{format.moment(one.created_at)}</td>
              <td className="t2">{format.ago(one.seen_at)}</td>
              <td className="right">{!one.current && <Button size="small" onClick={() => void end(one.id)}>{m.end}</Button>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

export function Tokens({ workspace }: { workspace: string }) {
  const client = useQueryClient()
  const tokens = useQuery({ queryKey: ['tokens', workspace], queryFn: () => people.tokens(workspace) })
  const [making, setMaking] = useState(false)
  const [ending, setEnding] = useState<Token | null>(null)
  const reread = () => client.invalidateQueries({ queryKey: ['tokens', workspace] })
  if (tokens.isPending) return <section className="card"><SkeletonRows rows={3} height={32} /></section>
  if (tokens.isError) return <Failure error={tokens.error} onRetry={() => void tokens.refetch()} />
  const make = <Button look="primary" icon="plus" onClick={() => setMaking(true)}>{m.newToken}</Button>
  return (
    <section className="card">
      <h2 className="ch">{m.tabs.tokens} <span className="c">{m.tokensText}</span><span className="grow" />{tokens.data.length > 0 && make}</h2>
      {tokens.data.length === 0 ? (
        <Empty title={m.noTokens} actions={make}>{m.noTokensText}</Empty>
      ) : (
        <table className="cards">
          <thead><tr><th>{m.name}</th><th>{m.scope}</th><th>{m.seen}</th><th>{m.expires}</th><td className="fit" /></tr></thead>
          <tbody>
            {tokens.data.map((one) => (
              <tr key={one.id}>
                <td className="md">{one.name}</td>
                <td className="t2">{m.scopes[one.scopes.includes('admin') ? 'admin' : one.scopes.includes('write') ? 'write' : 'read']}</td>
                <td className="t2">{one.seen_at ? format.ago(one.seen_at) : m.never}</td>
                <td className="t2">{one.expires_at ? format.day(one.expires_at) : m.never}</td>
                <td className="right"><Button size="small" danger onClick={() => setEnding(one)}>{m.revoke}</Button></td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {making && <NewToken workspace={workspace} onClose={() => { setMaking(false); void reread() }} />}
      {ending && (
        <Confirm title={m.revoke} action={m.revoke} danger onClose={() => setEnding(null)} onConfirm={() => people.endToken(workspace, ending.id).then(reread)}>
          {m.revokeText(ending.name)}
        </Confirm>
      )}
    </section>
  )
}

const SCOPES = { read: ['read'], write: ['read', 'write'], admin: ['read', 'write', 'admin'] } as const

function NewToken({ workspace, onClose }: { workspace: string; onClose: () => void }) {
  const [name, setName] = useState('')
  const [scope, setScope] = useState<keyof typeof SCOPES>('read')
  const [days, setDays] = useState(90)
  const [made, setMade] = useState<string | null>(null)
  const [wrong, setWrong] = useState('')
  const make = async () => {
    try {
      const { token } = await people.makeToken(workspace, { name: name.trim(), scopes: [...SCOPES[scope]], expires_days: days })
      setMade(token ?? '')
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error))
    }
  }
  const footer = made === null ? <><span className="grow" /><Button look="primary" disabled={!name.trim()} onClick={make}>{m.make}</Button></> : <><span className="grow" /><Button look="primary" onClick={onClose}>{m.done}</Button></>
  return (
    <Dialog title={m.newToken} onClose={onClose} onEnter={() => made === null && name.trim() && make()} footer={footer} locked={made !== null}>
      {made === null ? (
        <>
          <TextField label={m.tokenName} value={name} onChange={(e) => setName(e.target.value)} wrong={wrong} data-autofocus />
          <SelectField label={m.scope} value={scope} onChange={(e) => setScope(e.target.value as keyof typeof SCOPES)}>
            {(Object.keys(SCOPES) as (keyof typeof SCOPES)[]).map((one) => <option key={one} value={one}>{m.scopes[one]}</option>)}
          </SelectField>
          <SelectField label={m.expiresIn} value={days} onChange={(e) => setDays(Number(e.target.value))}>
            {[7, 30, 90, 365].map((n) => <option key={n} value={n}>{m.days(n)}</option>)}
          </SelectField>
        </>
      ) : (
        <>
          <Notice tone="warn">{m.tokenOnce}</Notice>
          <Copyable text={made} wrap />
        </>
      )}
    </Dialog>
  )
}
