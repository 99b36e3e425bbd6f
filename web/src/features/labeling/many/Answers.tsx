// The questions beside the page: what is pressed or written here goes to everything chosen.

import type { ReactNode } from 'react'
import type { ControlProps } from '../../../engine/kind'
import type { Json } from '../../../engine/types'
import { Key } from '../../../ui/parts'
import type { Batch } from './batch'
import { isOn } from './cards'
import type { Asked } from './keys'
import { m } from './messages'

export function Answers({ batch, asked }: { batch: Batch; asked: readonly Asked[] }): ReactNode {
  const { targets } = batch
  const many = batch.chosen.ids.size
  return (
    <aside className="many-side" aria-label={m.answers}>
      <p className="t2 f12">{many > 0 ? m.chosen(targets.length) : targets.length > 0 ? m.here : m.noneChosen}</p>
      {asked.filter(({ field }) => targets.length === 0 || targets.some(({ work }) => work === null || work.isAskedOn(field, null))).map((one) => (
        <section key={one.field.key} className="many-field">
          <h2 title={one.field.definition || undefined} id={`many-${one.field.key}`}>{one.field.title}{one.field.required && <span className="t3"> {m.required}</span>}</h2>
          {one.options.length > 0 ? <Options batch={batch} asked={one} /> : <Written batch={batch} asked={one} />}
        </section>
      ))}
      <p className="t3 f12 many-hint">{m.hint}</p>
    </aside>
  )
}

function Options({ batch, asked: { field, options } }: { batch: Batch; asked: Asked }): ReactNode {
  const { targets } = batch
  return (
    <ul className="many-options" aria-labelledby={`many-${field.key}`}>
      {options.map((option) => {
        const n = targets.filter((card) => isOn(card.work?.answer(field), option.value)).length
        return (
          <li key={option.value}>
            <button type="button" aria-pressed={n === 0 ? false : n === targets.length ? true : 'mixed'} aria-keyshortcuts={option.key ?? undefined} disabled={targets.length === 0} onClick={() => void batch.press(field, option.value)}>
              {option.key ? <Key>{option.key}</Key> : <span />}
              <span className="grow tr">{option.title}</span>
              {n > 0 && n < targets.length && <span className="t3 f11">{n}</span>}
            </button>
          </li>
        )
      })}
    </ul>
  )
}

function Written({ batch, asked: { field } }: { batch: Batch; asked: Asked }): ReactNode {
  const kind = batch.ports.kinds.get(field.kind)
  const { targets } = batch
  if (kind?.surface !== 'form') return null
  // The engine does not know what a control renders; every kind of this page renders React.
  const Control = kind.Control as (props: ControlProps) => ReactNode
  const value = batch.answerOf(field)
  const differs = value === undefined && targets.some((card) => card.work?.answer(field) !== undefined)
  return (
    <>
      <label className="many-said" htmlFor={`many-control-${field.key}`}>{field.title}</label>
      <Control id={`many-control-${field.key}`} field={field} value={value} keys={{ field: null, options: {} }} disabled={targets.length === 0} onChange={(next: Json | undefined) => void batch.fillIn(field, next)} />
      {differs && <p className="t3 f11">{m.differs}</p>}
    </>
  )
}
