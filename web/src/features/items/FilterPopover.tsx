// Making or changing one condition: what it is about, then what it asks.
import { useId, useState, type FormEvent, type ReactNode } from 'react'
import type { Condition, Facets, ItemState, SchemaDocument } from '../../api'
import { Button, Check } from '../../ui'
import { kindOf, STATES, typed, type ConditionKind } from './filter'
import { m } from './messages'

const KINDS: readonly ConditionKind[] = ['state', 'metadata', 'label', 'answer', 'author', 'not_author', 'responses', 'tag', 'key', 'text']
const META_OPS = ['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'in', 'contains', 'exists']

interface Draft {
  kind: ConditionKind
  states: ItemState[]
  key: string
  op: string
  value: string
  field: string
  author: string
}

export function FilterForm({ start, facets, schema, onDone }: { start?: Condition; facets: Facets | undefined; schema: SchemaDocument; onDone: (condition: Condition) => void }) {
  const [draft, setDraft] = useState<Draft>(() => draftOf(start, facets, schema))
  const set = (part: Partial<Draft>) => setDraft((now) => ({ ...now, ...part }))
  const condition = conditionOf(draft)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (condition) onDone(condition)
  }
  return (
    <form className="col g3" onSubmit={submit}>
      <Line label={m.what}>
        {(id) => (
          <select id={id} className="input" value={draft.kind} onChange={(e) => set({ ...draftOf(undefined, facets, schema), kind: e.target.value as ConditionKind, op: e.target.value === 'responses' ? 'ge' : e.target.value === 'key' ? 'contains' : 'eq', field: firstField(schema, e.target.value === 'label') })}>
            {KINDS.map((kind) => <option key={kind} value={kind}>{m.kinds[kind]}</option>)}
          </select>
        )}
      </Line>
      <Asked draft={draft} set={set} facets={facets} schema={schema} />
      <Button look="primary" type="submit" keys="Enter" disabled={!condition} wide>{m.apply}</Button>
    </form>
  )
}

function Asked({ draft, set, facets, schema }: { draft: Draft; set: (part: Partial<Draft>) => void; facets: Facets | undefined; schema: SchemaDocument }) {
  if (draft.kind === 'state') {
    return (
      <fieldset className="col g2">
        <legend className="hidden">{m.state}</legend>
        {STATES.map((s) => (
          <Check key={s} checked={draft.states.includes(s)} onChange={(on) => set({ states: on ? [...draft.states, s] : draft.states.filter((x) => x !== s) })}>{m.states[s]}</Check>
        ))}
      </fieldset>
    )
  }
  if (draft.kind === 'author' || draft.kind === 'not_author') {
    return <Pick label={m.author} value={draft.author} onChange={(author) => set({ author })} options={(facets?.authors ?? []).map((a) => [a.id, a.name])} />
  }
  if (draft.kind === 'tag') {
    return <Typed label={m.tag} value={draft.value} onChange={(value) => set({ value })} known={facets?.tags ?? []} />
  }
  if (draft.kind === 'text') return <Typed label={m.ops['contains'] ?? ''} value={draft.value} onChange={(value) => set({ value })} />
  if (draft.kind === 'key') {
    return (
      <>
        <Pick label={m.condition} value={draft.op} onChange={(op) => set({ op })} options={['contains', 'eq', 'prefix'].map((op) => [op, m.ops[op] ?? op])} />
        <Typed label={m.name} value={draft.value} onChange={(value) => set({ value })} />
      </>
    )
  }
  if (draft.kind === 'responses') {
    return (
      <>
        <Pick label={m.condition} value={draft.op} onChange={(op) => set({ op })} options={['eq', 'ge', 'le'].map((op) => [op, m.ops[op] ?? op])} />
        <Typed label={m.responses} value={draft.value} onChange={(value) => set({ value })} number />
      </>
    )
  }
  if (draft.kind === 'metadata') {
    const key = facets?.metadata.find((f) => f.key === draft.key)
    return (
      <>
        <Typed label={m.key} value={draft.key} onChange={(next) => set({ key: next })} known={facets?.metadata.map((f) => f.key) ?? []} />
        <Pick label={m.condition} value={draft.op} onChange={(op) => set({ op })} options={META_OPS.map((op) => [op, m.ops[op] ?? op])} />
        {draft.op !== 'exists' && <Typed label={m.value} value={draft.value} onChange={(value) => set({ value })} known={key?.texts ?? []} />}
      </>
    )
  }
  const fields = Object.entries(schema.fields).filter(([, f]) => (draft.kind === 'label') === Boolean(f.labels))
  const field = schema.fields[draft.field]
  const choices = Object.entries(flat(field?.labels ?? field?.options ?? {}))
  return (
    <>
      <Pick label={m.field} value={draft.field} onChange={(next) => set({ field: next, value: '' })} options={fields.map(([key, f]) => [key, f.title || key])} />
      {choices.length > 0 ? (
        <Pick label={draft.kind === 'label' ? m.label : m.value} value={draft.value} onChange={(value) => set({ value })} options={[['', '…'], ...choices]} />
      ) : (
        <>
          <Pick label={m.condition} value={draft.op} onChange={(op) => set({ op })} options={['eq', 'contains', 'exists'].map((op) => [op, m.ops[op] ?? op])} />
          {draft.op !== 'exists' && <Typed label={m.value} value={draft.value} onChange={(value) => set({ value })} />}
        </>
      )}
      {draft.kind === 'label' && <Pick label={m.author} value={draft.author} onChange={(author) => set({ author })} options={[['', m.anyone], ...(facets?.authors ?? []).map((a): [string, string] => [a.id, a.name])]} />}
    </>
  )
}

function Line({ label, children }: { label: string; children: (id: string) => ReactNode }) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children(id)}
    </div>
  )
}

function Pick({ label, value, options, onChange }: { label: string; value: string; options: readonly (readonly [string, string])[]; onChange: (value: string) => void }) {
  return (
    <Line label={label}>
      {(id) => (
        <select id={id} className="input" value={value} onChange={(e) => onChange(e.target.value)}>
          {!options.some(([key]) => key === value) && <option value={value}>…</option>}
          {options.map(([key, title]) => <option key={key} value={key}>{title}</option>)}
        </select>
      )}
    </Line>
  )
}

function Typed({ label, value, onChange, known = [], number = false }: { label: string; value: string; onChange: (value: string) => void; known?: readonly string[]; number?: boolean }) {
  const list = useId()
  return (
    <Line label={label}>
      {(id) => (
        <>
          <input id={id} className="input" value={value} onChange={(e) => onChange(e.target.value)} list={known.length ? list : undefined} inputMode={number ? 'numeric' : undefined} />
          {known.length > 0 && <datalist id={list}>{known.map((k) => <option key={k} value={k} />)}</datalist>}
        </>
      )}
    </Line>
  )
}

function firstField(schema: SchemaDocument, withLabels: boolean): string {
  return Object.entries(schema.fields).find(([, f]) => Boolean(f.labels) === withLabels)?.[0] ?? ''
}

/** All options of a taxonomy in one list, deeper ones after their parent. */
function flat(options: Record<string, { title?: string; [more: string]: unknown }>): Record<string, string> {
  const found: Record<string, string> = {}
  for (const [key, option] of Object.entries(options)) {
    found[key] = option.title || key
    const nested = option['options']
    if (typeof nested === 'object' && nested !== null) Object.assign(found, flat(nested as typeof options))
  }
  return found
}

function draftOf(start: Condition | undefined, facets: Facets | undefined, schema: SchemaDocument): Draft {
  const empty: Draft = { kind: 'state', states: [], key: facets?.metadata[0]?.key ?? '', op: 'eq', value: '', field: firstField(schema, true), author: '' }
  if (!start) return empty
  const kind = kindOf(start)
  if ('state' in start) return { ...empty, kind, states: start.state }
  if ('metadata' in start) return { ...empty, kind, key: start.metadata.key, op: start.metadata.op, value: Array.isArray(start.metadata.value) ? start.metadata.value.join(', ') : String(start.metadata.value ?? '') }
  if ('tag' in start) return { ...empty, kind, value: start.tag }
  if ('author' in start) return { ...empty, kind, author: start.author }
  if ('not_author' in start) return { ...empty, kind, author: start.not_author }
  if ('label' in start) return { ...empty, kind, field: start.label.field, value: start.label.label, author: start.label.author ?? '' }
  if ('answer' in start) return { ...empty, kind, field: start.answer.field, op: start.answer.op, value: String(start.answer.value ?? '') }
  if ('responses' in start) return { ...empty, kind, op: start.responses.op, value: String(start.responses.value) }
  if ('key' in start) return { ...empty, kind, op: start.key.op, value: start.key.value }
  if ('text' in start) return { ...empty, kind, value: start.text.contains }
  return empty
}

function conditionOf({ kind, states, key, op, value, field, author }: Draft): Condition | null {
  switch (kind) {
    case 'state':
      return states.length ? { state: states } : null
    case 'metadata':
      if (!key.trim()) return null
      if (op === 'exists') return { metadata: { key, op } }
      if (value === '') return null
      return { metadata: { key, op, value: op === 'in' ? value.split(',').map((v) => typed(v.trim())) : op === 'contains' ? value : typed(value) } }
    case 'tag':
      return value.trim() ? { tag: value.trim() } : null
    case 'author':
      return author ? { author } : null
    case 'not_author':
      return author ? { not_author: author } : null
    case 'label':
      return field && value ? { label: { field, label: value, ...(author ? { author } : {}) } } : null
    case 'answer':
      return field && (value || op === 'exists') ? { answer: { field, op, value: op === 'contains' ? value : typed(value) } } : null
    case 'responses':
      return Number.isInteger(Number(value)) && value !== '' ? { responses: { op, value: Number(value) } } : null
    case 'key':
      return value.trim() ? { key: { op, value: value.trim() } } : null
    case 'text':
      return value.trim() ? { text: { contains: value.trim() } } : null
    case 'ids':
      return null
  }
}
