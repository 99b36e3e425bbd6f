// The table of addresses: which page stands where, and what it is given from the address.
import { useQuery } from '@tanstack/react-query'
import { createRootRoute, createRoute, createRouter, Navigate, Outlet } from '@tanstack/react-router'
import { lazy, Suspense, type ReactNode } from 'react'
import { projects as api, Refusal, type Filter, type Me, type Membership } from '../api'
import type { ItemsSearch } from '../features/items'
import { Gate, LinkPage, ProfilePage, SignInPage, type ProfileTab } from '../features/account'
import { Empty, Failure, prefix, SkeletonRows, useGo } from '../ui'
import { m } from './messages'
import { Palette } from './Palette'
import { client, includes, meQuery, unguardSession, useMe, workspaceOf } from './session'
import { Shell } from './Shell'

const ProjectsPage = lazy(() => import('../features/projects').then((f) => ({ default: f.ProjectsPage })))
const HomePage = lazy(() => import('../features/reports').then((f) => ({ default: f.HomePage })))
const QualityPage = lazy(() => import('../features/reports').then((f) => ({ default: f.QualityPage })))
const ProjectPeoplePage = lazy(() => import('../features/reports').then((f) => ({ default: f.ProjectPeoplePage })))
const ItemsPage = lazy(() => import('../features/items').then((f) => ({ default: f.ItemsPage })))
const WorkPage = lazy(() => import('../features/work').then((f) => ({ default: f.WorkPage })))

const root = createRootRoute({
  component: () => (
    <>
      <Outlet />
      <Palette />
    </>
  ),
  notFoundComponent: () => <Empty title={m.notFound}>{m.notFoundText}</Empty>,
  errorComponent: ({ error, reset }) => <Failure error={error} onRetry={reset} />,
})

const signedIn = (me: Me) => client.setQueryData(meQuery.queryKey, me)

/** Whoever is not signed in gets the sign-in page at the address they wanted. */
function Inside() {
  const me = useQuery({ ...meQuery, retry: (failed, error) => failed < 2 && !(error instanceof Refusal && error.status === 401) })
  if (me.data) return <Shell me={me.data} />
  if (me.isPending) return <div className="shell"><nav className="nav" /><main className="main"><header className="top" /><SkeletonRows rows={6} /></main></div>
  if (me.error instanceof Refusal && me.error.status === 401) return <SignInPage onDone={signedIn} />
  return <Failure error={me.error} onRetry={() => void me.refetch()} />
}

const inside = createRoute({ getParentRoute: () => root, id: 'inside', component: Inside })

/** A page's place: who looks, in which workspace, and grey rows until its code is there. */
function Placed({ workspace, project, needs, children }: { workspace?: string; project?: string; needs?: Membership['role']; children: (given: { me: Me; workspace: Membership }) => ReactNode }) {
  const me = useMe()
  // A project's page counts the role in the project's own workspace, not in the one looked at last.
  const found = useQuery({ queryKey: ['project', project], queryFn: () => api.one(project ?? ''), enabled: project !== undefined })
  if (found.isError) return <Failure error={found.error} onRetry={() => void found.refetch()} />
  if (!me || (project !== undefined && found.isPending)) return <><header className="top" /><div className="page"><SkeletonRows /></div></>
  const membership = workspaceOf(me, workspace ?? found.data?.workspace)
  if (!membership) return null
  if (needs && !includes(membership.role, needs)) return <Failure error={new Refusal(403, 'denied', m.workspace, '', [], undefined, null)} />
  return <Suspense fallback={<><header className="top" /><div className="page"><SkeletonRows /></div></>}>{children({ me, workspace: membership })}</Suspense>
}

const start = createRoute({
  getParentRoute: () => inside,
  path: '/',
  component: () => <Placed>{({ workspace }) => (includes(workspace.role, 'reviewer') ? <Navigate to="/w/$w/projects" params={{ w: workspace.id }} replace /> : <Navigate to="/work" replace />)}</Placed>,
})

const link = createRoute({
  getParentRoute: () => root,
  path: '/link/$token',
  component: function Link() {
    const { token } = link.useParams()
    const go = useGo()
    unguardSession()
    return <LinkPage token={token} onDone={(me) => { client.clear(); signedIn(me); go('/', { replace: true }) }} />
  },
})

const work = createRoute({ getParentRoute: () => inside, path: '/work', component: () => <Placed>{() => <WorkPage />}</Placed> })

const profile = createRoute({
  getParentRoute: () => inside,
  path: '/profile/$tab',
  component: function Profile() {
    const { tab } = profile.useParams()
    return <Placed>{({ me, workspace }) => <ProfilePage me={me} workspace={workspace.id} tab={tab as ProfileTab} />}</Placed>
  },
})

const projects = createRoute({
  getParentRoute: () => inside,
  path: '/w/$w/projects',
  validateSearch: (given: Record<string, unknown>): { view?: 'archived' | 'bin' } => (given['view'] === 'archived' || given['view'] === 'bin' ? { view: given['view'] } : {}),
  component: function Projects() {
    const { w } = projects.useParams()
    const { view = 'active' } = projects.useSearch()
    return <Placed workspace={w} needs="reviewer">{({ workspace }) => <ProjectsPage workspace={w} view={view} manages={includes(workspace.role, 'manager')} />}</Placed>
  },
})

const home = createRoute({
  getParentRoute: () => inside,
  path: '/p/$p',
  component: function Home() {
    const { p } = home.useParams()
    return <Placed project={p} needs="reviewer">{({ workspace }) => <HomePage key={p} id={p} manages={includes(workspace.role, 'manager')} />}</Placed>
  },
})

const quality = createRoute({
  getParentRoute: () => inside,
  path: '/p/$p/quality',
  component: function Quality() {
    const { p } = quality.useParams()
    return <Placed project={p} needs="reviewer">{({ workspace }) => <QualityPage key={p} id={p} manages={includes(workspace.role, 'manager')} />}</Placed>
  },
})

const projectPeople = createRoute({
  getParentRoute: () => inside,
  path: '/p/$p/people',
  component: function ProjectPeople() {
    const { p } = projectPeople.useParams()
    return <Placed project={p} needs="reviewer">{({ workspace }) => <ProjectPeoplePage key={p} project={p} manages={includes(workspace.role, 'manager')} />}</Placed>
  },
})

const items = createRoute({
  getParentRoute: () => inside,
  path: '/p/$p/items',
  validateSearch: (given: Record<string, unknown>): ItemsSearch => ({
    ...(given['filter'] ? { filter: given['filter'] as Filter } : {}),
    ...(typeof given['sort'] === 'string' ? { sort: given['sort'] } : {}),
    ...(typeof given['descending'] === 'boolean' ? { descending: given['descending'] } : {}),
    ...(typeof given['item'] === 'string' ? { item: given['item'] } : {}),
    ...(given['view'] === 'grid' ? { view: 'grid' } : {}),
  }),
  component: function Items() {
    const { p } = items.useParams()
    const search = items.useSearch()
    const navigate = items.useNavigate()
    return <Placed project={p} needs="reviewer">{({ workspace }) => <ItemsPage key={p} project={p} search={search} onSearch={(next) => void navigate({ search: next, replace: true })} manages={includes(workspace.role, 'manager')} />}</Placed>
  },
})

const tree = root.addChildren([link, inside.addChildren([start, work, profile, projects, home, quality, projectPeople, items])])

export const router = createRouter({ routeTree: tree, basepath: prefix || '/', defaultPendingComponent: () => <SkeletonRows />, scrollRestoration: true })
export type { Filter }
export { Gate }

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
