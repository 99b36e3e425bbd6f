// Clone, archive, delete, take back: asked once, said plainly, undone where it can be.
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { projects as api } from '../../api'
import { Button, Check, Confirm, Dialog, format, TextField, toast, toastError, useGo } from '../../ui'
import { m } from './messages'

export type Doing = 'clone' | 'archive' | 'remove' | 'restore'
interface Some {
  id: string
  title: string
  items: number
}

export function ProjectDialog({ project, doing, onClose, onGone }: { project: Some; doing: Doing; onClose: () => void; onGone?: () => void }) {
  const client = useQueryClient()
  const reread = () => Promise.all([client.invalidateQueries({ queryKey: ['projects'] }), client.invalidateQueries({ queryKey: ['project', project.id] })])
  const back = () => api.restore(project.id).then(reread).then(() => toast(m.restored), toastError)
  if (doing === 'clone') return <Clone project={project} onClose={onClose} />
  const say = { archive: m.archiveText(project.title), remove: m.removeText(project.title, format.count(project.items)), restore: m.restoreText(project.title) }[doing]
  const run = async () => {
    await { archive: api.archive, remove: api.toBin, restore: api.restore }[doing](project.id)
    await reread()
    toast({ archive: m.archived, remove: m.deleted, restore: m.restored }[doing], doing === 'restore' ? {} : { undo: () => void back() })
    if (doing === 'remove') onGone?.()
  }
  return (
    <Confirm title={{ archive: m.archiveTitle, remove: m.removeTitle, restore: m.restoreTitle }[doing](project.title)} action={{ archive: m.archive, remove: m.remove, restore: m.restore }[doing]} danger={doing === 'remove'} onConfirm={run} onClose={onClose}>
      {say}
    </Confirm>
  )
}

function Clone({ project, onClose }: { project: Some; onClose: () => void }) {
  const client = useQueryClient()
  const go = useGo()
  const [title, setTitle] = useState(m.cloneName(project.title))
  const [withItems, setWithItems] = useState(false)
  const [wrong, setWrong] = useState('')
  const [busy, setBusy] = useState(false)
  const clone = async () => {
    setBusy(true)
    try {
      const made = await api.clone(project.id, { title: title.trim(), with_items: withItems })
      await client.invalidateQueries({ queryKey: ['projects'] })
      onClose()
      go(`/p/${made.project.id}`)
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error))
      setBusy(false)
    }
  }
  return (
    <Dialog title={m.cloneTitle} onClose={onClose} onEnter={() => title.trim() && !busy && clone()} footer={<><span className="grow" /><Button look="primary" busy={busy} disabled={!title.trim()} onClick={clone}>{m.clone}</Button></>}>
      <TextField label={m.title} value={title} onChange={(e) => setTitle(e.target.value)} wrong={wrong} data-autofocus />
      <Check checked={withItems} onChange={setWithItems}>{m.withItems}</Check>
    </Dialog>
  )
}
