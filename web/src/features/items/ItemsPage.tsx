// The items of a project: found, looked at, changed one by one and many at once. Opens at a million rows.
import { useQuery } from '@tanstack/react-query'
import { useCallback, useMemo, useRef, useState, type ReactNode } from 'react'
import { items as api, projects, type Filter, type ItemRow, type View } from '../../api'
import { Button, Empty, Failure, Go, Icon, keepWalk, manyPath, Segmented, SkeletonRows, useCommands, useGo } from '../../ui'
import { BulkBar, type MakeGoldOf } from './BulkBar'
import { everyColumn, useLayout, type Layout } from './columns'
import { ColumnsMenu } from './ColumnsMenu'
import { CsvDialog } from './CsvDialog'
import { FilterBar } from './FilterBar'
import { readFilter } from './filter'
import { ItemList } from './ItemList'
import { m } from './messages'
import { Veiling } from './veil'
import { Preview, type ReviewsOf } from './Preview'
import { useChosen, useItems } from './useItems'
import { differs, SaveView, ViewTabs } from './Views'
import './items.css'

export interface ItemsSearch {
  filter?: Filter | undefined
  sort?: string | undefined
  descending?: boolean | undefined
  item?: string | undefined
  view?: 'grid' | undefined
  /** The id of a saved view. */
  saved?: string | undefined
}

/** The last changed come first until somebody chooses. */
const SORT: api.SortKey = 'changed'

export function ItemsPage({ project: id, workspace, search, onSearch, manages, reviewsOf, makeGold }: { makeGold?: MakeGoldOf; project: string; workspace: string; search: ItemsSearch; onSearch: (search: ItemsSearch) => void; manages: boolean; reviewsOf?: ReviewsOf }) {
  const project = useQuery({ queryKey: ['project', id], queryFn: () => projects.one(id) })
  const facets = useQuery({ queryKey: ['facets', id], queryFn: () => api.facets(id) })
  const schema = project.data?.schema
  const every = useMemo(() => everyColumn(schema, facets.data), [facets.data, schema])
  const views = useQuery({ queryKey: ['views', id], queryFn: () => api.views(id) })
  const view = views.data?.find((v) => v.id === search.saved)
  const layout = useLayout(id, every, view)
  const [csv, setCsv] = useState(false)
  const grid = search.view === 'grid'
  const { shown, own, forget } = layout
  const standing = useMemo(
    () => ({ filter: readFilter(search.filter), sort: search.sort ?? SORT, descending: search.descending ?? true, columns: shown.map((c) => ({ key: c.key, width: c.width ?? null })) }),
    [search.descending, search.filter, search.sort, shown],
  )
  const changed = view ? differs(view, standing, own) : own || standing.filter.all.length > 0 || standing.sort !== SORT || !standing.descending
  const open = (next: View | null) => {
    forget(next?.id ?? '')
    const filter = next ? readFilter(next.filter) : { all: [] }
    onSearch({ view: search.view, saved: next?.id, filter: filter.all.length > 0 ? filter : undefined, sort: next?.sort, descending: next?.descending })
  }
  const save = manages && changed && !views.isPending && (
    <SaveView project={id} view={view} changed={changed} standing={standing} onSaved={(saved) => { forget(saved.id); forget(''); onSearch({ ...search, saved: saved.id }) }} onBack={() => view && open(view)} />
  )

  return (
    <>
      <header className="top">
        <h1>{m.items}</h1>
        <Segmented label={m.view} value={grid ? 'grid' : 'table'} onChange={(view) => onSearch({ ...search, view: view === 'grid' ? 'grid' : undefined })} options={[{ value: 'table', title: <><Icon name="table" small />{m.table}</> }, { value: 'grid', title: <><Icon name="grid" small />{m.grid}</> }]} />
        <ViewTabs project={id} views={views.data ?? []} view={view} changed={changed} manages={manages} onOpen={open} />
        <span className="grow" />
        {!grid && <ColumnsMenu every={every} layout={layout} />}
        <Go to={manyPath(id, standing.filter.all, standing)} className="btn quiet"><Icon name="grid" />{m.labelMany}</Go>
        {manages && <Button look="quiet" icon="pencil" onClick={() => setCsv(true)}>{m.byCsv}</Button>}
        {manages && <Go to={`/p/${id}/import`} className="btn"><Icon name="imp" />{m.import}</Go>}
        {manages && <Go to={`/p/${id}/export`} className="btn"><Icon name="exp" />{m.export}</Go>}
      </header>
      {project.isError ? <Failure error={project.error} onRetry={() => void project.refetch()} /> : schema ? <Veiling schema={schema}><Found id={id} workspace={workspace} schema={schema} facets={facets.data} layout={layout} save={save} search={search} onSearch={onSearch} manages={manages} reviewsOf={reviewsOf} makeGold={makeGold} total={project.data?.counts?.items ?? null} /></Veiling> : <SkeletonRows rows={14} picture />}
      {csv && <CsvDialog project={id} onClose={() => setCsv(false)} />}
    </>
  )
}

type FoundProps = {
  id: string
  workspace: string
  schema: NonNullable<Awaited<ReturnType<typeof projects.one>>>['schema']
  facets: Awaited<ReturnType<typeof api.facets>> | undefined
  layout: Layout
  save: ReactNode
  search: ItemsSearch
  onSearch: (search: ItemsSearch) => void
  manages: boolean
  reviewsOf: ReviewsOf | undefined
  makeGold: MakeGoldOf | undefined
  total: number | null
}

function Found({ id, workspace, schema, facets, layout, save, search, onSearch, manages, reviewsOf, makeGold, total }: FoundProps) {
  const go = useGo()
  const filter = useMemo(() => readFilter(search.filter), [search.filter])
  const wanted = useMemo(() => ({ filter, sort: search.sort ?? SORT, descending: search.descending ?? true }), [filter, search.descending, search.sort])
  const { query, rows, searchedUpTo } = useItems(id, wanted)
  const { chosen, toggle, none, shown, all } = useChosen(rows)
  const [at, setAt] = useState<string | null>(search.item ?? null)
  const [adding, setAdding] = useState(false)
  const searchRef = useRef<HTMLInputElement>(null)
  const current = Math.max(0, rows.findIndex((r) => r.id === at))
  const looked = rows[current]
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = query
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [fetchNextPage, hasNextPage, isFetchingNextPage])
  const open = useCallback(
    (item: ItemRow) => {
      keepWalk(id, rows.slice(rows.indexOf(item)).map((r) => r.id))
      go(`/p/${id}/label/${item.id}`)
    },
    [go, id, rows],
  )
  const onFilter = (next: Filter) => {
    none()
    onSearch({ ...search, filter: next.all.length ? next : undefined, item: undefined })
  }
  const onSort = (sort: string, descending?: boolean) => onSearch({ ...search, sort, descending: descending ?? (sort === wanted.sort ? !wanted.descending : sort !== 'key') })
  useCommands(
    useMemo(
      () => [
        { id: 'items.filter', title: m.addFilter, group: m.items, icon: 'filter', keys: 'F', run: () => setAdding(true) },
        { id: 'items.search', title: m.focusSearch, group: m.items, icon: 'search', keys: '/', run: () => searchRef.current?.focus() },
        { id: 'items.next', title: m.next, group: m.items, keys: 'J', run: () => setAt(rows[Math.min(rows.length - 1, current + 1)]?.id ?? null) },
        { id: 'items.previous', title: m.previous, group: m.items, keys: 'K', run: () => setAt(rows[Math.max(0, current - 1)]?.id ?? null) },
        { id: 'items.choose', title: m.toggle, group: m.items, keys: 'X', run: () => toggle(current, false) },
        ...(looked ? [{ id: 'items.open', title: m.openFor, note: looked.key, group: m.items, icon: 'play' as const, keys: 'Enter', shownOnly: true, run: () => open(looked) }] : []),
      ],
      [current, looked, open, rows, toggle],
    ),
  )

  const searchedOn = searchedUpTo !== null && hasNextPage && !isFetchingNextPage
  return (
    <>
      <FilterBar project={id} filter={filter} sort={wanted.sort} descending={wanted.descending} facets={facets} schema={schema} adding={adding} onAdding={setAdding} onFilter={onFilter} onSort={onSort} searchRef={searchRef} save={save} />
      {query.isPending && <SkeletonRows rows={14} picture />}
      {query.isError && rows.length === 0 && <Failure error={query.error} onRetry={() => void query.refetch()} />}
      {query.isSuccess && rows.length === 0 && !hasNextPage && (filter.all.length > 0 ? (
        <Empty title={m.noneMatch} actions={<Button look="primary" size="big" onClick={() => onFilter({ all: [] })}>{m.clear}</Button>}>{m.noneMatchText}</Empty>
      ) : (
        <Empty title={m.noItems} actions={manages && <Go to={`/p/${id}/import`} className="btn primary big"><Icon name="imp" />{m.importNow}</Go>}>{m.noItemsText}</Empty>
      ))}
      {(rows.length > 0 || (query.isSuccess && hasNextPage)) && (
        <div className="bd">
          <ItemList rows={rows} schema={schema} layout={layout} grid={search.view === 'grid'} current={current} chosen={chosen} hasMore={hasNextPage} sort={wanted.sort} descending={wanted.descending} onCurrent={(index) => setAt(rows[index]?.id ?? null)} onToggle={toggle} onToggleShown={shown} onOpen={open} onMore={more} onSort={onSort} />
          {looked ? <Preview project={id} id={looked.id} schema={schema} edits={manages} reviewsOf={reviewsOf} makeGold={manages ? makeGold : undefined} /> : <aside className="pvw t3">{m.chooseOne}</aside>}
          {searchedOn && <div className="floatbar selb" style={{ bottom: 72 }}><span className="t2">{m.searching}{searchedUpTo ? `, ${m.searchedTo(searchedUpTo)}` : ''}</span><Button look="quiet" onClick={more}>{m.goOn}</Button></div>}
          {manages && (chosen.all || chosen.ids.size > 0) && <BulkBar project={id} workspace={workspace} filter={filter} chosen={chosen} known={filter.all.length === 0 ? total : null} onAll={all} onNone={none} makeGold={makeGold} />}
        </div>
      )}
    </>
  )
}
