// What a workspace asks people about themselves, for its owner; never what anybody answered.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { fairness as api } from '../../api'
import { AreaField, Button, Dialog, Failure, TextField, toastError } from '../../ui'
import { m } from './messages'

export function Asked({ workspace }: { workspace: string }) {
  const client = useQueryClient()
  const asked = useQuery({ queryKey: ['attributes', workspace], queryFn: () => api.attributes(workspace) })
  const [asking, setAsking] = useState(false)
  const [stopping, setStopping] = useState<api.Attribute | null>(null)
  const read = () => client.invalidateQueries({ queryKey: ['attributes', workspace] })
  const stop = async (one: api.Attribute) => {
    await api.stopAsking(workspace, one.id).catch(toastError)
    await read()
    setStopping(null)
  }
  return (
    <section className="card">
      <h2 className="ch">{m.asked} <span className="grow" /><Button icon="plus" onClick={() => setAsking(true)}>{m.ask}</Button></h2>
      <div className="cb col g3">
        <p className="t2">{m.askedText}</p>
        {asked.isError && <Failure error={asked.error} onRetry={() => void asked.refetch()} />}
        {asked.data?.map((one) => (
          <div key={one.id} className="row g2">
            <div className="col grow"><b>{one.title}</b><span className="t2 f12">{one.purpose}</span><span className="t3 f12">{one.options.join(' · ')}</span></div>
            <Button look="quiet" danger onClick={() => setStopping(one)}>{m.stop}</Button>
          </div>
        ))}
      </div>
      {asking && <Ask workspace={workspace} onClose={() => { setAsking(false); void read() }} />}
      {stopping && <Dialog title={m.stopTitle(stopping.title)} onClose={() => setStopping(null)} footer={<><span className="grow" /><Button onClick={() => setStopping(null)}>{m.cancel}</Button><Button look="primary" danger onClick={() => void stop(stopping)}>{m.stop}</Button></>}><p>{m.stopText}</p></Dialog>}
    </section>
  )
}

function Ask({ workspace, onClose }: { workspace: string; onClose: () => void }) {
  const [title, setTitle] = useState('')
  const [purpose, setPurpose] = useState('')
  const [options, setOptions] = useState('')
  const [wrong, setWrong] = useState('')
  const lines = options.split('\n').map((one) => one.trim()).filter(Boolean)
  const ask = async () => {
    try {
      await api.ask(workspace, { title: title.trim(), purpose: purpose.trim(), options: lines })
      onClose()
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error))
    }
  }
  return (
    <Dialog title={m.askTitle} onClose={onClose} footer={<><span className="grow" /><Button onClick={onClose}>{m.cancel}</Button><Button look="primary" disabled={!title.trim() || !purpose.trim() || lines.length < 2} onClick={() => void ask()}>{m.ask}</Button></>}>
      <div className="col g3">
        <TextField label={m.title} value={title} onChange={(e) => setTitle(e.target.value)} data-autofocus />
        <AreaField label={m.purpose} hint={m.purposeHint} rows={2} value={purpose} onChange={(e) => setPurpose(e.target.value)} />
        <AreaField label={m.options} rows={5} value={options} onChange={(e) => setOptions(e.target.value)} wrong={wrong} />
      </div>
    </Dialog>
  )
}
