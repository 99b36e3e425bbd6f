// The page on which many items are labeled at once, with what it needs from the product: whose project, which items.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import { projects as api, root, type Me } from '../api'
import { ManyPage, manyApi, type Wanted } from '../features/labeling/many'
import { Failure, SkeletonRows } from '../ui'
import { meQuery } from './session'

export interface ManySearch {
  of?: Wanted | undefined
  view?: 'table' | undefined
}

export function Many({ me, project: id, search, onSearch }: { me: Me; project: string; search: ManySearch; onSearch: (search: ManySearch) => void }) {
  const client = useQueryClient()
  const project = useQuery({ queryKey: ['project', id], queryFn: () => api.one(id), staleTime: Infinity })
  const { data } = project
  const given = useMemo(() => (data ? { id: data.id, title: data.title, schema: data.schema, schemaVersion: data.schema_version } : null), [data])
  const signedOut = useCallback(() => void client.refetchQueries({ queryKey: meQuery.queryKey }), [client])
  const changed = useCallback(() => {
    for (const key of ['home', 'my-progress', 'mine', 'item', 'reports']) void client.invalidateQueries({ queryKey: [key] })
  }, [client])
  if (project.isError) return <Failure error={project.error} onRetry={() => void project.refetch()} />
  if (!given) return <SkeletonRows rows={12} />
  return <ManyPage api={server} project={given} person={me.id} wanted={search.of ?? null} view={search.view ?? 'grid'} onView={(view) => onSearch({ ...search, view: view === 'table' ? view : undefined })} onSignedOut={signedOut} onChanged={changed} />
}

const server = manyApi(root)
