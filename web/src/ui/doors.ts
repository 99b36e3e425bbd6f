// Where numbers lead: the addresses of the items behind them.

/** The path of a project's items under some conditions, as the items page reads them from the address. */
export function itemsPath(project: string, conditions: readonly unknown[] = [], { sort, descending, item }: { sort?: string; descending?: boolean; item?: string } = {}): string {
  const search = new URLSearchParams()
  if (conditions.length > 0) search.set('filter', JSON.stringify({ all: conditions }))
  if (sort) search.set('sort', sort)
  if (descending !== undefined) search.set('descending', String(descending))
  if (item) search.set('item', item)
  const text = search.toString()
  return `/p/${project}/items${text ? `?${text}` : ''}`
}

/** The path on which items under some conditions are labeled many at once. */
export function manyPath(project: string, conditions: readonly unknown[], { sort = 'created', descending = false }: { sort?: string; descending?: boolean } = {}): string {
  const of = JSON.stringify({ filter: { all: conditions }, sort, descending })
  return `/p/${project}/many?${new URLSearchParams({ of }).toString()}`
}
