// What a kind can be asked: the options of a choice, the limits of a text, the ends of a rating.
import { useEffect, useState } from 'react'
import type { Field } from '../../api'
import { KINDS } from '../../kinds'
import { READY } from '../../kinds/skeleton'
import { Check, Icon } from '../../ui'
import { m } from './messages'
import { fromReady } from './template'
import { keyFrom, put, rename, take, type Path } from './schemaText'

/** A key, renamed when the field is left: half a key must not rename everything at each letter. */
export function Key({ label, value, wrong, onChange }: { label: string; value: string; wrong?: boolean; onChange: (key: string) => void }) {
  const [typed, setTyped] = useState(value)
  useEffect(() => setTyped(value), [value])
  const done = () => {
    if (typed !== value && typed.trim()) onChange(typed.trim())
    else setTyped(value)
  }
  return <input className="input s" aria-label={label} aria-invalid={wrong || undefined} value={typed} onChange={(e) => setTyped(e.target.value)} onBlur={done} onKeyDown={(e) => { if (e.key === 'Enter') done() }} />
}

/** What a field needs that becomes one of a kind, before anybody has said more. */
export function freshOptions(kind: string): Readonly<Record<string, unknown>> {
  if (kind === 'choice') return { options: { a: {}, b: {} } }
  const person = READY['person']
  if (kind !== 'keypoints' || person === undefined) return {}
  const { points, edges, pairs } = fromReady(person)
  return { points, edges, pairs }
}

export function Options({ text, at, field, onText, compact = false }: { text: string; at: Path; field: Field; onText: (text: string) => void; compact?: boolean }) {
  const set = (key: string, next: unknown) => onText(put(text, [...at, key], next))
  if (field.kind === 'choice') {
    return (
      <>
        <OptionChips text={text} at={[...at, 'options']} options={field.options ?? {}} onText={onText} />
        {!compact && <Check checked={field['multiple'] === true} onChange={(on) => set('multiple', on || undefined)}>{m.multiple}</Check>}
      </>
    )
  }
  if (field.kind === 'text') {
    return (
      <span className="row g3">
        <Check checked={field['multiline'] === true} onChange={(on) => set('multiline', on || undefined)}>{m.multiline}</Check>
        <NumberOption label={m.maxLength} value={field['max_length']} onChange={(n) => set('max_length', n)} />
      </span>
    )
  }
  if (field.kind === 'rating') {
    return (
      <span className="row g3">
        <NumberOption label={m.min} value={field['min']} onChange={(n) => set('min', n)} />
        <NumberOption label={m.max} value={field['max']} onChange={(n) => set('max', n)} />
        <select className="input s" style={{ width: 'auto' }} aria-label={m.kind} value={String(field['scale'] ?? 'ordinal')} onChange={(e) => set('scale', e.target.value)}>
          {(['ordinal', 'interval'] as const).map((s) => <option key={s} value={s}>{m.scales[s]}</option>)}
        </select>
      </span>
    )
  }
  return KINDS.get(field.kind)?.surface === 'form' ? <span className="t3">{m.readOnlyInYaml}</span> : null
}

function NumberOption({ label, value, onChange }: { label: string; value: unknown; onChange: (n: number | undefined) => void }) {
  return (
    <label className="row g2">
      <span className="t2">{label}</span>
      <input className="input s" style={{ width: 64 }} inputMode="numeric" value={typeof value === 'number' ? value : ''} onChange={(e) => { const n = Number(e.target.value); onChange(e.target.value === '' || !Number.isInteger(n) ? undefined : n) }} />
    </label>
  )
}

function OptionChips({ text, at, options, onText }: { text: string; at: Path; options: Record<string, { title?: string; options?: unknown }>; onText: (text: string) => void }) {
  const keys = Object.keys(options)
  return (
    <span className="opts">
      {keys.map((key) => <OptionChip key={key} name={key} title={options[key]?.title} deep={options[key]?.options !== undefined} onRename={(next) => onText(rename(text, [...at, key], next))} onRemove={keys.length > 1 ? () => onText(take(text, [...at, key])) : undefined} />)}
      <Adder keys={keys} onAdd={(words) => onText(words.reduce((now, word) => { const key = keyFrom(word, keys); return put(now, [...at, key], key === word ? {} : { title: word }) }, text))} />
    </span>
  )
}

function OptionChip({ name, title, deep, onRename, onRemove }: { name: string; title: string | undefined; deep: boolean; onRename: (next: string) => void; onRemove: (() => void) | undefined }) {
  const [typed, setTyped] = useState(name)
  useEffect(() => setTyped(name), [name])
  return (
    <span className="chip fill" title={title}>
      <input aria-label={`${m.option} ${name}`} value={typed} size={Math.max(3, typed.length)} style={{ width: `${Math.max(3, typed.length + 1)}ch` }} onChange={(e) => setTyped(e.target.value)} onBlur={() => { if (typed !== name && typed.trim()) onRename(typed.trim()); else setTyped(name) }} onKeyDown={(e) => { if (e.key === 'Enter') e.currentTarget.blur() }} />
      {deep && <span className="t3">…</span>}
      {onRemove && <button type="button" aria-label={m.remove1(name)} onClick={onRemove}><Icon name="x" small /></button>}
    </span>
  )
}

/** A place to type the next one; several at once by pasting a list. */
export function Adder({ keys, onAdd, label = m.option }: { keys: readonly string[]; onAdd: (words: string[]) => void; label?: string }) {
  const [typing, setTyping] = useState<string | null>(null)
  const add = (given: string) => {
    const words = [...new Set(given.split(/[\n,;\t]+/).map((w) => w.trim()).filter((w) => w && !keys.includes(w)))]
    if (words.length) onAdd(words)
    setTyping('')
  }
  if (typing === null) return <button type="button" className="chip dash" aria-label={`${label} +`} onClick={() => setTyping('')}><Icon name="plus" small /></button>
  return (
    <input
      className="input s"
      style={{ width: 120 }}
      aria-label={label}
      autoFocus
      value={typing}
      onChange={(e) => setTyping(e.target.value)}
      onPaste={(e) => { const given = e.clipboardData.getData('text'); if (/[\n,;\t]/.test(given)) { e.preventDefault(); add(given) } }}
      onBlur={() => { if (typing.trim()) add(typing); setTyping(null) }}
      onKeyDown={(e) => { if (e.key === 'Enter') { e.preventDefault(); add(typing) } else if (e.key === 'Escape') setTyping(null) }}
    />
  )
}

