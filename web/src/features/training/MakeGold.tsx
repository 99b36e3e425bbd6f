// Making chosen items gold, or one by an expert's answer, with what they are used for.
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import * as api from '../../api/gold'
import { Button, Dialog, toast } from '../../ui'
import { UseChoice } from './AddGold'
import { m } from './messages'

export function MakeGold({ project, keys, onClose, onMade }: { project: string; keys: readonly api.Key[]; onClose: () => void; onMade?: () => void }) {
  const client = useQueryClient()
  const [use, setUse] = useState<api.Use>('hidden')
  const [wrong, setWrong] = useState<readonly string[]>([])
  const isAnswer = keys.some((one) => one.response !== undefined)
  const make = async () => {
    try {
      const { made, left_out } = await api.make(project, keys, use, isAnswer ? 'response' : 'result')
      await client.invalidateQueries({ queryKey: ['gold'] })
      toast(m.made(made.length, left_out.length))
      if (made.length > 0) onMade?.()
      if (left_out.length === 0) onClose()
      else setWrong([...new Set(left_out.map((one) => one.why))])
    } catch (error) {
      setWrong([error instanceof Error ? error.message : String(error)])
    }
  }
  return (
    <Dialog title={m.makeTitle(keys.length)} width={480} onClose={onClose} onEnter={make} footer={<><Button onClick={onClose}>{m.cancel}</Button><span className="grow" /><Button look="primary" icon="star" onClick={make}>{m.make}</Button></>}>
      <div className="col g2">
        <p className="t2">{isAnswer ? m.makeFrom : m.makeText}</p>
        <UseChoice use={use} onUse={setUse} />
        {wrong.length > 0 && <p className="bad f12">{m.leftOut}: {wrong.join('; ')}</p>}
      </div>
    </Dialog>
  )
}
