// The labeling screen with what it needs from the product: whose project, which item, where to go afterwards.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useCallback, useMemo, useState } from 'react'
import { guidance, people, projects as api, root, type Me } from '../api'
import { LabelingScreen, labelingApi, type Beside } from '../features/labeling'
import { Failure, nextInWalk, SkeletonRows, useGo } from '../ui'
import { includes, meQuery } from './session'

export function Labeling({ me, project: id, item }: { me: Me; project: string; item?: string }) {
  const go = useGo()
  const client = useQueryClient()
  const project = useQuery({ queryKey: ['project', id], queryFn: () => api.one(id), staleTime: Infinity })
  const { data } = project
  const guideline = useQuery({ queryKey: ['guideline', id], queryFn: () => guidance.guideline(id), refetchInterval: LOOK_MS })
  const [startedWith, setStarted] = useState<number | null>(null)
  const [put, setPut] = useState(0)
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
  if (!given || guideline.isPending) return <SkeletonRows rows={12} />
  const unread = guideline.data?.to_read === null ? undefined : guideline.data
  // Whoever has begun is not thrown out of their item: what changed is shown over it, and can wait for its end.
  if (unread && startedWith === null) return <Suspense fallback={<SkeletonRows rows={12} />}><Gate project={id} guideline={unread} /></Suspense>
  if (startedWith === null) setStarted(guideline.data?.read ?? 0)
  return (
    <>
    {unread && unread.version > put && <Suspense><Gate project={id} guideline={unread} over onLater={() => { setPut(unread.version); setTimeout(() => setPut(0), LATER_MS) }} /></Suspense>}
    <LabelingScreen
      key={guideline.data?.read}
      beside={beside}
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
    </>
  )
}

/** How often it is looked whether the guideline has changed. */
const LOOK_MS = 60_000
/** How long somebody may finish an item before it is shown again what changed. */
const LATER_MS = 120_000
const Gate = lazy(() => import('../features/guidance').then((f) => ({ default: f.GuidelineGate })))
const beside: Beside = {
  Panel: lazy(() => import('../features/guidance').then((f) => ({ default: f.BesidePanel }))),
  Ask: lazy(() => import('../features/guidance').then((f) => ({ default: f.AskDialog }))),
}
const server = labelingApi(root)
