// Writing a version of the guideline: its text, what labels mean, examples.
import { useState } from 'react'
import { Refusal, type Guideline, type GuidelineDraft } from '../../api'
import { AreaField, Button, Check, IconButton, Problems, SelectField, TextField } from '../../ui'
import type { Field } from '../../engine/schema'
import { ExampleEdit, type NewExample } from './ExampleEdit'
import { m } from './messages'

type Definition = { field: string; label: string | null; text: string; clause: string | null }
type Example = NewExample

export function GuidelineEditor({ project, guideline, fields, drawn, onCancel, onPublish }: { project: string; guideline: Guideline; /** The schema's fields, to show what was drawn. */ drawn: readonly Field[]; fields: { field: string; labels: string[] }[]; onCancel: () => void; onPublish: (draft: GuidelineDraft) => Promise<void> }) {
  const [text, setText] = useState(guideline.text)
  const [definitions, setDefinitions] = useState<Definition[]>(() => guideline.definitions.map((one) => ({ field: one.field, label: one.label ?? null, text: one.text, clause: one.clause ?? null })))
  const [examples, setExamples] = useState<Example[]>(() => guideline.examples.map(({ drawn: _, ...one }) => one as Example))
  const [note, setNote] = useState('')
  const [mustRead, setMustRead] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<Refusal | null>(null)
  const publish = async () => {
    setBusy(true)
    setError(null)
    try {
      await onPublish({ text, definitions, examples: examples.filter((one) => one.item !== ''), note, must_read: mustRead })
    } catch (wrong) {
      setError(wrong instanceof Refusal ? wrong : new Refusal(0, '', String(wrong), ''))
      setBusy(false)
    }
  }
  const redefine = (i: number, change: Partial<Definition>) => setDefinitions(definitions.map((one, at) => (at === i ? { ...one, ...change } : one)))
  const reshow = (i: number, change: Partial<Example>) => setExamples((all) => all.map((one, at) => (at === i ? { ...one, ...change } : one)))
  return (
    <section className="card">
      <div className="cb guide-edit" style={{ maxWidth: 'none' }}>
        <AreaField label={m.text} hint={m.textHint} value={text} onChange={(e) => setText(e.target.value)} dir="auto" />
        <h2>{m.definitions}</h2>
        {definitions.map((one, i) => (
          <div key={i} className="guide-row">
            <SelectField label={m.field} value={one.field} onChange={(e) => redefine(i, { field: e.target.value, label: null })}>
              {fields.map((f) => <option key={f.field}>{f.field}</option>)}
            </SelectField>
            <SelectField label={m.label} value={one.label ?? ''} onChange={(e) => redefine(i, { label: e.target.value || null })}>
              <option value="">{m.wholeField}</option>
              {fields.find((f) => f.field === one.field)?.labels.map((label) => <option key={label}>{label}</option>)}
            </SelectField>
            <TextField label={m.meaning} value={one.text} onChange={(e) => redefine(i, { text: e.target.value })} dir="auto" />
            <IconButton icon="trash" label={m.remove} onClick={() => setDefinitions(definitions.filter((_, at) => at !== i))} />
          </div>
        ))}
        <div><Button size="small" icon="plus" disabled={fields.length === 0} onClick={() => setDefinitions([...definitions, { field: fields[0]?.field ?? '', label: fields[0]?.labels[0] ?? null, text: '', clause: null }])}>{m.addDefinition}</Button></div>
        <h2>{m.examples}</h2>
        {examples.map((one, i) => <ExampleEdit key={i} project={project} example={one} fields={drawn} onChange={(change) => reshow(i, change)} onRemove={() => setExamples(examples.filter((_, at) => at !== i))} />)}
        <div><Button size="small" icon="plus" onClick={() => setExamples([...examples, { verdict: 'do', item: '', note: '' } as Example])}>{m.addExample}</Button></div>
        <TextField label={m.note} value={note} onChange={(e) => setNote(e.target.value)} dir="auto" />
        <Check checked={mustRead} onChange={setMustRead}>{m.mustRead}</Check>
        {error && (error.problems.length > 0 ? <Problems problems={error.problems} /> : <p className="bad" role="alert">{error.message}</p>)}
        <div className="row g2"><Button look="primary" busy={busy} onClick={publish}>{m.publish}</Button><Button onClick={onCancel}>{m.cancel}</Button></div>
      </div>
    </section>
  )
}
