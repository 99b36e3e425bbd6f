// The review screen with what it needs from the product: whose project, where to go afterwards.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { lazy, useCallback, useMemo } from 'react'
import { projects as api, root, type Me } from '../api'
import type { Beside } from '../features/labeling'
import { ReviewScreen } from '../features/labeling/review'
import { Failure, SkeletonRows, useGo } from '../ui'
import { useKeys } from './keys'
import { includes } from './session'

export function Review({ me, project: id }: { me: Me; project: string }) {
  const go = useGo()
  const client = useQueryClient()
  const project = useQuery({ queryKey: ['project', id], queryFn: () => api.one(id), staleTime: Infinity })
  const { data } = project
  const given = useMemo(() => (data ? { id: data.id, title: data.title, schema: data.schema, schemaVersion: data.schema_version } : null), [data])
  const leave = useCallback(() => {
    for (const key of ['home', 'items', 'item', 'reports', 'review-waiting']) void client.invalidateQueries({ queryKey: [key] })
    go(`/p/${id}`)
  }, [client, go, id])
  const { keys, keepKeys } = useKeys(me, id)
  const reload = useCallback(() => void client.invalidateQueries({ queryKey: ['project', id] }), [client, id])
  if (project.isError) return <Failure error={project.error} onRetry={() => void project.refetch()} />
  if (!given) return <SkeletonRows rows={12} />
  return <ReviewScreen beside={beside} root={root} project={given} person={{ id: me.id, email: me.email }} mayGold={includes(data?.role, 'manager')} keys={keys} onKeys={keepKeys} onLeave={leave} onReload={reload} />
}

// Whose answer is judged is not told where that is blind, so no name is told beside it.
const beside: Beside = {
  Panel: lazy(() => import('../features/guidance').then((f) => ({ default: f.BesidePanel }))),
  Pinned: lazy(() => import('../features/guidance').then((f) => ({ default: f.ThreadPins }))),
  Ask: lazy(() => import('../features/guidance').then((f) => ({ default: f.AskDialog }))),
  nameless: true,
}
