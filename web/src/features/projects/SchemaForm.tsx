// The schema as a form: streams, then fields in the order of the panel. Every change is a change of the text.
import { useState } from 'react'
import type { Problem, SchemaDocument } from '../../api'
import { KINDS } from '../../kinds'
import { Button, Check, Icon, IconButton, Mark } from '../../ui'
import { LabelRows } from './LabelRows'
import { m } from './messages'
import { freshOptions, Key, Options } from './Options'
import { SkeletonEditor } from './SkeletonEditor'
import { freeKey, moveUp, put, rename, take, type Path } from './schemaText'

export interface FormProps {
  text: string
  value: SchemaDocument
  problems: readonly Problem[]
  onText: (text: string) => void
}

const STREAM_KINDS = ['image', 'text', 'document', 'dialogue', 'candidates', 'table', 'trace', 'tree'] as const

export function SchemaForm({ text, value, problems, onText }: FormProps) {
  const [open, setOpen] = useState<string | null>(() => Object.keys(value.fields)[0] ?? null)
  const streams = Object.keys(value.streams)
  const fields = Object.keys(value.fields)
  const addStream = () => onText(put(text, ['streams', freeKey(streams, 'text')], { kind: 'text' }))
  const addField = () => {
    const key = freeKey([...fields, ...streams], 'field')
    onText(put(text, ['fields', key], { kind: 'choice', options: { yes: {}, no: {} } }))
    setOpen(key)
  }
  return (
    <div className="fs">
      <h3>{m.streams} <span className="c">{m.streamsText}</span></h3>
      {streams.map((key) => <StreamRow key={key} name={key} text={text} value={value} problems={problems} onText={onText} />)}
      <Button look="quiet" icon="plus" onClick={addStream}>{m.stream}</Button>
      <h3>{m.fields} <span className="c">{m.fieldsText}</span><span className="grow" /><span className="c">{m.fieldOrder}</span></h3>
      {fields.map((key) => (
        <FieldCard key={key} name={key} text={text} value={value} problems={problems} onText={onText} open={open === key} onOpen={() => setOpen(open === key ? null : key)} onRenamed={setOpen} />
      ))}
      <div style={{ marginTop: 8 }}><Button look="quiet" icon="plus" onClick={addField}>{m.field}</Button></div>
    </div>
  )
}

function StreamRow({ name, text, value, problems, onText }: FormProps & { name: string }) {
  const stream = value.streams[name]
  const at: Path = ['streams', name]
  return (
    <div className="sr">
      <Key label={m.key} value={name} wrong={problems.some((p) => p.path === at.join('.'))} onChange={(key) => onText(rename(text, at, key))} />
      <select className="input s" aria-label={m.kind} value={stream?.kind} onChange={(e) => onText(put(text, [...at, 'kind'], e.target.value))}>
        {[...new Set([...STREAM_KINDS, stream?.kind ?? 'text'])].map((kind) => <option key={kind} value={kind}>{kind}</option>)}
      </select>
      <span className="t3 tr">{m.from[stream?.kind ?? ''] ?? ''}</span>
      <Check checked={stream?.optional === true} onChange={(on) => onText(put(text, [...at, 'optional'], on || undefined))}>{m.mayBeMissing}</Check>
      <IconButton size="small" icon="x" label={m.remove1(name)} disabled={Object.keys(value.streams).length < 2} onClick={() => onText(take(text, at))} />
    </div>
  )
}

function FieldCard({ name, text, value, problems, onText, open, onOpen, onRenamed }: FormProps & { name: string; open: boolean; onOpen: () => void; onRenamed: (key: string) => void }) {
  const field = value.fields[name] ?? { kind: 'choice' }
  const at: Path = ['fields', name]
  const set = (key: string, next: unknown) => onText(put(text, [...at, key], next))
  const ui = KINDS.get(field.kind)
  const isWhere = ui !== undefined && ui.surface !== 'form'
  const mine = problems.filter((p) => p.path === at.join('.') || p.path.startsWith(`${at.join('.')}.`))
  const fitting = Object.entries(value.streams).filter(([, s]) => (ui?.surface === 'canvas' ? ['image', 'document'].includes(s.kind) : ui?.surface === 'text' ? ['text', 'document'].includes(s.kind) : true)).map(([key]) => key)
  const changeKind = (kind: string) => {
    const next = KINDS.get(kind)
    const nowWhere = next !== undefined && next.surface !== 'form'
    let changedText = put(text, [...at, 'kind'], kind)
    const fresh = { ...(nowWhere ? { labels: field.labels ?? { label: {} } } : {}), ...freshOptions(kind) }
    // What only the old kind read would be wrong in the new one.
    const kept = new Set(['kind', 'title', 'definition', 'required', 'when', 'searchable', ...(nowWhere ? ['many', 'attributes'] : []), ...(nowWhere && next.surface !== 'link' ? ['on'] : []), ...Object.keys(fresh)])
    for (const key of Object.keys(field)) if (!kept.has(key)) changedText = put(changedText, [...at, key], undefined)
    for (const [key, value] of Object.entries(fresh)) if (field[key] === undefined) changedText = put(changedText, [...at, key], value)
    onText(changedText)
  }
  return (
    <section className={`fx ${mine.length > 0 ? 'field-wrong' : ''}`} aria-label={name}>
      <div className="fd">
        <IconButton size="small" icon="arrowup" label={m.moveUp(name)} onClick={() => onText(moveUp(text, at))} />
        <Key label={m.key} value={name} wrong={mine.some((p) => p.path === at.join('.'))} onChange={(key) => { onText(rename(text, at, key)); onRenamed(key) }} />
        <select className="input s" aria-label={m.kind} value={field.kind} onChange={(e) => changeKind(e.target.value)}>
          {[...new Set([...KINDS.keys(), field.kind])].map((kind) => <option key={kind} value={kind}>{kind}</option>)}
        </select>
        <span className="row g2">
          {isWhere ? (
            <>
              {ui.surface !== 'link' && <>
              <span className="t3">{m.on}</span>
              <select className="input s" style={{ width: 'auto', minWidth: 72 }} aria-label={m.on} value={field.on ?? fitting[0] ?? ''} onChange={(e) => set('on', e.target.value)}>
                {fitting.map((key) => <option key={key} value={key}>{key}</option>)}
              </select>
              </>}
              {!open && <span className="row g2 tr">{Object.entries(field.labels ?? {}).slice(0, 4).map(([key, label], i) => <span key={key} className="row g1" style={{ flex: 'none' }}><Mark index={i} />{label.title || key}</span>)}</span>}
            </>
          ) : (
            !open && <span className="t3 tr">{Object.entries(field.options ?? {}).map(([key, o]) => o.title || key).slice(0, 5).join(', ')}</span>
          )}
        </span>
        <span className="row g3">
          {isWhere && <Check checked={field.many !== false} onChange={(on) => set('many', on ? undefined : false)}>{m.many}</Check>}
          <Check checked={field.required === true} onChange={(on) => set('required', on || undefined)}>{m.required}</Check>
          <IconButton size="small" icon={open ? 'cu' : 'cd'} label={open ? m.fold(name) : m.unfold(name)} aria-expanded={open} onClick={onOpen} />
        </span>
      </div>
      {mine.map((problem, i) => (
        <p key={i} className="row g2 f12" style={{ padding: '0 12px 8px' }} role="alert"><span className="bad"><Icon name="alert" small /></span><span className="mono">{problem.path.slice(at.join('.').length + 1) || name}</span><span className="grow t2">{problem.do}</span></p>
      ))}
      {open && isWhere && <LabelRows text={text} at={[...at, 'labels']} labels={field.labels ?? {}} onText={onText} />}
      {open && (
        <div className="fb">
          {field.kind === 'keypoints' ? <SkeletonEditor text={text} at={at} field={field} onText={onText} /> : <Options text={text} at={at} field={field} onText={onText} />}
          <label className="row g2"><span className="t2" style={{ width: 96 }}>{m.title}</span><input className="input s" value={field.title ?? ''} placeholder={name} onChange={(e) => set('title', e.target.value || undefined)} /></label>
          <label className="row g2"><span className="t2" style={{ width: 96 }}>{m.definition}</span><input className="input s" value={field.definition ?? ''} placeholder={m.definitionPlaceholder} onChange={(e) => set('definition', e.target.value || undefined)} /></label>
          <div className="row"><span className="grow" /><Button look="quiet" size="small" icon="trash" danger disabled={Object.keys(value.fields).length < 2} onClick={() => onText(take(text, at))}>{m.remove1(name)}</Button></div>
        </div>
      )}
    </section>
  )
}
