// The addresses of other programs that are told what happens: added, tried, switched off; and what came of telling them.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { hooks as api, type Hook } from '../../api'
import { Button, Confirm, Copyable, Dialog, Empty, Failure, format, IconButton, Menu, SkeletonRows, Tag, toast, toastError, type MenuEntry } from '../../ui'
import { Deliveries } from './Deliveries'
import { HookDialog } from './HookDialog'
import { m } from './messages'
import './hooks.css'

export function WebhooksPage({ workspace }: { workspace: string }) {
  const client = useQueryClient()
  const list = useQuery({ queryKey: ['hooks', workspace], queryFn: () => api.list(workspace), refetchInterval: AGAIN_MS })
  const [at, setAt] = useState<string | null>(null)
  const [editing, setEditing] = useState<Hook | 'new' | null>(null)
  const [removing, setRemoving] = useState<Hook | null>(null)
  const [secret, setSecret] = useState<string | null>(null)
  const reread = () => client.invalidateQueries({ queryKey: ['hooks'] })
  const open = list.data?.find((one) => one.id === at) ?? list.data?.[0]
  const turn = (hook: Hook) => api.change(workspace, hook.id, { active: !hook.active }).then((now) => { void reread(); toast(now.active ? m.switchedOn : m.switchedOff) }, toastError)
  const test = (hook: Hook) => api.test(workspace, hook.id).then(() => { setAt(hook.id); void reread(); toast(m.tested) }, toastError)
  const entriesOf = (hook: Hook): MenuEntry[] => [
    { title: m.change, icon: 'pencil', run: () => setEditing(hook) },
    { title: hook.active ? m.switchOff : m.switchOn, icon: hook.active ? 'lock' : 'unlock', run: () => void turn(hook) },
    'line',
    { title: m.remove, icon: 'trash', danger: true, run: () => setRemoving(hook) },
  ]
  const add = <Button look="primary" icon="plus" onClick={() => setEditing('new')}>{m.add}</Button>
  return (
    <>
      <header className="top"><h1>{m.title}</h1><span className="t3 f12 tr">{m.text}</span><span className="grow" />{list.data && list.data.length > 0 && add}</header>
      <div className="page">
        {list.isPending && <section className="card"><SkeletonRows rows={3} /></section>}
        {list.isError && <Failure error={list.error} onRetry={() => void list.refetch()} />}
        {list.data?.length === 0 && <Empty title={m.none} actions={add}>{m.noneText}</Empty>}
        {list.data && list.data.length > 0 && (
          <section className="card">
            <table className="cards hooks">
              <thead><tr><th>{m.url}</th><th>{m.what}</th><th>{m.state}</th><th className="right">{m.since}</th><td className="fit" /></tr></thead>
              <tbody>
                {list.data.map((hook) => (
                  <tr key={hook.id} className={hook.id === open?.id ? 'sel' : 'hover'} onClick={() => setAt(hook.id)}>
                    <td><button type="button" className="mono tr" aria-pressed={hook.id === open?.id} title={hook.url} onClick={() => setAt(hook.id)}>{hook.url}</button></td>
                    <td className="t2" title={hook.events.join(', ')}>{hook.events.includes('*') ? m.everything : hook.events.length === 1 ? hook.events[0] : m.nEvents(hook.events.length)}</td>
                    <td><span className="row g2">{hook.active ? <Tag tone="ok">{m.on}</Tag> : <Tag>{m.off}</Tag>}{hook.waiting > 0 && <span className="t2">{m.waiting(format.count(hook.waiting))}</span>}{hook.failed > 0 && <span className="bad">{m.failed(format.count(hook.failed))}</span>}</span></td>
                    <td className="right t2">{format.ago(hook.at)}</td>
                    <td className="row g1" onClick={(event) => event.stopPropagation()}>
                      <Button size="small" disabled={!hook.active} onClick={() => void test(hook)}>{m.test}</Button>
                      <Menu position="bottom-end" control={<IconButton icon="more" label={`${m.more}: ${hostOf(hook.url)}`} />} entries={entriesOf(hook)} />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        )}
        {open && <Deliveries key={open.id} workspace={workspace} hook={open} />}
      </div>
      {editing && <HookDialog workspace={workspace} hook={editing === 'new' ? null : editing} onClose={() => setEditing(null)} onSaved={(saved) => { setEditing(null); setAt(saved.id); setSecret(saved.secret ?? null); void reread() }} />}
      {removing && <Confirm title={m.removeTitle(hostOf(removing.url))} action={m.remove} danger onClose={() => setRemoving(null)} onConfirm={() => api.remove(workspace, removing.id).then(reread)}>{m.removeText}</Confirm>}
      {secret && (
        <Dialog title={m.secretTitle} locked onClose={() => setSecret(null)} footer={<><span className="grow" /><Button look="primary" onClick={() => setSecret(null)}>{m.done}</Button></>}>
          <p className="t2">{m.secretText}</p>
          <Copyable text={secret} wrap />
        </Dialog>
      )}
    </>
  )
}

const AGAIN_MS = 5_000

function hostOf(url: string): string {
  try {
    return new URL(url).host
  } catch {
    return url
  }
}
