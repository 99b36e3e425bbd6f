// All that is asked of the parts of a stream at one look: rows are parts, columns are fields; a cell leads to its question.

import type { ReactNode } from 'react'
import { keysOf, nameOf } from '../../engine/parts'
import type { Field } from '../../engine/schema'
import type { Work } from '../../engine/work'
import { useScreen } from './context'
import { fieldsOfParts } from './fields'
import { m } from './messages'
import type { Screen } from './screen'

/** Rows that are drawn; of a longer conversation those around the keyboard. */
const ROWS = 60

export function PartsTables(): ReactNode {
  const screen = useScreen()
  const { work } = screen
  const fields = fieldsOfParts(screen)
  if (work === null || fields.length === 0) return null
  return [...Map.groupBy(fields, (field) => `${field.on}/${field.each}`).values()].map((group) => <PartsTable key={group[0]?.key} screen={screen} work={work} fields={group} />)
}

function PartsTable({ screen, work, fields }: { screen: Screen; work: Work; fields: readonly Field[] }): ReactNode {
  const [first] = fields
  const parts = first?.on && first.each ? work.task.item.streams[first.on]?.facts.each?.[first.each] : undefined
  if (first === undefined || parts === undefined) return null
  const asked = fields.map((field) => new Set(work.askedOf(field)))
  const all = keysOf(parts).filter((part) => asked.some((of) => of.has(part)))
  const at = Math.max(0, all.indexOf(screen.cells.partOn(first.on ?? '') ?? ''))
  const from = Math.max(0, Math.min(at - ROWS / 2, all.length - ROWS))
  const title = m.cells.title(first.each ?? '')
  return (
    <section className="sec">
      <h2 className="sh">{title}</h2>
      <table className="parts-table" aria-label={title}>
        <thead>
          <tr>
            <td />
            {fields.map((field) => <th key={field.key} scope="col" dir="auto" title={field.definition || field.title}>{field.title}</th>)}
          </tr>
        </thead>
        <tbody>
          {all.slice(from, from + ROWS).map((part) => (
            <tr key={part}>
              <th scope="row">{nameOf(parts, part)}</th>
              {fields.map((field, i) => (
                <td key={field.key}>{asked[i]?.has(part) && work.isAskedOn(field, part) ? <CellButton screen={screen} work={work} field={field} part={part} name={nameOf(parts, part)} /> : null}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {all.length > ROWS && <p className="t3 f12">{m.cells.rows(from + 1, Math.min(all.length, from + ROWS), all.length)}</p>}
    </section>
  )
}

function CellButton({ screen, work, field, part, name }: { screen: Screen; work: Work; field: Field; part: string; name: string }): ReactNode {
  const kind = screen.kinds.get(field.kind)
  const value = work.answer(field, part)
  const text = value !== undefined && kind?.surface === 'form' ? kind.summary(value, field, work.partsOf(field)) : ''
  const isOpen = screen.points.some((p) => p.field === field.key && p.part === part)
  const classes = [screen.cells.isNow(field, part) ? 'now' : '', isOpen ? 'open' : ''].filter(Boolean).join(' ')
  return (
    <button type="button" className={classes || undefined} aria-label={m.cells.cell(name, field.title, text)} onClick={() => screen.cells.take(field, part)}>
      <span className="tr" dir="auto">{text || (field.required ? '○' : '·')}</span>
    </button>
  )
}
