// Giving the item that one has open to a colleague. Whether they had it already is not told.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { work as api } from '../../api'
import { Button, Dialog, SelectField, toast } from '../../ui'
import { m } from './messages'

export function HandOverDialog({ project, item, onHanded, onClose }: { project: string; item: string; onHanded: () => void; onClose: () => void }) {
  const colleagues = useQuery({ queryKey: ['colleagues', project], queryFn: () => api.colleagues(project) })
  const [to, setTo] = useState('')
  const [wrong, setWrong] = useState('')
  const known = colleagues.data ?? []
  const hand = async () => {
    if (to === '') return
    try {
      await api.handMine(project, to, [item])
      toast(m.handed(known.find((one) => one.id === to)?.name ?? ''))
      onHanded()
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error))
    }
  }
  return (
    <Dialog title={m.handOver} onClose={onClose} onEnter={hand} footer={<><span className="grow" /><Button onClick={onClose}>{m.cancel}</Button><Button look="primary" disabled={to === ''} onClick={hand}>{m.handOver}</Button></>}>
      <p className="t2">{m.handText}</p>
      <SelectField label={m.handTo} value={to} onChange={(event) => setTo(event.target.value)} wrong={wrong} data-autofocus {...(colleagues.isSuccess && known.length === 0 ? { hint: m.nobodyToHand } : {})}>
        <option value="">{m.choosePerson}</option>
        {known.map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}
      </SelectField>
    </Dialog>
  )
}
