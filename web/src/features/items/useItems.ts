// Reading a long list piece by piece, and what of it is chosen.
import { useInfiniteQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { items as api, type Filter, type ItemRow } from '../../api'

export interface Wanted {
  filter: Filter
  sort: api.SortKey
  descending: boolean
}

/** The rows read so far. A page that ends early because the search took long is followed up a few times by itself. */
export function useItems(project: string, wanted: Wanted) {
  const query = useInfiniteQuery({
    queryKey: ['items', project, wanted],
    queryFn: ({ pageParam, signal }) => api.page(project, wanted, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  })
  const rows = useMemo(() => query.data?.pages.flatMap((p) => p.items) ?? [], [query.data])
  const pages = query.data?.pages ?? []
  const last = pages.at(-1)
  const { fetchNextPage, hasNextPage, isFetchingNextPage, isError } = query
  useEffect(() => {
    if (rows.length < 40 && hasNextPage && !isFetchingNextPage && !isError && pages.length < 8) void fetchNextPage()
  }, [fetchNextPage, hasNextPage, isError, isFetchingNextPage, pages.length, rows.length])
  return { query, rows, searchedUpTo: last && last.complete === false ? (last.searched_up_to ?? '') : null }
}

export type Chosen = { ids: ReadonlySet<string>; all: boolean }

const NONE: Chosen = { ids: new Set(), all: false }

/** Which items are chosen: some by id, or all that match. Shift extends from the last one touched. */
export function useChosen(rows: readonly ItemRow[]) {
  const [chosen, setChosen] = useState<Chosen>(NONE)
  const [anchor, setAnchor] = useState(0)
  const toggle = useCallback(
    (index: number, extend: boolean) => {
      setChosen((now) => {
        const ids = new Set(now.all ? rows.map((r) => r.id) : now.ids)
        const [from, to] = extend ? [Math.min(anchor, index), Math.max(anchor, index)] : [index, index]
        const row = rows[index]
        const on = row ? extend || !ids.has(row.id) : false
        for (const one of rows.slice(from, to + 1)) {
          if (on) ids.add(one.id)
          else ids.delete(one.id)
        }
        return { ids, all: false }
      })
      setAnchor(index)
    },
    [anchor, rows],
  )
  const none = useCallback(() => setChosen(NONE), [])
  const shown = useCallback(() => setChosen((now) => (now.all || now.ids.size === rows.length ? NONE : { ids: new Set(rows.map((r) => r.id)), all: false })), [rows])
  const all = useCallback(() => setChosen((now) => ({ ...now, all: true })), [])
  return { chosen, toggle, none, shown, all }
}
