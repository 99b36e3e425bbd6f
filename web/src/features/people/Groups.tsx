// Groups of people, as stages and assignments name them: made, renamed, filled, deleted.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { workflow as api, type Group, type Member } from '../../api'
import { Button, Check, Confirm, Dialog, Face, IconButton, Menu, TextField, toast } from '../../ui'
import { m } from './messages'

const MOST_FACES = 8

export function useGroups(workspace: string) {
  return useQuery({ queryKey: ['groups', workspace], queryFn: () => api.groups(workspace) })
}

export function GroupsCard({ workspace, members }: { workspace: string; members: readonly Member[] }) {
  const client = useQueryClient()
  const groups = useGroups(workspace)
  const [editing, setEditing] = useState<Group | 'new' | null>(null)
  const [ending, setEnding] = useState<Group | null>(null)
  const reread = () => client.invalidateQueries({ queryKey: ['groups', workspace] })
  return (
    <section className="card" aria-label={m.groups}>
      <h2 className="ch">{m.groups} <span className="c">{m.groupsText}</span><span className="grow" /><Button size="small" icon="plus" onClick={() => setEditing('new')}>{m.newGroup}</Button></h2>
      {groups.data?.length === 0 && <p className="t3 cb">{m.noGroups}</p>}
      {groups.data && groups.data.length > 0 && (
        <table className="cards">
          <tbody>
            {groups.data.map((group) => (
              <tr key={group.id} className="hover">
                <td className="md">{group.name}</td>
                <td><Faces members={members.filter((one) => group.members.includes(one.id))} /></td>
                <td className="fit">
                  <span className="row g1">
                    <Button look="quiet" size="small" onClick={() => setEditing(group)}>{m.editGroup}</Button>
                    <Menu position="bottom-end" control={<IconButton icon="more" label={`${m.more}: ${group.name}`} />} entries={[{ title: m.deleteGroup, icon: 'trash', danger: true, run: () => setEnding(group) }]} />
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {editing && <GroupDialog workspace={workspace} group={editing === 'new' ? null : editing} members={members} onClose={() => { setEditing(null); void reread() }} />}
      {ending && <Confirm title={m.deleteGroupTitle(ending.name)} action={m.deleteGroup} danger onClose={() => setEnding(null)} onConfirm={() => api.removeGroup(workspace, ending.id).then(reread)}>{m.deleteGroupText}</Confirm>}
    </section>
  )
}

function Faces({ members }: { members: readonly Member[] }) {
  if (members.length === 0) return <span className="t3">{m.nobody}</span>
  return (
    <span className="row g1">
      {members.slice(0, MOST_FACES).map((one) => <Face key={one.id} name={one.name} alone />)}
      <span className="t2 f12 tr">{members.length > MOST_FACES ? m.nPeople(members.length) : members.map((one) => one.name).join(', ')}</span>
    </span>
  )
}

function GroupDialog({ workspace, group, members, onClose }: { workspace: string; group: Group | null; members: readonly Member[]; onClose: () => void }) {
  const [name, setName] = useState(group?.name ?? '')
  const [chosen, setChosen] = useState<readonly string[]>(group?.members ?? [])
  const [wrong, setWrong] = useState('')
  const save = () => {
    const body = { name: name.trim(), members: [...chosen] }
    const asked = group ? api.changeGroup(workspace, group.id, body) : api.makeGroup(workspace, body)
    return asked.then(() => { toast(m.groupSaved(body.name)); onClose() }, (error: unknown) => setWrong(error instanceof Error ? error.message : String(error)))
  }
  return (
    <Dialog title={group ? m.editGroupTitle(group.name) : m.newGroup} onClose={onClose} onEnter={() => name.trim() && save()} footer={<><span className="t3 f12">{m.nPeople(chosen.length)}</span><span className="grow" /><Button onClick={onClose}>{m.cancel}</Button><Button look="primary" disabled={!name.trim()} onClick={save}>{m.save}</Button></>}>
      <TextField label={m.name} hint={m.groupHint} value={name} onChange={(event) => setName(event.target.value)} wrong={wrong} data-autofocus />
      <ul className="member-picks" aria-label={m.people}>
        {members.filter((one) => one.active || chosen.includes(one.id)).map((one) => (
          <li key={one.id}><Check checked={chosen.includes(one.id)} onChange={(on) => setChosen((now) => (on ? [...now, one.id] : now.filter((id) => id !== one.id)))}><span className="row g2"><Face name={one.name} />{one.name} <span className="t3 f12">{m.roles[one.role].toLowerCase()}</span></span></Check></li>
        ))}
      </ul>
    </Dialog>
  )
}
