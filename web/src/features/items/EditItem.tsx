// Changing one item's metadata and tags; a change by someone else in between is noticed.
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { items as api, Refusal, type ItemDetail, type Metadata } from '../../api'
import { Button, Dialog, IconButton, Notice, TextField } from '../../ui'
import { shown } from './cells'
import { typed } from './filter'
import { m } from './messages'

export function EditItem({ item, onClose }: { item: ItemDetail; onClose: () => void }) {
  const client = useQueryClient()
  const [rows, setRows] = useState(() => Object.entries(item.metadata).map(([key, value]) => ({ key, value: shown(value), was: value as unknown })))
  const [tags, setTags] = useState(item.tags.join(', '))
  const [wrong, setWrong] = useState('')
  const [busy, setBusy] = useState(false)
  const set = (index: number, part: { key?: string; value?: string }) => setRows((now) => now.map((row, i) => (i === index ? { ...row, ...part } : row)))

  const save = async () => {
    setBusy(true)
    try {
      const metadata: Metadata = Object.fromEntries(rows.filter((r) => r.key.trim()).map((r) => [r.key.trim(), Array.isArray(r.was) ? r.value.split(',').map((v) => v.trim()) : typeof r.was === 'string' ? r.value : typed(r.value)]))
      await api.change(item.id, item.etag, { metadata, tags: tags.split(',').map((t) => t.trim()).filter(Boolean) })
      await Promise.all(['item', 'items', 'facets'].map((key) => client.invalidateQueries({ queryKey: [key] })))
      onClose()
    } catch (error) {
      const changed = error instanceof Refusal && (error.status === 412 || error.status === 409)
      if (changed) await client.invalidateQueries({ queryKey: ['item', item.id] })
      setWrong(changed ? m.conflict : error instanceof Refusal && error.problems[0]?.do ? error.problems[0].do : error instanceof Error ? error.message : String(error))
      setBusy(false)
    }
  }

  return (
    <Dialog title={m.editTitle(item.key)} onClose={onClose} footer={<><span className="grow" /><Button onClick={onClose}>{m.cancel}</Button><Button look="primary" busy={busy} onClick={save}>{m.save}</Button></>}>
      {wrong && <Notice tone="bad">{wrong}</Notice>}
      <fieldset>
        <legend className="f12 t2" style={{ paddingBottom: 4 }}>{m.metadata}</legend>
        <div className="kv">
          {rows.map((row, index) => (
            <Row key={index} name={row.key} value={row.value} onName={(key) => set(index, { key })} onValue={(value) => set(index, { value })} onRemove={() => setRows((now) => now.filter((_, i) => i !== index))} />
          ))}
        </div>
        <Button look="quiet" size="small" icon="plus" onClick={() => setRows((now) => [...now, { key: '', value: '', was: undefined }])}>{m.addRow}</Button>
        <p className="t3 f12">{m.metadataHint}</p>
      </fieldset>
      <TextField label={m.tags} hint={m.tagsHint} value={tags} onChange={(e) => setTags(e.target.value)} />
    </Dialog>
  )
}

function Row({ name, value, onName, onValue, onRemove }: { name: string; value: string; onName: (name: string) => void; onValue: (value: string) => void; onRemove: () => void }) {
  return (
    <>
      <input className="input" aria-label={m.key} value={name} onChange={(e) => onName(e.target.value)} />
      <input className="input" aria-label={`${m.value} ${name}`} value={value} onChange={(e) => onValue(e.target.value)} dir="auto" />
      <IconButton icon="x" label={`${m.remove} ${name}`} onClick={onRemove} />
    </>
  )
}
