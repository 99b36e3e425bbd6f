// Who belongs to a workspace and as what: roles, invitations, reset links, deactivation.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { people as api, type Member, type Role } from '../../api'
import { Button, Confirm, Copyable, Dialog, Face, Failure, format, IconButton, Menu, Notice, SkeletonRows, Tag, TextField, toast, toastError, type MenuEntry } from '../../ui'
import { GroupsCard, useGroups } from './Groups'
import { m } from './messages'
import { TraitsDialog } from './TraitsDialog'
import './people.css'

const ROLES: readonly Role[] = ['owner', 'manager', 'reviewer', 'annotator']

export function MembersPage({ workspace, me, role }: { workspace: string; me: string; role: Role }) {
  const client = useQueryClient()
  const members = useQuery({ queryKey: ['members', workspace], queryFn: () => api.members(workspace) })
  const groups = useGroups(workspace)
  const [describing, setDescribing] = useState<Member | null>(null)
  const [inviting, setInviting] = useState(false)
  const [ending, setEnding] = useState<Member | null>(null)
  const [reset, setReset] = useState<{ member: Member; url: string; expires_at: string } | null>(null)
  const owns = role === 'owner'
  const reread = () => client.invalidateQueries({ queryKey: ['members', workspace] })
  const changeRole = (member: Member, next: Role) => api.changeMember(workspace, member.id, { role: next }).then(() => { void reread(); toast(m.roleChanged(member.name, m.roles[next])) }, toastError)
  const makeReset = (member: Member) => api.resetMember(workspace, member.id).then((made) => setReset({ member, ...made }), toastError)
  const known = { skills: usual(members.data ?? [], 'skills'), languages: usual(members.data ?? [], 'languages') }
  const entriesOf = (member: Member): MenuEntry[] => [
    { title: m.traits, icon: 'tag', run: () => setDescribing(member) },
    ...(owns ? ownersEntries(member) : []),
  ]
  const ownersEntries = (member: Member): MenuEntry[] => [
    { title: m.reset, icon: 'key', run: () => void makeReset(member) },
    'line',
    member.active ? { title: m.deactivate, icon: 'lock', danger: true, run: () => setEnding(member) } : { title: m.reactivate, icon: 'undo', run: () => void api.changeMember(workspace, member.id, { active: true }).then(reread, toastError) },
  ]
  return (
    <>
      <header className="top">
        <h1>{m.people}</h1>{members.data && <span className="t3 f12">{members.data.filter((x) => x.active).length}</span>}
        <span className="grow" />
        <Button look="primary" icon="plus" onClick={() => setInviting(true)}>{m.invite}</Button>
      </header>
      <div className="page">
        {members.isError && <Failure error={members.error} onRetry={() => void members.refetch()} />}
        {!members.isError && (
          <section className="card">
            {members.isPending ? (
              <SkeletonRows rows={6} />
            ) : (
              <table className="cards">
                <thead><tr><th>{m.name}</th><th>{m.email}</th><th>{m.role}</th><th>{m.knows}</th><th>{m.state}</th><th className="right">{m.seen}</th><td className="fit" /></tr></thead>
                <tbody>
                  {members.data?.map((member) => (
                    <tr key={member.id}>
                      <td><span className="row g2"><Face name={member.name} /><span className="md">{member.name}</span>{member.person === me && <span className="t3">{m.you}</span>}</span></td>
                      <td className="t2">{member.email}</td>
                      <td>
                        {owns && member.active ? (
                          <select className="input" style={{ width: 120, height: 24 }} aria-label={`${m.role}: ${member.name}`} value={member.role} onChange={(e) => void changeRole(member, e.target.value as Role)}>
                            {ROLES.map((r) => <option key={r} value={r}>{m.roles[r]}</option>)}
                          </select>
                        ) : (
                          m.roles[member.role]
                        )}
                      </td>
                      <td><Knows member={member} groups={(groups.data ?? []).filter((one) => one.members.includes(member.id)).map((one) => one.name)} onOpen={() => setDescribing(member)} /></td>
                      <td>{member.active ? <Tag tone="ok">{m.active}</Tag> : <Tag>{m.ended}</Tag>}</td>
                      <td className="right t2">{member.last_seen_at ? format.ago(member.last_seen_at) : m.never}</td>
                      <td><Menu position="bottom-end" control={<IconButton icon="more" label={`${m.more}: ${member.name}`} />} entries={entriesOf(member)} /></td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )}
          </section>
        )}
        <GroupsCard workspace={workspace} members={members.data ?? []} />
        <Invites workspace={workspace} />
        <section className="card cb" style={{ paddingTop: 12 }}>
          <dl className="facts">{ROLES.map((r) => [<dt key={r}>{m.roles[r]}</dt>, <dd key={`${r} text`} className="t2">{m.roleText[r]}</dd>])}</dl>
        </section>
      </div>
      {inviting && <InviteDialog workspace={workspace} mine={role} onClose={() => { setInviting(false); void client.invalidateQueries({ queryKey: ['invites', workspace] }) }} />}
      {describing && <TraitsDialog workspace={workspace} member={describing} known={known} onClose={() => { setDescribing(null); void reread() }} />}
      {ending && <Confirm title={m.deactivateTitle(ending.name)} action={m.deactivate} danger onClose={() => setEnding(null)} onConfirm={() => api.changeMember(workspace, ending.id, { active: false }).then(reread)}>{m.deactivateText}</Confirm>}
      {reset && (
        <Dialog title={m.resetTitle(reset.member.name)} onClose={() => setReset(null)} footer={<><span className="grow" /><Button look="primary" onClick={() => setReset(null)}>{m.done}</Button></>}>
          <p className="t2">{m.resetText}</p>
          <Copyable text={reset.url} wrap />
          <p className="t3 f12">{m.until(format.moment(reset.expires_at))}</p>
        </Dialog>
      )}
    </>
  )
}

/** The groups somebody is in, what they can and which languages they speak. */
function Knows({ member, groups, onOpen }: { member: Member; groups: readonly string[]; onOpen: () => void }) {
  const isEmpty = groups.length + member.skills.length + member.languages.length === 0
  return (
    <button type="button" className="traits" aria-label={`${m.traits}: ${member.name}`} onClick={onOpen}>
      {isEmpty && <span className="t3">–</span>}
      {groups.map((one) => <Tag key={`group ${one}`} tone="info">{one}</Tag>)}
      {member.skills.map((one) => <Tag key={`skill ${one}`}>{one}</Tag>)}
      {member.languages.length > 0 && <span className="t3 f12">{member.languages.join(', ')}</span>}
    </button>
  )
}

/** The words that the members have, each once. */
function usual(members: readonly Member[], what: 'skills' | 'languages'): string[] {
  return [...new Set(members.flatMap((one) => one[what]))].toSorted()
}

function Invites({ workspace }: { workspace: string }) {
  const client = useQueryClient()
  const invites = useQuery({ queryKey: ['invites', workspace], queryFn: () => api.invites(workspace) })
  if (!invites.data?.length) return null
  const revoke = (id: string) => api.endInvite(workspace, id).then(() => client.invalidateQueries({ queryKey: ['invites', workspace] }), toastError)
  return (
    <section className="card">
      <h2 className="ch">{m.invites}</h2>
      <table className="cards">
        <thead><tr><th>{m.email}</th><th>{m.role}</th><th className="right">{m.expires}</th><td className="fit" /></tr></thead>
        <tbody>
          {invites.data.map((one) => (
            <tr key={one.id}>
              <td>{one.email ?? <span className="t3">{m.anyone}</span>}</td>
              <td>{m.roles[one.role]}</td>
              <td className="right t2">{format.moment(one.expires_at)}</td>
              <td><Button size="small" onClick={() => void revoke(one.id)}>{m.revoke}</Button></td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function InviteDialog({ workspace, mine, onClose }: { workspace: string; mine: Role; onClose: () => void }) {
  const [role, setRole] = useState<Role>('annotator')
  const [email, setEmail] = useState('')
  const [made, setMade] = useState<{ url: string; expires_at: string } | null>(null)
  const [wrong, setWrong] = useState('')
  // Nobody invites above their own role.
  const allowed = ROLES.slice(ROLES.indexOf(mine))
  const make = () => api.invite(workspace, { role, ...(email.trim() ? { email: email.trim() } : {}) }).then((one) => setMade({ url: one.url ?? '', expires_at: one.expires_at }), (error: unknown) => setWrong(error instanceof Error ? error.message : String(error)))
  return (
    <Dialog title={m.inviteTitle} onClose={onClose} onEnter={() => !made && make()} footer={<><span className="grow" />{made ? <Button look="primary" onClick={onClose}>{m.done}</Button> : <Button look="primary" onClick={() => void make()}>{m.makeLink}</Button>}</>}>
      {made ? (
        <>
          <Notice tone="info">{m.linkOnce}</Notice>
          <Copyable text={made.url} wrap />
          <p className="t3 f12">{m.until(format.moment(made.expires_at))}</p>
        </>
      ) : (
        <>
          <p className="t2">{m.inviteText}</p>
          <fieldset>
            <legend className="f12 t2" style={{ paddingBottom: 4 }}>{m.role}</legend>
            <div className="col g2">
              {allowed.toReversed().map((r) => (
                <label key={r} className="choice"><input type="radio" className="radio" name="role" checked={r === role} onChange={() => setRole(r)} /><span>{m.roles[r]} <span className="t3 f12">{m.roleText[r]}</span></span></label>
              ))}
            </div>
          </fieldset>
          <TextField label={m.inviteEmail} type="email" value={email} onChange={(e) => setEmail(e.target.value)} wrong={wrong} data-autofocus />
        </>
      )}
    </Dialog>
  )
}
