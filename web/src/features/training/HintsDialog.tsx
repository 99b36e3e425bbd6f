// The hints of a gold item: one for each field, and one for each label as it was said.
import { useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { Project } from '../../api'
import * as api from '../../api/gold'
import { readSchema } from '../../engine/schema'
import { AreaField, Button, Dialog } from '../../ui'
import { m } from './messages'

const MOST_LABELS = 12

export function HintsDialog({ row, project, onClose }: { row: api.GoldRow; project: Project; onClose: () => void }) {
  const client = useQueryClient()
  const schema = useMemo(() => readSchema(project.schema), [project.schema])
  const [hints, setHints] = useState<Record<string, string>>(row.hints)
  const [wrong, setWrong] = useState('')
  const save = async () => {
    try {
      const kept = Object.fromEntries(Object.entries(hints).map(([key, text]) => [key, text.trim()]).filter(([, text]) => text))
      await api.change(row.id, { hints: kept })
      await client.invalidateQueries({ queryKey: ['gold'] })
      onClose()
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error))
    }
  }
  const area = (key: string, label: string, first: boolean) => <AreaField key={key} label={label} rows={2} value={hints[key] ?? ''} onChange={(e) => setHints({ ...hints, [key]: e.target.value })} {...(first ? { 'data-autofocus': true, wrong } : {})} />
  return (
    <Dialog title={`${m.hintsTitle}, ${row.key}`} width={560} onClose={onClose} footer={<><Button onClick={onClose}>{m.cancel}</Button><span className="grow" /><Button look="primary" onClick={save}>{m.save}</Button></>}>
      <p className="t2" style={{ marginBottom: 12 }}>{m.hintsText}</p>
      <div className="col g2">
        {schema.fields.map((field, i) => (
          <div key={field.key} className="col g2">
            {area(field.key, field.title ?? field.key, i === 0)}
            {field.labels.slice(0, MOST_LABELS).map((label) => area(`${field.key}.${label.key}`, m.hintOf(field.title ?? field.key, label.title ?? label.key), false))}
          </div>
        ))}
      </div>
    </Dialog>
  )
}
