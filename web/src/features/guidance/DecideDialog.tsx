// Upholding a verdict or overturning it, with the reason.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { guidance as api, type Appeal } from '../../api'
import * as gold from '../../api/gold'
import { AreaField, Button, Dialog, format, Go, itemsPath, LongKey, SkeletonRows, Tag, toastError } from '../../ui'
import { m } from './messages'

export function DecideDialog({ appeal, project, onClose }: { appeal: Appeal; project: string; onClose: () => void }) {
  const client = useQueryClient()
  const [reason, setReason] = useState('')
  const [wrong, setWrong] = useState('')
  const decide = async (outcome: 'upheld' | 'overturned') => {
    try {
      await api.decide(appeal.id, outcome, reason)
      await client.invalidateQueries({ queryKey: ['appeals'] })
      onClose()
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error))
    }
  }
  const footer = (
    <>
      <Button onClick={onClose}>{m.cancel}</Button>
      <span className="grow" />
      <Button disabled={!reason.trim()} onClick={() => decide('upheld')}>{m.uphold}</Button>
      <Button look="primary" disabled={!reason.trim()} onClick={() => decide('overturned')}>{m.overturn}</Button>
    </>
  )
  return (
    <Dialog title={m.decide} width={appeal.against === 'gold' ? 640 : 480} onClose={onClose} footer={footer}>
      <p dir="auto">{appeal.reason}</p>
      <p className="t2 f12" style={{ margin: '8px 0' }}>{appeal.against === 'gold' ? m.decideGold : m.decideText}</p>
      {appeal.against === 'gold' && <Scored appeal={appeal} project={project} />}
      <AreaField label={m.reason} value={reason} onChange={(e) => setReason(e.target.value)} wrong={wrong} data-autofocus />
    </Dialog>
  )
}

/** The gold that an appealed score is of, what was answered furthest off first; a key that is in doubt is retired here. */
function Scored({ appeal, project }: { appeal: Appeal; project: string }) {
  const client = useQueryClient()
  const rows = useQuery({ queryKey: ['appeals', appeal.id, 'gold'], queryFn: () => api.appealedGold(appeal.id) })
  const doubt = (id: string) => gold.retire(id, 'disputed').then(() => client.invalidateQueries({ queryKey: ['appeals', appeal.id] }), toastError)
  if (!rows.data) return <SkeletonRows rows={4} height={32} />
  return (
    <div className="appeal-gold">
      <table className="cards">
        <tbody>
          {rows.data.map((one) => (
            <tr key={one.gold}>
              <td><Go to={itemsPath(project, [{ ids: [one.item] }])} className="link"><LongKey>{one.key}</LongKey></Go></td>
              <td className="right">{format.fraction(one.score)}</td>
              <td className="right">{one.state === 'active' ? <Button size="small" look="quiet" onClick={() => void doubt(one.gold)}>{m.doubt}</Button> : <Tag>{m.retired}</Tag>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
