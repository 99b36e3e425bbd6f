// The labeling screen with what it needs from the product: whose project, which item, where to go afterwards.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useCallback, useMemo, useState } from 'react'
import { guidance, projects as api, root, type Me } from '../api'
import * as training from '../api/training'
import { LabelingScreen, labelingApi, type Beside } from '../features/labeling'
import { Failure, nextInWalk, SkeletonRows, useGo } from '../ui'
import { useKeys } from './keys'
import { includes } from './session'

export function Labeling({ me, project: id, item }: { me: Me; project: string; item?: string }) {
  const go = useGo()
  const client = useQueryClient()
  const project = useQuery({ queryKey: ['project', id], queryFn: () => api.one(id), staleTime: Infinity })
  const { data } = project
  const guideline = useQuery({ queryKey: ['guideline', id], queryFn: () => guidance.guideline(id), refetchInterval: LOOK_MS })
  const manages = includes(project.data?.role, 'reviewer')
  const course = useQuery({ queryKey: ['course', id], queryFn: () => training.course(id), enabled: data !== undefined && !manages, refetchInterval: ({ state }) => (training.isUnderway(state.data) ? COURSE_MS : state.data?.has_course ? LOOK_MS : false) })
  const [startedWith, setStarted] = useState<number | null>(null)
  const [put, setPut] = useState(0)
  const given = useMemo(() => (data ? { id: data.id, title: data.title, schema: data.schema, schemaVersion: data.schema_version, skipping: data.skipping } : null), [data])
  const mode = useMemo(() => (item === undefined ? { queue: true as const } : { item }), [item])
  const keeps = useCallback(() => client.getQueryData<training.Course>(['course', id])?.state === 'practice', [client, id])
  const arrived = useCallback(() => {
    if (training.isUnderway(client.getQueryData<training.Course>(['course', id]))) void client.invalidateQueries({ queryKey: ['course', id] })
  }, [client, id])
  const leave = useCallback(() => {
    for (const key of ['course', 'home', 'my-progress', 'mine', 'items', 'item', 'reports']) void client.invalidateQueries({ queryKey: [key] })
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
  const { keys, keepKeys } = useKeys(me, id)
  const reload = useCallback(() => void client.invalidateQueries({ queryKey: ['project', id] }), [client, id])
  if (project.isError) return <Failure error={project.error} onRetry={() => void project.refetch()} />
  if (!given || guideline.isPending || (course.isPending && !manages)) return <SkeletonRows rows={12} />
  const unread = guideline.data?.to_read === null ? undefined : guideline.data
  // Whoever has begun is not thrown out of their item: what changed is shown over it, and can wait for its end.
  if (unread && startedWith === null) return <Suspense fallback={<SkeletonRows rows={12} />}><Gate project={id} guideline={unread} /></Suspense>
  if (startedWith === null) setStarted(guideline.data?.read ?? 0)
  return (
    <>
    {unread && unread.version > put && <Suspense><Gate project={id} guideline={unread} over onLater={() => { setPut(unread.version); setTimeout(() => setPut(0), LATER_MS) }} /></Suspense>}
    <LabelingScreen
      key={guideline.data?.read}
      beside={course.data?.has_course ? withCourse : beside}
      api={server}
      project={given}
      person={{ id: me.id, email: me.email }}
      mode={mode}
      onLeave={leave}
      onFinished={finished}
      keys={keys}
      onKeys={keepKeys}
      onReload={reload}
      keeps={keeps}
      onArrived={arrived}
    />
    </>
  )
}

/** How often it is looked whether the guideline has changed. */
const LOOK_MS = 60_000
/** How often it is looked how a course goes on while somebody is in it: a test is compared within a second. */
const COURSE_MS = 4_000
/** How long somebody may finish an item before it is shown again what changed. */
const LATER_MS = 120_000
const Gate = lazy(() => import('../features/guidance').then((f) => ({ default: f.GuidelineGate })))
const beside: Beside = {
  Panel: lazy(() => import('../features/guidance').then((f) => ({ default: f.BesidePanel }))),
  HandOver: lazy(() => import('../features/work').then((f) => ({ default: f.HandOverDialog }))),
  Pinned: lazy(() => import('../features/guidance').then((f) => ({ default: f.ThreadPins }))),
  Ask: lazy(() => import('../features/guidance').then((f) => ({ default: f.AskDialog }))),
}
const withCourse: Beside = {
  ...beside,
  course: {
    Pill: lazy(() => import('../features/training/own').then((f) => ({ default: f.CoursePill }))),
    Told: lazy(() => import('../features/training/own').then((f) => ({ default: f.PracticeTold }))),
    End: lazy(() => import('../features/training/own').then((f) => ({ default: f.CourseEnd }))),
    Between: lazy(() => import('../features/training/own').then((f) => ({ default: f.BetweenParts }))),
  },
}
const server = labelingApi(root)
