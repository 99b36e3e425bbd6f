// What people hold now, person by person, the longest held first: taken back, or handed to somebody else.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { people, work as api, type HeldItem } from '../../api'
import { Button, Dialog, Face, format, Go, LongKey, SelectField, Tag, toast, toastError } from '../../ui'
import { m } from './messages'

interface Handing {
  readonly person: string
  readonly name: string
  readonly items: readonly HeldItem[]
}

export function HeldNow({ project, workspace, held }: { project: string; workspace: string; held: readonly HeldItem[] }) {
  const client = useQueryClient()
  const [handing, setHanding] = useState<Handing | null>(null)
  const reread = () => Promise.all(['batches', 'held', 'items'].map((key) => client.invalidateQueries({ queryKey: [key] })))
  const take = (who: Handing) => api.takeAway(project, who.person, who.items.map((one) => one.item)).then(({ items }) => { void reread(); toast(m.tookBack(items, who.name)) }, toastError)
  return (
    <>
      {byPerson(held).map((who) => (
        <section key={who.person} className="card" aria-label={who.name}>
          <h2 className="ch">
            <Face name={who.name} /> {who.name} <span className="c">{m.holds(who.items.length)}</span>
            <span className="grow" />
            <Button size="small" icon="swap" onClick={() => setHanding(who)}>{m.handOver}</Button>
            <Button size="small" icon="undo" onClick={() => void take(who)}>{m.takeAll}</Button>
          </h2>
          <table className="cards held">
            <thead><tr><th>{m.item}</th><th>{m.stage}</th><th className="right">{m.since}</th><th className="right">{m.until}</th><td className="fit" /></tr></thead>
            <tbody>
              {who.items.map((one) => (
                <tr key={one.item} className="hover">
                  <td><Go to={`/p/${project}/items?item=${one.item}`} className="link"><LongKey>{one.key}</LongKey></Go></td>
                  <td className="t2">{one.stage}</td>
                  <td className="right t2">{format.ago(one.at)}</td>
                  <td className="right t2">{Date.parse(one.until) < Date.now() ? <Tag tone="warn">{m.over}</Tag> : format.moment(one.until)}</td>
                  <td className="row g1">
                    <Button look="quiet" size="small" onClick={() => setHanding({ ...who, items: [one] })}>{m.handOver}</Button>
                    <Button look="quiet" size="small" onClick={() => void take({ ...who, items: [one] })}>{m.takeBack}</Button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ))}
      {handing && <HandDialog project={project} workspace={workspace} handing={handing} onClose={() => { setHanding(null); void reread() }} />}
    </>
  )
}

function HandDialog({ project, workspace, handing, onClose }: { project: string; workspace: string; handing: Handing; onClose: () => void }) {
  const members = useQuery({ queryKey: ['members', workspace], queryFn: () => people.members(workspace) })
  const [to, setTo] = useState('')
  const [wrong, setWrong] = useState('')
  const others = (members.data ?? []).filter((one) => one.active && one.id !== handing.person)
  const hand = () =>
    api.handOver(project, handing.person, to, handing.items.map((one) => one.item)).then(
      ({ items }) => { toast(m.handed(items, others.find((one) => one.id === to)?.name ?? '')); onClose() },
      (error: unknown) => setWrong(error instanceof Error ? error.message : String(error)),
    )
  return (
    <Dialog title={m.handTitle(handing.items.length, handing.name)} onClose={onClose} footer={<><span className="grow" /><Button onClick={onClose}>{m.cancel}</Button><Button look="primary" disabled={to === ''} onClick={hand}>{m.handOver}</Button></>}>
      <p className="t2">{m.handText}</p>
      <SelectField label={m.handTo} value={to} onChange={(event) => setTo(event.target.value)} wrong={wrong} data-autofocus>
        <option value="">{m.choose}</option>
        {others.map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}
      </SelectField>
    </Dialog>
  )
}

function byPerson(held: readonly HeldItem[]): Handing[] {
  const found = new Map<string, { person: string; name: string; items: HeldItem[] }>()
  for (const one of held) {
    const own = found.get(one.person) ?? { person: one.person, name: one.name, items: [] }
    own.items.push(one)
    found.set(one.person, own)
  }
  return [...found.values()]
}
