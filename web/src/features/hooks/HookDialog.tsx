// A webhook as it is added, or the events that it is told of changed.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { hooks as api, type Hook } from '../../api'
import { Button, Check, Dialog, Segmented, TextField } from '../../ui'
import { m } from './messages'

export function HookDialog({ workspace, hook, onSaved, onClose }: { workspace: string; hook: Hook | null; onSaved: (saved: Hook) => void; onClose: () => void }) {
  const events = useQuery({ queryKey: ['hook-events', workspace], queryFn: () => api.events(workspace), staleTime: Infinity })
  const [url, setUrl] = useState(hook?.url ?? '')
  const [all, setAll] = useState(hook === null || hook.events.includes('*'))
  const [names, setNames] = useState<readonly string[]>(hook?.events.filter((one) => one !== '*') ?? [])
  const [wrong, setWrong] = useState('')
  const can = url.trim() !== '' && (all || names.length > 0)
  const save = () => {
    const wanted = all ? ['*'] : [...names]
    const asked = hook ? api.change(workspace, hook.id, { events: wanted }) : api.add(workspace, url.trim(), wanted)
    return asked.then(onSaved, (error: unknown) => setWrong(error instanceof Error ? error.message : String(error)))
  }
  return (
    <Dialog title={hook ? m.change : m.add} onClose={onClose} onEnter={() => can && save()} width={560} footer={<><span className="grow" /><Button onClick={onClose}>{m.cancel}</Button><Button look="primary" disabled={!can} onClick={save}>{hook ? m.save : m.add}</Button></>}>
      <TextField label={m.url} type="url" placeholder="https://" hint={m.urlHint} wrong={wrong} value={url} disabled={hook !== null} onChange={(event) => setUrl(event.target.value)} data-autofocus />
      <div className="field"><span className="label">{m.what}</span><span><Segmented label={m.what} value={all ? 'all' : 'some'} onChange={(next) => setAll(next === 'all')} options={[{ value: 'all', title: m.everything }, { value: 'some', title: m.chosen }]} /></span></div>
      {!all && (
        <ul className="hook-events" aria-label={m.what}>
          {Object.entries(events.data ?? {}).map(([name, text]) => (
            <li key={name}><Check checked={names.includes(name)} onChange={(on) => setNames((now) => (on ? [...now, name] : now.filter((one) => one !== name)))}><span><span className="mono">{name}</span> <span className="t3 f12">{text}</span></span></Check></li>
          ))}
        </ul>
      )}
    </Dialog>
  )
}
