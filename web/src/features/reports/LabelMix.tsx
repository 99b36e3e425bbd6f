// On how many items each label and answer was given, by field; each count opens its items.
import { conditionsOf, type LabelCount, type SchemaDocument } from '../../api'
import { Door, format, hueVar, itemsPath, Mark } from '../../ui'
import { m } from './messages'

const SHOWN = 12

export function LabelMix({ project, schema, labels }: { project: string; schema: SchemaDocument; labels: readonly LabelCount[] }) {
  const fields = [...new Set(labels.map((l) => l.field))]
  const total = labels.reduce((sum, l) => sum + l.n, 0)
  return (
    <>
      <h2 className="ch">{m.mix} <span className="c">{m.mixText(format.count(total))}</span></h2>
      {total === 0 && <p className="t3 cb">{m.mixNone}</p>}
      <div className="lmx">
        {fields.map((key) => {
          const mine = labels.filter((l) => l.field === key).toSorted((a, b) => b.n - a.n)
          const most = Math.max(1, ...mine.map((l) => l.items))
          const order = orderOf(schema, key)
          return [
            <h3 key={key}>{titleOf(schema, key)}</h3>,
            ...mine.slice(0, SHOWN).map((l) => {
              const index = Math.max(0, order.indexOf(l.label))
              return (
                <div className="lm" key={`${key} ${l.label}`}>
                  <Mark index={index} />
                  <span className="name tr" title={l.title}>{l.title}</span>
                  <span className="lbar"><i style={{ width: `${(l.items / most) * 100}%`, background: hueVar(index) }} /></span>
                  <Door to={itemsPath(project, conditionsOf(l.filter))} title={m.given(format.count(l.n))}>{format.count(l.items)}</Door>
                </div>
              )
            }),
          ]
        })}
      </div>
    </>
  )
}

/** "objects.occluded" is the attribute occluded of objects. */
function titleOf(schema: SchemaDocument, key: string): string {
  const [field = '', attribute] = key.split('.')
  const title = schema.fields[field]?.title || field
  return attribute ? `${title}, ${attribute.replace(/_/g, ' ')}` : title
}

/** The labels of a field, or the options of an attribute, in the order of the schema: their place gives hue and mark. */
function orderOf(schema: SchemaDocument, key: string): string[] {
  const [name = '', attribute] = key.split('.')
  const field = schema.fields[name]
  if (!attribute) return Object.keys(field?.labels ?? field?.options ?? {})
  const own = Object.values(field?.labels ?? {}).map((l) => l.attributes?.[attribute]).find((a) => a !== undefined)
  return Object.keys(own?.options ?? {})
}
