// The batches of items that were given to people: for whom, how far, until when; and letting one go.
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { work as api, type Batch } from '../../api'
import { Confirm, Face, format, Icon, IconButton, Menu, Progress, Tag, toast } from '../../ui'
import { m } from './messages'

export function GivenOut({ batches }: { batches: readonly Batch[] }) {
  const client = useQueryClient()
  const [ending, setEnding] = useState<Batch | null>(null)
  const standing = batches.filter((one) => one.ended_at === null)
  const ended = batches.filter((one) => one.ended_at !== null)
  const reread = () => Promise.all(['batches', 'held', 'items'].map((key) => client.invalidateQueries({ queryKey: [key] })))
  const release = (one: Batch) => api.release(one.id).then(() => { void reread(); toast(m.released(one.title)) })
  return (
    <>
      {standing.length > 0 && (
        <section className="card">
          <table className="cards given">
            <thead><tr><th>{m.batch}</th><th>{m.for}</th><th>{m.progress}</th><th>{m.priority}</th><th>{m.deadline}</th><td className="fit" /></tr></thead>
            <tbody>
              {standing.map((one) => (
                <tr key={one.id}>
                  <td><p className="md tr">{one.title}</p><p className="t3 f12 tr">{m.givenBy(one.by, format.ago(one.at))}</p></td>
                  <td><Whom batch={one} /></td>
                  <td><Far batch={one} /></td>
                  <td>{one.priority > 0 ? <Tag tone="warn">{m.high}</Tag> : one.priority < 0 ? <Tag>{m.low}</Tag> : <span className="t3">{m.normal}</span>}</td>
                  <td>{one.deadline ? <><p className="nowrap">{format.moment(one.deadline)}</p><p className="t3 f12 nowrap">{m.late[one.late]}</p></> : <span className="t3">{m.noDeadline}</span>}</td>
                  <td><Menu position="bottom-end" control={<IconButton icon="more" label={`${m.release}: ${one.title}`} />} entries={[{ title: m.release, icon: 'undo', run: () => setEnding(one) }]} /></td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {ended.length > 0 && (
        <section className="card">
          <h2 className="ch">{m.ended} <span className="c">{format.count(ended.length)}</span></h2>
          <table className="cards given">
            <thead><tr><th>{m.batch}</th><th>{m.for}</th><th>{m.progress}</th><th className="right">{m.endedAt}</th></tr></thead>
            <tbody>
              {ended.map((one) => (
                <tr key={one.id} className="t2">
                  <td className="tr">{one.title}</td>
                  <td><Whom batch={one} /></td>
                  <td>{m.holds(one.items)}</td>
                  <td className="right">{format.ago(one.ended_at ?? one.at)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {ending && <Confirm title={m.releaseTitle(ending.title)} action={m.release} onClose={() => setEnding(null)} onConfirm={() => release(ending)}>{m.releaseText}</Confirm>}
    </>
  )
}

function Whom({ batch }: { batch: Batch }) {
  if (batch.to === 'anybody') return <span className="row g2"><span className="face"><Icon name="users" small /></span>{m.anybody}</span>
  return (
    <span className="row g2">
      {batch.to === 'person' ? <Face name={batch.name} /> : <span className="face"><Icon name={batch.to === 'group' ? 'users' : batch.to === 'skill' ? 'seal' : 'comment'} small /></span>}
      <span className="tr"><span className="t3">{m.to[batch.to]} </span>{batch.name}{!batch.exclusive && <span className="t3 f12">, {m.shared}</span>}</span>
    </span>
  )
}

function Far({ batch }: { batch: Batch }) {
  const done = batch.items - batch.left
  const said = batch.job ? m.filling : [m.of(format.count(done), format.count(batch.items)), ...(batch.held > 0 ? [m.nHeld(batch.held)] : [])].join(', ')
  return (
    <span className="far">
      <Progress value={batch.items > 0 ? done / batch.items : 0} label={`${m.progress}: ${batch.title}`} {...(batch.left === 0 && batch.items > 0 ? { look: 'done' as const } : {})} />
      <span className="t3 f12 nowrap">{said}</span>
    </span>
  )
}
