// The conditions as chips, the quick search, the count on demand, the order.
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { items as api, type Condition, type Facets, type Filter, type SchemaDocument } from '../../api'
import { Chip, format, Icon, IconButton, Key, Menu, Popover } from '../../ui'
import { describe, isEdited, searchOf, withSearch } from './filter'
import { FilterForm } from './FilterPopover'
import { m } from './messages'

interface FilterBarProps {
  project: string
  filter: Filter
  sort: string
  descending: boolean
  facets: Facets | undefined
  schema: SchemaDocument
  adding: boolean
  onAdding: (adding: boolean) => void
  onFilter: (filter: Filter) => void
  onSort: (sort: string, descending?: boolean) => void
  searchRef: React.RefObject<HTMLInputElement | null>
  /** How what stands here is saved as a view. */
  save: ReactNode
}

export function FilterBar({ project, filter, sort, descending, facets, schema, adding, onAdding, onFilter, onSort, searchRef, save }: FilterBarProps) {
  const [editing, setEditing] = useState<number | null>(null)
  const replace = (index: number, condition: Condition) => onFilter({ all: filter.all.map((c, i) => (i === index ? condition : c)) })
  return (
    <div className="fl">
      {filter.all.map((condition, index) => {
        if ('text' in condition) return null
        const { name, value } = describe(condition, facets, schema)
        const remove = () => onFilter({ all: filter.all.filter((_, i) => i !== index) })
        return (
          <Popover
            key={index}
            bare
            opened={editing === index}
            onChange={(open) => setEditing(open ? index : null)}
            control={<span><Chip name={name} onOpen={() => setEditing(isEdited(condition) ? index : null)} onRemove={remove}>{value}</Chip></span>}
          >
            <FilterForm start={condition} facets={facets} schema={schema} onDone={(next) => { replace(index, next); setEditing(null) }} />
          </Popover>
        )
      })}
      <Popover
        opened={adding}
        onChange={onAdding}
        control={<button type="button" className="chip dash" onClick={() => onAdding(!adding)}><Icon name="plus" small />{m.filter} <Key>F</Key></button>}
      >
        <FilterForm facets={facets} schema={schema} onDone={(condition) => { onFilter({ all: [...filter.all, condition] }); onAdding(false) }} />
      </Popover>
      <Search words={searchOf(filter)} onWords={(words) => onFilter(withSearch(filter, words))} inputRef={searchRef} />
      <span className="grow" />
      <Count key={JSON.stringify(filter)} project={project} filter={filter} />
      <span className="sep" />
      <Menu
        position="bottom-end"
        control={<button type="button" className="btn quiet small" aria-label={`${m.sort}: ${m.sorts[sort] ?? sort.replace('meta:', '')}`}><Icon name="sort" small />{m.sorts[sort] ?? sort.replace('meta:', '')}</button>}
        entries={[
          ...Object.entries(m.sorts).map(([key, title]) => ({ title, on: key === sort, run: () => onSort(key, key === 'key' ? false : true) })),
          ...(facets && facets.metadata.length > 0 ? [{ label: m.metadata }, ...facets.metadata.map((f) => ({ title: f.key, on: sort === `meta:${f.key}`, run: () => onSort(`meta:${f.key}`, false) }))] : []),
        ]}
      />
      <IconButton size="small" icon={descending ? 'cd' : 'cu'} label={descending ? m.descending : m.ascending} onClick={() => onSort(sort, !descending)} />
      {save && <><span className="sep" />{save}</>}
    </div>
  )
}

function Search({ words, onWords, inputRef }: { words: string; onWords: (words: string) => void; inputRef: React.RefObject<HTMLInputElement | null> }) {
  const [typed, setTyped] = useState(words)
  const latest = useRef(onWords)
  useEffect(() => {
    latest.current = onWords
  }, [onWords])
  useEffect(() => {
    if (typed === words) return
    const timer = setTimeout(() => latest.current(typed), 300)
    return () => clearTimeout(timer)
  }, [typed, words])
  return (
    <span className="input frame small" style={{ width: 220 }}>
      <Icon name="search" small />
      <input ref={inputRef} aria-label={m.search} placeholder={m.search} value={typed} onChange={(e) => setTyped(e.target.value)} onKeyDown={(e) => { if (e.key === 'Escape') { setTyped(''); e.currentTarget.blur() } }} />
      <Key>/</Key>
    </span>
  )
}

/** Nothing is counted until asked: a table of a million rows opens at once. */
function Count({ project, filter }: { project: string; filter: Filter }) {
  const [asked, setAsked] = useState(false)
  const count = useQuery({ queryKey: ['items', project, 'count', filter], queryFn: () => api.count(project, filter), enabled: asked })
  if (!asked) return <button type="button" className="n f12 t2" onClick={() => setAsked(true)}>{m.count}</button>
  if (!count.data) return <span className="f12 t3">{count.isError ? count.error.message : m.counting}</span>
  return <span className="f12 t2 nowrap" role="status">{count.data.exact ? m.exactly(format.count(count.data.count)) : m.atLeast(format.count(count.data.count))}</span>
}
