// The labels of a field, each with its mark, key and attributes.
import { Fragment, useState } from 'react'
import type { Field, Label } from '../../api'
import { Button, Icon, IconButton, Key as Cap, Mark, Tag } from '../../ui'
import { m } from './messages'
import { Key, Options } from './Options'
import { freeKey, keyFrom, put, rename, take, type Path } from './schemaText'

export function LabelRows({ text, at, labels, onText }: { text: string; at: Path; labels: Record<string, Label>; onText: (text: string) => void }) {
  const [open, setOpen] = useState<string | null>(null)
  const [typing, setTyping] = useState('')
  const keys = Object.keys(labels)
  const add = (given: string) => {
    const words = given.split(/[\n,;\t]+/).map((w) => w.trim()).filter(Boolean)
    let next = text
    const taken = [...keys]
    for (const word of words) {
      const key = keyFrom(word, taken)
      taken.push(key)
      next = put(next, [...at, key], key === word ? {} : { title: word })
    }
    onText(next)
    setTyping('')
  }
  return (
    <>
      <div className="lg h" aria-hidden="true"><span>{m.mark}</span><span>{m.labelName}</span><span>{m.hotkey}</span><span>{m.attributes}</span><span /></div>
      {keys.map((key, index) => {
        const label = labels[key] ?? {}
        const attributes = Object.keys(label.attributes ?? {})
        const isOpen = open === key
        return (
          <Fragment key={key}>
            <div className={`lg ${isOpen ? 'on' : ''}`}>
              <span className="sw"><Mark index={label.color ?? index} /></span>
              <LabelTitle name={key} label={label} onTitle={(title) => onText(put(text, [...at, key, 'title'], title))} />
              <input className="hk" aria-label={`${m.hotkey}: ${label.title || key}`} value={label.key ?? ''} maxLength={1} onChange={(e) => onText(put(text, [...at, key, 'key'], e.target.value || undefined))} />
              <span className="row g1 tr">{attributes.length === 0 ? <span className="t3">{m.none}</span> : attributes.map((a) => <Tag key={a}>{a}</Tag>)}</span>
              <span className="row">
                <IconButton size="small" icon={isOpen ? 'cu' : 'cd'} label={isOpen ? m.fold(key) : m.unfold(key)} aria-expanded={isOpen} onClick={() => setOpen(isOpen ? null : key)} />
                <IconButton size="small" icon="x" label={m.remove1(key)} disabled={keys.length < 2} onClick={() => onText(take(text, [...at, key]))} />
              </span>
            </div>
            {isOpen && <LabelMore text={text} at={[...at, key]} name={key} label={label} onText={onText} onRenamed={setOpen} />}
          </Fragment>
        )
      })}
      <div className="lg" style={{ gridTemplateColumns: '26px minmax(80px, 172px) 1fr' }}>
        <span className="t3" style={{ justifySelf: 'center' }}><Icon name="plus" small /></span>
        <input className="input s" aria-label={m.label} placeholder={m.label} value={typing} onChange={(e) => setTyping(e.target.value)} onPaste={(e) => { const given = e.clipboardData.getData('text'); if (/[\n,;\t]/.test(given)) { e.preventDefault(); add(given) } }} onKeyDown={(e) => { if (e.key === 'Enter' && typing.trim()) add(typing) }} />
        <span className="row g1 t3"><Cap>Enter</Cap> {m.nextLabel}</span>
      </div>
    </>
  )
}

/** People see the title; a label without one is shown by its key. */
function LabelTitle({ name, label, onTitle }: { name: string; label: Label; onTitle: (title: string | undefined) => void }) {
  return <input className="input s" aria-label={`${m.labelName} ${name}`} value={label.title ?? name} onChange={(e) => onTitle(e.target.value === name || e.target.value === '' ? undefined : e.target.value)} />
}

function LabelMore({ text, at, name, label, onText, onRenamed }: { text: string; at: Path; name: string; label: Label; onText: (text: string) => void; onRenamed: (key: string) => void }) {
  const attributes = Object.entries(label.attributes ?? {})
  return (
    <div className="an">
      {attributes.map(([key, attribute]) => <AttributeRow key={key} name={key} attribute={attribute} earlier={attributes.slice(0, attributes.findIndex(([k]) => k === key))} text={text} at={[...at, 'attributes', key]} onText={onText} />)}
      <div className="row g2">
        <Button look="quiet" size="small" icon="plus" onClick={() => onText(put(text, [...at, 'attributes', freeKey(attributes.map(([k]) => k), 'attribute')], { kind: 'choice', options: { yes: {}, no: {} } }))}>{m.attribute}</Button>
      </div>
      <div className="ar"><span className="t2">{m.key}</span><span /><span style={{ maxWidth: 160 }}><Key label={m.key} value={name} onChange={(key) => { onText(rename(text, at, key)); onRenamed(key) }} /></span></div>
      <label className="ar" style={{ gridTemplateColumns: '96px 1fr' }}><span className="t2">{m.definition}</span><input className="input s" value={label.definition ?? ''} placeholder={m.definitionPlaceholder} onChange={(e) => onText(put(text, [...at, 'definition'], e.target.value || undefined))} /></label>
    </div>
  )
}

function AttributeRow({ name, attribute, earlier, text, at, onText }: { name: string; attribute: Field; earlier: readonly [string, Field][]; text: string; at: Path; onText: (text: string) => void }) {
  const when = attribute['when'] as Record<string, string> | undefined
  const conditions = earlier.flatMap(([key, other]) => Object.keys(other.options ?? {}).map((option) => ({ key, option })))
  return (
    <div className="ar" style={{ alignItems: 'start' }}>
      <Key label={m.attribute} value={name} onChange={(key) => onText(rename(text, at, key))} />
      <select className="input s" aria-label={`${m.kind}: ${name}`} value={attribute.kind} onChange={(e) => onText(put(text, at, e.target.value === 'choice' ? { kind: 'choice', options: { yes: {}, no: {} } } : { kind: e.target.value }))}>
        {['choice', 'text', ...(['choice', 'text'].includes(attribute.kind) ? [] : [attribute.kind])].map((kind) => <option key={kind} value={kind}>{kind}</option>)}
      </select>
      <span className="row g2 wrap">
        {attribute.kind === 'choice' ? <Options compact text={text} at={at} field={attribute} onText={onText} /> : null}
        {attribute.kind === 'choice' && (
          <label className="row g1"><span className="t2">{m.default}</span>
            <select className="input s" style={{ width: 'auto' }} value={String(attribute['default'] ?? '')} onChange={(e) => onText(put(text, [...at, 'default'], e.target.value || undefined))}>
              <option value="">{m.noDefault}</option>
              {Object.keys(attribute.options ?? {}).map((key) => <option key={key} value={key}>{key}</option>)}
            </select>
          </label>
        )}
        {conditions.length > 0 && (
          <label className="row g1"><span className="t2">{m.onlyWhen}</span>
            <select className="input s" style={{ width: 'auto' }} value={when ? Object.entries(when).map(([k, v]) => `${k} ${v}`)[0] : ''} onChange={(e) => { const [key = '', option = ''] = e.target.value.split(' '); onText(put(text, [...at, 'when'], key ? { [key]: option } : undefined)) }}>
              <option value="">–</option>
              {conditions.map((c) => <option key={`${c.key} ${c.option}`} value={`${c.key} ${c.option}`}>{c.key} is {c.option}</option>)}
            </select>
          </label>
        )}
      </span>
      <IconButton size="small" icon="x" label={m.remove1(name)} onClick={() => onText(take(text, at))} />
    </div>
  )
}
