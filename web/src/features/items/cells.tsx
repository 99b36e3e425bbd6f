// The cells of a row.
import type { ItemRow, SchemaDocument } from '../../api'
import { Face, format, LongKey, Mark, Tag } from '../../ui'
import type { Column } from './columns'
import { Small } from './content'
import { toneOf } from './filter'
import { m } from './messages'

/** The place of a label or option in its field, which gives it its hue and mark. */
export function placeIn(schema: SchemaDocument): (field: string, label: string | null | undefined) => number {
  return (field, label) => {
    const f = schema.fields[field]
    return Math.max(0, Object.keys(f?.labels ?? f?.options ?? {}).indexOf(label ?? ''))
  }
}

export function Cell({ item, column, schema }: { item: ItemRow; column: Column; schema: SchemaDocument }) {
  switch (column.key) {
    case 'content':
      return <Small item={item} />
    case 'name':
      return <LongKey>{item.key}</LongKey>
    case 'state':
      return <Tag tone={toneOf[item.state]}>{m.states[item.state]}</Tag>
    case 'labels':
      return <Labels item={item} schema={schema} />
    case 'disagreement':
      return typeof item.disagreement === 'number' ? <span className="n" style={{ cursor: 'inherit' }}>{format.fraction(item.disagreement)}</span> : <span className="t3">–</span>
    case 'uncertainty':
      return typeof item.uncertainty === 'number' ? <span className="n" style={{ cursor: 'inherit' }}>{format.percent(item.uncertainty)}</span> : <span className="t3">–</span>
    case 'responses':
      return <>{format.count(item.responses)}</>
    case 'authors':
      return (
        <span className="row" style={{ gap: 2 }}>
          {item.authors.slice(0, 3).map((a) => <Face key={a.id} name={a.name} alone />)}
          {item.authors.length > 3 && <span className="t3 f11">+{item.authors.length - 3}</span>}
        </span>
      )
    case 'tags':
      return <span className="row g1">{item.tags.slice(0, 2).map((t) => <Tag key={t}>{t}</Tag>)}{item.tags.length > 2 && <span className="t3 f11">+{item.tags.length - 2}</span>}</span>
    case 'changed':
      return <span className="t2" title={format.moment(item.changed_at)}>{format.ago(item.changed_at)}</span>
    default:
      return <span className="t2 tr">{shown(item.metadata[column.key.slice(5)])}</span>
  }
}

/** How often each label was given: regions as marks with counts, answers as marks with their names. Attributes are left to the preview. */
export function Labels({ item, schema, most = 4 }: { item: ItemRow; schema: SchemaDocument; most?: number }) {
  const place = placeIn(schema)
  const all = Object.entries(item.labels).filter(([field]) => field in schema.fields).flatMap(([field, counts]) =>
    Object.entries(counts).filter(([, n]) => n > 0).toSorted(([, a], [, b]) => b - a).map(([label, n]) => ({ field, label, n, where: schema.fields[field]?.labels !== undefined, title: (schema.fields[field]?.labels ?? schema.fields[field]?.options)?.[label]?.title || label })),
  )
  const ordered = all.toSorted((a, b) => Number(b.where) - Number(a.where))
  return (
    <span className="marks">
      {ordered.slice(0, most).map((l) => (
        <span key={`${l.field} ${l.label}`} className="row" style={{ gap: 5 }} title={`${schema.fields[l.field]?.title || l.field}: ${l.title}, ${l.n}`}>
          <Mark index={place(l.field, l.label)} />
          {l.where ? format.count(l.n) : <span className="tr" style={{ maxWidth: 110 }}>{l.title}</span>}
        </span>
      ))}
      {ordered.length > most && <span className="t3 f11">+{ordered.length - most}</span>}
    </span>
  )
}

export function shown(value: unknown): string {
  if (value === undefined || value === null) return ''
  return Array.isArray(value) ? value.join(', ') : String(value)
}
