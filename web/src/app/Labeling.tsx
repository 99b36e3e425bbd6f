// The labeling screen with what it needs from the product: whose project, which item, where to go afterwards.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import { people, projects as api, root, type Me } from '../api'
import { LabelingScreen, labelingApi } from '../features/labeling'
import { Failure, nextInWalk, SkeletonRows, useGo } from '../ui'
import { includes, meQuery } from './session'

export function Labeling({ me, project: id, item }: { me: Me; project: string; item?: string }) {
  const go = useGo()
  const client = useQueryClient()
  const project = useQuery({ queryKey: ['project', id], queryFn: () => api.one(id), staleTime: Infinity })
  const { data } = project
  const manages = includes(data?.role, 'reviewer')
  const given = useMemo(() => (data ? { id: data.id, title: data.title, schema: data.schema, schemaVersion: data.schema_version } : null), [data])
  const mode = useMemo(() => (item === undefined ? { queue: true as const } : { item }), [item])
  const leave = useCallback(() => {
    for (const key of ['home', 'my-progress', 'mine', 'items', 'item', 'reports']) void client.invalidateQueries({ queryKey: [key] })
    go(manages ? (item === undefined ? `/p/${id}` : `/p/${id}/items`) : '/work')
  }, [client, go, id, item, manages])
  const finished = useCallback(
    (done: string) => {
      const next = nextInWalk(id, done)
      if (next) go(`/p/${id}/label/${next}`)
      else leave()
    },
    [go, id, leave],
  )
  const keepKeys = useCallback(
    (keys: Readonly<Record<string, readonly string[]>>) => {
      void people.changeMe({ settings: { keys } }).then((now) => client.setQueryData(meQuery.queryKey, now))
    },
    [client],
  )
  const reload = useCallback(() => void client.invalidateQueries({ queryKey: ['project', id] }), [client, id])
  if (project.isError) return <Failure error={project.error} onRetry={() => void project.refetch()} />
  if (!given) return <SkeletonRows rows={12} />
  return (
    <LabelingScreen
      api={server}
      project={given}
      person={{ id: me.id, email: me.email }}
      mode={mode}
      onLeave={leave}
      onFinished={finished}
      keys={(me.settings['keys'] ?? {}) as Readonly<Record<string, readonly string[]>>}
      onKeys={keepKeys}
      onReload={reload}
    />
  )
}

const server = labelingApi(root)
