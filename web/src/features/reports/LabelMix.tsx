// How often each label and answer was given, by field; each count opens its items.
import { Door, format, hueVar, itemsPath, Mark } from '../../ui'
import type { Field, SchemaDocument } from '../../api'
import { m } from './messages'

interface Counted {
  field: string
  label: string
  n: number
}

export function LabelMix({ project, schema, labels }: { project: string; schema: SchemaDocument; labels: readonly Counted[] }) {
  const fields = Object.entries(schema.fields).filter(([key]) => labels.some((l) => l.field === key))
  const total = labels.reduce((sum, l) => sum + l.n, 0)
  return (
    <>
      <h2 className="ch">{m.mix} <span className="c">{m.mixText(format.count(total))}</span></h2>
      {total === 0 && <p className="t3 cb">{m.mixNone}</p>}
      <div className="lmx">
        {fields.map(([key, field]) => {
          const mine = labels.filter((l) => l.field === key).toSorted((a, b) => b.n - a.n)
          const most = mine[0]?.n ?? 1
          return [
            <h3 key={key}>{field.title || key}</h3>,
            ...mine.slice(0, 12).map((l) => {
              const index = placeOf(field, l.label)
              return (
                <div className="lm" key={`${key} ${l.label}`}>
                  <Mark index={index} />
                  <span className="name tr" title={l.label}>{titleOf(field, l.label)}</span>
                  <span className="lbar"><i style={{ width: `${(l.n / most) * 100}%`, background: hueVar(index) }} /></span>
                  <Door to={itemsPath(project, [field.labels ? { label: { field: key, label: l.label } } : { answer: { field: key, op: 'eq', value: l.label } }])}>{format.count(l.n)}</Door>
                </div>
              )
            }),
          ]
        })}
      </div>
    </>
  )
}

function placeOf(field: Field, label: string): number {
  return Math.max(0, Object.keys(field.labels ?? field.options ?? {}).indexOf(label))
}

function titleOf(field: Field, label: string): string {
  return (field.labels ?? field.options)?.[label]?.title || label
}
