// Changing the metadata of many items from a CSV file.
import { useState } from 'react'
import { items as api, Refusal } from '../../api'
import { Button, Dialog, Notice, Problems, type ShownProblem } from '../../ui'
import { begunOf, Working, type Begun } from './BulkBar'
import { m } from './messages'

export function CsvDialog({ project, onClose }: { project: string; onClose: () => void }) {
  const [file, setFile] = useState<File | null>(null)
  const [running, setRunning] = useState<Begun | null>(null)
  const [wrong, setWrong] = useState<{ text: string; problems: readonly ShownProblem[] } | null>(null)
  const run = () => {
    if (!file) return
    api.metadataByCsv(project, file).then((begun) => setRunning(begunOf(begun, m.csvTitle)), (error: unknown) => setWrong({ text: error instanceof Error ? error.message : String(error), problems: error instanceof Refusal ? error.problems : [] }))
  }
  return (
    <Dialog title={m.csvTitle} onClose={onClose} footer={running ? <div className="row g3"><Working begun={running} onOver={onClose} /></div> : <><span className="grow" /><Button onClick={onClose}>{m.cancel}</Button><Button look="primary" disabled={!file} onClick={run}>{m.csvRun}</Button></>}>
      <p className="t2">{m.csvText}</p>
      <pre className="cmd" style={{ margin: 0, whiteSpace: 'pre' }}>{m.csvExample}</pre>
      {wrong && <Notice tone="bad"><p>{wrong.text}</p><Problems problems={wrong.problems} /></Notice>}
      <label className="field"><span className="label">{m.csvChoose}</span><input type="file" accept=".csv,text/csv" onChange={(e) => setFile(e.target.files?.[0] ?? null)} data-autofocus /></label>
    </Dialog>
  )
}
