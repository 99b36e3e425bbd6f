// Which column of a table becomes what here: the name, a stream, a field, metadata, or nothing.
import type { ImportPreview, Mapping, SchemaDocument } from '../../api'
import { m } from './messages'

export function MappingTable({ columns, mapping, schema, onMapping }: { columns: ImportPreview['columns']; mapping: Mapping; schema: SchemaDocument; onMapping: (mapping: Mapping) => void }) {
  const change = (column: string, role: string) => onMapping(withRole(mapping, columns.map((c) => c.name), column, role))
  return (
    <section className="card" style={{ overflowX: 'auto' }}>
      <h2 className="ch">{m.columns} <span className="c">{m.columnsText}</span></h2>
      <table className="cards">
        <thead><tr><th>{m.column}</th><td /><th>{m.examples}</th><th style={{ width: 220 }}>{m.becomes}</th></tr></thead>
        <tbody>
          {columns.map((column) => {
            const role = roleOf(mapping, column.name)
            return (
              <tr key={column.name}>
                <td className="mono">{column.name}</td>
                <td className="t3">{column.type}</td>
                <td className="t2"><span className="tr" dir="auto" style={{ display: 'block', maxWidth: 460 }}>{column.examples.join(' · ')}</span></td>
                <td>
                  <select className="input" aria-label={`${m.becomes}: ${column.name}`} value={role} onChange={(e) => change(column.name, e.target.value)}>
                    <option value="">{m.leave}</option>
                    <option value="key">{m.asKey}</option>
                    {Object.entries(schema.streams).map(([key, s]) => <option key={key} value={`stream ${key}`}>{m.asStream(s.title || key)}</option>)}
                    {Object.entries(schema.fields).map(([key, f]) => <option key={key} value={`field ${key}`}>{m.asField(f.title || key)}</option>)}
                    <option value="metadata">{m.asMetadata(column.name)}</option>
                    <option value="split">{m.asSplit}</option>
                    <option value="tags">{m.asTags}</option>
                    <option value="author">{m.asAuthor}</option>
                  </select>
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </section>
  )
}

/** What a column is in a mapping: "", "key", "stream x", "field x", "metadata", "split", "tags", "author". */
export function roleOf(mapping: Mapping, column: string): string {
  if (mapping.key === column) return 'key'
  if (mapping.split_group === column) return 'split'
  if (mapping.tags === column) return 'tags'
  if (mapping.author === column) return 'author'
  for (const [kind, entries] of [['stream', mapping.streams], ['field', mapping.fields]] as const) {
    const found = Object.entries(entries ?? {}).find(([, c]) => c === column)
    if (found) return `${kind} ${found[0]}`
  }
  // No list of metadata means: whatever is nothing else.
  if (mapping.metadata === null || mapping.metadata === undefined) return 'metadata'
  return Object.values(mapping.metadata).includes(column) ? 'metadata' : ''
}

/** The mapping with one column in another role. A stream or field that another column had is taken from it. */
export function withRole(mapping: Mapping, columns: readonly string[], column: string, role: string): Mapping {
  const without = (entries: Record<string, string> | undefined) => Object.fromEntries(Object.entries(entries ?? {}).filter(([, c]) => c !== column))
  const metadata = Object.fromEntries(columns.filter((c) => roleOf(mapping, c) === 'metadata' && c !== column).map((c) => [Object.entries(mapping.metadata ?? {}).find(([, from]) => from === c)?.[0] ?? c, c]))
  const next: Mapping = { ...mapping, streams: without(mapping.streams), fields: without(mapping.fields), metadata }
  for (const name of ['key', 'split_group', 'tags', 'author'] as const) if (next[name] === column) next[name] = null
  const [kind, key = ''] = role.split(' ')
  if (kind === 'key') next.key = column
  if (kind === 'split') next.split_group = column
  if (kind === 'tags') next.tags = column
  if (kind === 'author') next.author = column
  if (kind === 'stream') next.streams = { ...next.streams, [key]: column }
  if (kind === 'field') next.fields = { ...next.fields, [key]: column }
  if (kind === 'metadata') next.metadata = { ...metadata, [column]: column }
  return next
}
