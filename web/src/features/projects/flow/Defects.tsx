// What reviewers choose from when they say what is wrong.
import { Button, IconButton, SelectField, TextField } from '../../../ui'
import { freeKey } from '../schemaText'
import { m } from './messages'
import type { Flow } from './policy'

export function Defects({ flow, onFlow }: { flow: Flow; onFlow: (flow: Flow) => void }) {
  const entries = Object.entries(flow.defects ?? {})
  const write = (next: readonly [string, { title?: string; severity?: string }][]) => onFlow({ ...flow, defects: Object.fromEntries(next) })
  return (
    <section className="card">
      <h2 className="ch">{m.defects} <span className="c">{m.defectsText}</span></h2>
      <div className="cb col g2">
        {entries.map(([key, defect], index) => (
          <div key={index} className="row g2 wf-cond">
            <TextField label={m.defectKey} value={key} onChange={(e) => { if (!entries.some(([other], at) => at !== index && other === e.target.value)) write(entries.with(index, [e.target.value, defect])) }} />
            <TextField label={m.defectTitle} value={defect.title ?? ''} onChange={(e) => write(entries.with(index, [key, { ...defect, title: e.target.value }]))} />
            <SelectField label={m.severity} value={defect.severity ?? 'major'} onChange={(e) => write(entries.with(index, [key, { ...defect, severity: e.target.value }]))}>{Object.entries(m.severities).map(([one, title]) => <option key={one} value={one}>{title}</option>)}</SelectField>
            <IconButton icon="trash" label={m.removeDefect(key)} onClick={() => write(entries.toSpliced(index, 1))} />
          </div>
        ))}
        <div><Button size="small" icon="plus" onClick={() => write([...entries, [freeKey(entries.map(([key]) => key), 'reason'), { title: '', severity: 'major' }]])}>{m.addDefect}</Button></div>
      </div>
    </section>
  )
}
