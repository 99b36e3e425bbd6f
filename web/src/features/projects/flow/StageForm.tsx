// One stage as a form: what happens there, who does it, and for how long things hold.
import { useState } from 'react'
import type { Member } from '../../../api'
import { Button, Check, SelectField, Tag, TextField } from '../../../ui'
import { m } from './messages'
import { DOES, renamed, startOf, withStage, wordsOf, type Do, type Flow, type Stage, type Who } from './policy'
import { WaysForm } from './WaysForm'

export interface Known { fields: readonly string[]; groups: readonly string[]; members: readonly Member[]; methods: readonly string[]; queues: Readonly<Record<string, string>> }
interface Props { flow: Flow; name: string; known: Known; people: number | undefined; onFlow: (flow: Flow, picked: string) => void }

export function StageForm({ flow, name, known, people, onFlow }: Props) {
  const stage = flow.stages[name]
  const [key, setKey] = useState(name)
  if (!stage) return null
  const change = (part: Partial<Stage>) => onFlow(withStage(flow, name, part), name)
  const names = Object.keys(flow.stages)
  const isTaken = key !== name && (names.includes(key) || key.trim() === '')
  const rename = () => { if (!isTaken && key !== name) onFlow(renamed(flow, name, key.trim()), key.trim()) }
  const labels = stage.do === 'label'
  const judges = stage.do === 'review' || stage.do === 'adjudicate'
  return (
    <section className="card wf-stage" aria-label={`${m.stage} ${name}`}>
      <h2 className="ch">
        {name} {startOf(flow) === name ? <Tag tone="info">{m.begins}</Tag> : labels && <Button size="small" look="quiet" onClick={() => onFlow({ ...flow, start: name }, name)}>{m.makeStart}</Button>}
        <span className="grow" />
        {people !== undefined && <span className={people === 0 ? 'bad f12' : 't3 f12'}>{m.canWork(people)}</span>}
        <Button size="small" look="quiet" icon="trash" disabled={names.length < 2} onClick={() => onFlow(renamed(flow, name, null), names.find((one) => one !== name) ?? '')}>{m.removeStage(name)}</Button>
      </h2>
      <div className="cb col g3">
        <div className="wf-grid">
          <TextField label={m.name} value={key} onChange={(e) => setKey(e.target.value)} onBlur={rename} />
          <SelectField label={m.do} value={stage.do} onChange={(e) => onFlow(asDoing(flow, name, e.target.value as Do), name)}>{DOES.map((one) => <option key={one} value={one}>{m.does[one]}</option>)}</SelectField>
          {labels && <NumberField label={m.overlap} value={stage.overlap ?? 1} onValue={(overlap) => change({ overlap: overlap === 1 ? undefined : overlap } as Partial<Stage>)} />}
          {stage.do === 'resolve' && <SelectField label={m.method} value={stage.method ?? 'default'} onChange={(e) => change({ method: e.target.value })}>{known.methods.map((one) => <option key={one} value={one}>{one}</option>)}</SelectField>}
          {stage.do !== 'resolve' && <TextField label={m.claim} hint={m.claimHint} value={stage.claim ?? '20m'} onChange={(e) => change({ claim: e.target.value })} />}
          {stage.do !== 'resolve' && <SelectField label={m.queue} value={stage.queue ?? 'in_order'} onChange={(e) => change({ queue: e.target.value })}>{[...new Set([...Object.keys(known.queues), stage.queue ?? 'in_order'])].map((one) => <option key={one} value={one}>{known.queues[one] ?? one}</option>)}</SelectField>}
        </div>
        {labels && <Labeling flow={flow} name={name} stage={stage} onChange={change} />}
        {judges && (
          <div className="wf-grid">
            <TextField label={m.rework} hint={m.reworkHint} value={stage.rework === undefined ? '2d' : (stage.rework ?? '')} onChange={(e) => change({ rework: e.target.value.trim() === '' ? null : e.target.value })} />
            <Check checked={stage.not_own ?? true} onChange={(not_own) => change({ not_own })}>{m.notOwn}</Check>
          </div>
        )}
        {stage.do !== 'resolve' && <WhoForm who={stage.who ?? {}} known={known} onWho={(who) => change({ who } as Partial<Stage>)} />}
        <WaysForm stage={stage} stages={names.filter((one) => one !== name || judges)} fields={known.fields} onWays={(next) => change({ next })} />
      </div>
    </section>
  )
}

/** The stage with another thing happening there, without what belongs to the thing before. */
function asDoing(flow: Flow, name: string, next: Do): Flow {
  const { who, next: ways, queue, claim } = flow.stages[name] ?? { do: next }
  const kept: Stage = { do: next, ...(who ? { who } : {}), ...(ways ? { next: ways } : {}), ...(queue ? { queue } : {}), ...(claim ? { claim } : {}), ...(next === 'resolve' ? { by: 'consensus', method: 'default' } : {}) }
  return { ...flow, stages: { ...flow.stages, [name]: kept } }
}

function Labeling({ flow, name, stage, onChange }: { flow: Flow; name: string; stage: Stage; onChange: (part: Partial<Stage>) => void }) {
  const edit = stage.edit_until ?? 'resolved'
  const isTime = /^\d/.test(edit)
  const skip = stage.skip ?? {}
  const others = Object.entries(flow.stages).filter(([key, one]) => one.do === 'label' && key !== name).map(([key]) => key)
  const send = (then: string) => onChange({ skip: then === '' ? { ...(skip.requeue ? { requeue: skip.requeue } : {}) } : { after: skip.after ?? 2, then } })
  return (
    <div className="wf-grid">
      <SelectField label={m.editUntil} value={isTime ? 'time' : edit} onChange={(e) => onChange({ edit_until: e.target.value === 'time' ? '1h' : e.target.value })}>{Object.entries(m.edits).map(([key, title]) => <option key={key} value={key}>{title}</option>)}</SelectField>
      {isTime && <TextField label={m.editTime} value={edit} onChange={(e) => onChange({ edit_until: e.target.value || '1h' })} />}
      <TextField label={m.begin} hint={m.beginHint} value={stage.begin ?? 'nothing'} onChange={(e) => onChange({ begin: e.target.value })} />
      <SelectField label={m.skip} value={skip.requeue ?? 'others'} onChange={(e) => onChange({ skip: { requeue: e.target.value } })}>{Object.entries(m.skips).map(([key, title]) => <option key={key} value={key}>{title}</option>)}</SelectField>
      {others.length > 0 && (skip.requeue ?? 'others') === 'others' && <SelectField label={m.skipThen} value={skip.then ?? ''} onChange={(e) => send(e.target.value)}><option value="">{m.nowhere}</option>{others.map((one) => <option key={one} value={one}>{one}</option>)}</SelectField>}
      {skip.then && <NumberField label={m.skipAfter} value={skip.after ?? 2} onValue={(after) => onChange({ skip: { ...skip, after } })} />}
      <Check checked={!!stage.until} onChange={(on) => onChange({ until: on ? { sure: 0.95, most: Math.max(5, stage.overlap ?? 1) } : null })}>{m.until}</Check>
      {stage.until && <TextField label={m.sure} inputMode="decimal" defaultValue={String(stage.until.sure ?? 0.95)} onChange={(e) => { const sure = Number(e.target.value); if (sure > 0) onChange({ until: { ...stage.until, sure } }) }} />}
      {stage.until && <NumberField label={m.most} value={stage.until.most ?? 7} onValue={(most) => onChange({ until: { ...stage.until, most } })} />}
    </div>
  )
}

function WhoForm({ who, known, onWho }: { who: Who; known: Known; onWho: (who: Who | undefined) => void }) {
  const put = (part: Partial<Who>) => {
    const next = Object.fromEntries(Object.entries({ ...who, ...part }).filter(([, value]) => value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0)))
    onWho(Object.keys(next).length > 0 ? (next as Who) : undefined)
  }
  return (
    <fieldset className="wf-who">
      <legend>{m.who}</legend>
      <div className="wf-grid">
        <SelectField label={m.role} value={who.role ?? ''} onChange={(e) => put({ role: e.target.value || null })}>{Object.entries(m.roles).map(([key, title]) => <option key={key} value={key}>{title}</option>)}</SelectField>
        <Words label={m.skills} value={who.skills ?? []} onValue={(skills) => put({ skills })} />
        <Words label={m.languages} value={who.languages ?? []} onValue={(languages) => put({ languages })} />
        <TextField label={m.language} hint={m.languageHint} value={who.language ?? ''} onChange={(e) => put({ language: e.target.value })} />
      </div>
      {known.groups.length > 0 && <Picks title={m.groups} options={known.groups.map((name) => [name, name])} value={who.groups ?? []} onValue={(groups) => put({ groups })} />}
      {known.members.length > 0 && <details><summary>{m.people}{who.people?.length ? ` (${who.people.length})` : ''}</summary><Picks title={m.people} options={known.members.filter((one) => one.active).map((one) => [one.id, one.name])} value={who.people ?? []} onValue={(people) => put({ people })} /></details>}
    </fieldset>
  )
}

function Picks({ title, options, value, onValue }: { title: string; options: readonly (readonly [string, string])[]; value: readonly string[]; onValue: (value: string[]) => void }) {
  return (
    <div className="wf-picks" role="group" aria-label={title}>
      <span className="t2 f12">{title}</span>
      {options.map(([key, name]) => <Check key={key} checked={value.includes(key)} onChange={(on) => onValue(on ? [...value, key] : value.filter((one) => one !== key))}>{name}</Check>)}
    </div>
  )
}

function Words({ label, value, onValue }: { label: string; value: readonly string[]; onValue: (value: string[]) => void }) {
  const [text, setText] = useState(value.join(', '))
  return <TextField label={label} hint={m.commas} value={text} onChange={(e) => { setText(e.target.value); onValue(wordsOf(e.target.value)) }} />
}

export function NumberField({ label, value, onValue }: { label: string; value: number; onValue: (value: number) => void }) {
  const [text, setText] = useState(String(value))
  return <TextField label={label} inputMode="numeric" value={text} onChange={(e) => { const digits = e.target.value.replace(/\D/g, ''); setText(digits); if (digits) onValue(Number(digits)) }} />
}
