// What people choose from: reviewers when they say what is wrong, whoever labels when they skip.
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

export function SkipReasons({ flow, onFlow }: { flow: Flow; onFlow: (flow: Flow) => void }) {
  const entries = Object.entries(flow.skip_reasons ?? {})
  const write = (next: readonly [string, string][]) => {
    const rest = Object.fromEntries(Object.entries(flow).filter(([key]) => key !== 'skip_reasons')) as unknown as Flow
    onFlow(next.length > 0 ? { ...rest, skip_reasons: Object.fromEntries(next) } : rest)
  }
  return (
    <section className="card" aria-label={m.skipReasons}>
      <h2 className="ch">{m.skipReasons} <span className="c">{m.skipReasonsText}</span></h2>
      <div className="cb col g2">
        {entries.map(([key, title], index) => (
          <div key={index} className="row g2 wf-cond">
            <TextField label={m.defectKey} value={key} onChange={(e) => { if (!entries.some(([other], at) => at !== index && other === e.target.value)) write(entries.with(index, [e.target.value, title])) }} />
            <TextField label={m.defectTitle} value={title} onChange={(e) => write(entries.with(index, [key, e.target.value]))} dir="auto" />
            <IconButton icon="trash" label={m.removeReason(key)} onClick={() => write(entries.toSpliced(index, 1))} />
          </div>
        ))}
        <div><Button size="small" icon="plus" onClick={() => write([...entries, [freeKey(entries.map(([key]) => key), 'reason'), '']])}>{m.addDefect}</Button></div>
      </div>
    </section>
  )
}
