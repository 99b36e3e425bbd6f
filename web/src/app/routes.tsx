// The table of addresses: which page stands where, and what it is given from the address.
import { useQuery } from '@tanstack/react-query'
import { createRootRoute, createRoute, createRouter, Navigate, Outlet, useParams } from '@tanstack/react-router'
import { Suspense, type ReactNode } from 'react'
import { projects as api, Refusal, type Filter, type Me, type Membership } from '../api'
import type { ItemsSearch } from '../features/items'
import type { AddLabels, ExportSearch, ImportSearch, JobsSearch } from '../features/transfers'
import { LinkPage, ProfilePage, SignInPage, type ProfileTab } from '../features/account'
import { Empty, Failure, Go, prefix, SkeletonRows, useGo } from '../ui'
import { m } from './messages'
import { client, includes, meQuery, unguardSession, useMe, workspaceOf } from './session'
import type { ManySearch } from './Many'
import { Shell } from './Shell'
import {
  AboutMe, Appeal, Asked, AssignmentsPage, AuditPage, ChartsPage, CourseCards, CoursePage, ExportPage, FairnessPage, FeedbackPage, GoldPage,
  GuidelinePage, HomePage, ImportPage, ItemsPage, JobsPage, Labeling, MakeGold, Many, MembersPage, NewProjectPage, NoticesPage, OwnScores, PersonPage, PayPage, MyPayPage,
  ProjectPeoplePage, ProjectsPage, QualityPage, QuestionsPage, Review, SetupPage, WebhooksPage, WorkPage, WorkflowPage, WorkspacePage,
} from './pages'
import { neededFor } from './places'
import { showPreview } from './preview'
import { reviewsOf } from './reviews'
import { useProjects } from './Nav'

const root = createRootRoute({
  component: () => <Outlet />,
  notFoundComponent: () => (
    <main style={{ minHeight: '100vh', display: 'grid', placeItems: 'center' }}>
      <Empty page title={m.notFound} actions={<Go to="/" className="btn primary big">{m.toStart}</Go>}>{m.notFoundText}</Empty>
    </main>
  ),
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
  if (needs && !includes(membership.role, needs)) return <Failure error={new Refusal(403, 'denied', m.workspace, '')} />
  return <Suspense fallback={<><header className="top" /><div className="page"><SkeletonRows /></div></>}>{children({ me, workspace: membership })}</Suspense>
}

/** The place of a page of the project that the address names. */
function OfProject({ needs, children }: { needs?: Membership['role']; children: (project: string, given: { me: Me; workspace: Membership }) => ReactNode }) {
  const { p = '' } = useParams({ strict: false })
  return <Placed project={p} needs={needs}>{(given) => children(p, given)}</Placed>
}

const start = createRoute({
  getParentRoute: () => inside,
  path: '/',
  component: () => <Placed>{({ workspace }) => (includes(workspace.role, 'reviewer') ? <Navigate to="/w/$w/projects" params={{ w: workspace.id }} replace /> : <Navigate to="/work" replace />)}</Placed>,
})

const link = createRoute({
  getParentRoute: () => root,
  path: '/links/$token',
  component: function Link() {
    const { token } = link.useParams()
    const go = useGo()
    unguardSession()
    return <LinkPage token={token} onDone={(me) => { client.clear(); signedIn(me); go('/', { replace: true }) }} />
  },
})

const work = createRoute({ getParentRoute: () => inside, path: '/work', component: () => <Placed>{() => <WorkPage courses={(of) => <Suspense><CourseCards projects={of} /></Suspense>} />}</Placed> })

const notices = createRoute({ getParentRoute: () => inside, path: '/notices', component: () => <Placed>{({ workspace }) => <NoticesPage isExpert={includes(workspace.role, 'reviewer')} />}</Placed> })

const profile = createRoute({
  getParentRoute: () => inside,
  path: '/profile/$tab',
  component: function Profile() {
    const { tab } = profile.useParams()
    return <Placed>{({ me, workspace }) => <ProfilePage me={me} workspace={workspace.id} tab={tab as ProfileTab} about={<AboutMe workspace={workspace.id} />} />}</Placed>
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

const home = createRoute({ getParentRoute: () => inside, path: '/p/$p', component: () => <OfProject needs={neededFor('')}>{(p, { workspace }) => <HomePage key={p} id={p} manages={includes(workspace.role, 'manager')} />}</OfProject> })

const quality = createRoute({ getParentRoute: () => inside, path: '/p/$p/quality', component: () => <OfProject needs={neededFor('/quality')}>{(p, { workspace }) => <QualityPage key={p} id={p} manages={includes(workspace.role, 'manager')} />}</OfProject> })

const projectPeople = createRoute({ getParentRoute: () => inside, path: '/p/$p/people', component: () => <OfProject needs={neededFor('/people')}>{(p, { workspace }) => <ProjectPeoplePage key={p} project={p} manages={includes(workspace.role, 'manager')} />}</OfProject> })

const fairness = createRoute({ getParentRoute: () => inside, path: '/p/$p/fairness', component: () => <OfProject needs={neededFor('/fairness')}>{(p, { workspace }) => <FairnessPage key={p} project={p} workspace={workspace.id} manages={includes(workspace.role, 'manager')} owns={includes(workspace.role, 'owner')} />}</OfProject> })

const gold = createRoute({
  getParentRoute: () => inside,
  path: '/p/$p/gold',
  validateSearch: (given: Record<string, unknown>): { use?: 'hidden' | 'practice' | 'test' } => (given['use'] === 'hidden' || given['use'] === 'practice' || given['use'] === 'test' ? { use: given['use'] } : {}),
  component: function Gold() {
    const { p } = gold.useParams()
    const { use } = gold.useSearch()
    return <Placed project={p} needs={neededFor('/gold')}>{({ workspace }) => <GoldPage key={`${p} ${use}`} project={p} manages={includes(workspace.role, 'manager')} use={use} />}</Placed>
  },
})

const course = createRoute({ getParentRoute: () => inside, path: '/p/$p/course', component: () => <OfProject needs={neededFor('/course')}>{(p, { workspace }) => <CoursePage key={p} project={p} manages={includes(workspace.role, 'manager')} />}</OfProject> })

const projectCharts = createRoute({ getParentRoute: () => inside, path: '/p/$p/people/charts', component: () => <OfProject needs={neededFor('/people/charts')}>{(p) => <ChartsPage key={p} project={p} />}</OfProject> })

const pay = createRoute({ getParentRoute: () => inside, path: '/p/$p/pay', component: () => <OfProject needs={neededFor('/pay')}>{(p) => <PayPage key={p} project={p} />}</OfProject> })

const myPay = createRoute({ getParentRoute: () => inside, path: '/p/$p/pay/mine', component: () => <OfProject>{(p) => <MyPayPage key={p} project={p} />}</OfProject> })

const onePerson = createRoute({
  getParentRoute: () => inside,
  path: '/p/$p/people/$person',
  component: function OnePerson() {
    const { p, person } = onePerson.useParams()
    return <Placed project={p} needs="reviewer">{({ workspace }) => <PersonPage key={person} project={p} person={person} manages={includes(workspace.role, 'manager')} />}</Placed>
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
    ...(typeof given['saved'] === 'string' ? { saved: given['saved'] } : {}),
  }),
  component: function Items() {
    const { p } = items.useParams()
    const search = items.useSearch()
    const navigate = items.useNavigate()
    return <Placed project={p} needs={neededFor('/items')}>{({ workspace }) => <ItemsPage key={p} project={p} workspace={workspace.id} search={search} onSearch={(next) => void navigate({ search: next, replace: true })} manages={includes(workspace.role, 'manager')} reviewsOf={reviewsOf} makeGold={(keys, onClose, onMade) => <Suspense><MakeGold project={p} keys={keys} onClose={onClose} onMade={onMade} /></Suspense>} />}</Placed>
  },
})

const text = (given: unknown): string | undefined => (typeof given === 'string' && given !== '' ? given : undefined)

const newProject = createRoute({
  getParentRoute: () => inside,
  path: '/w/$w/new',
  component: function NewProject() {
    const { w } = newProject.useParams()
    return <Placed workspace={w} needs="manager">{() => <NewProjectPage workspace={w} preview={showPreview} />}</Placed>
  },
})

const members = createRoute({
  getParentRoute: () => inside,
  path: '/w/$w/people',
  component: function Members() {
    const { w } = members.useParams()
    return <Placed workspace={w} needs="manager">{({ me, workspace }) => <MembersPage workspace={w} me={me.id} role={workspace.role} />}</Placed>
  },
})

const audit = createRoute({
  getParentRoute: () => inside,
  path: '/w/$w/audit',
  component: function Audit() {
    const { w } = audit.useParams()
    return <Placed workspace={w} needs="owner">{() => <AuditPage workspace={w} />}</Placed>
  },
})

const jobs = createRoute({
  getParentRoute: () => inside,
  path: '/w/$w/jobs',
  validateSearch: (given: Record<string, unknown>): JobsSearch => ({ project: text(given['project']), kind: text(given['kind']), state: text(given['state']) as JobsSearch['state'] }),
  component: function Jobs() {
    const { w } = jobs.useParams()
    const search = jobs.useSearch()
    const navigate = jobs.useNavigate()
    return <Placed workspace={w} needs="manager">{({ workspace }) => <WorkspaceJobs workspace={workspace} search={search} onSearch={(next) => void navigate({ search: next, replace: true })} />}</Placed>
  },
})

function WorkspaceJobs({ workspace, search, onSearch }: { workspace: Membership; search: JobsSearch; onSearch: (search: JobsSearch) => void }) {
  const projects = useProjects(workspace)
  return <JobsPage workspace={workspace.id} search={search} onSearch={onSearch} titles={new Map((projects.data ?? []).map((p) => [p.id, p.title]))} />
}

const workspaceSetup = createRoute({
  getParentRoute: () => inside,
  path: '/w/$w/setup',
  component: function WorkspaceSetup() {
    const { w } = workspaceSetup.useParams()
    return <Placed workspace={w} needs="owner">{({ workspace }) => <WorkspacePage key={workspace.id} workspace={workspace}><Asked workspace={workspace.id} /></WorkspacePage>}</Placed>
  },
})

const webhooks = createRoute({
  getParentRoute: () => inside,
  path: '/w/$w/webhooks',
  component: function Webhooks() {
    const { w } = webhooks.useParams()
    return <Placed workspace={w} needs="owner">{() => <WebhooksPage key={w} workspace={w} />}</Placed>
  },
})

const assignments = createRoute({ getParentRoute: () => inside, path: '/p/$p/assignments', component: () => <OfProject needs={neededFor('/assignments')}>{(p, { workspace }) => <AssignmentsPage key={p} project={p} workspace={workspace.id} />}</OfProject> })

const setup = createRoute({ getParentRoute: () => inside, path: '/p/$p/setup', component: () => <OfProject needs={neededFor('/setup')}>{(p) => <SetupPage key={p} id={p} preview={showPreview} />}</OfProject> })

const workflow = createRoute({ getParentRoute: () => inside, path: '/p/$p/workflow', component: () => <OfProject needs={neededFor('/workflow')}>{(p, { workspace }) => <WorkflowPage key={p} id={p} workspace={workspace.id} />}</OfProject> })

// The code that keeps a schema's comments comes with the schema's own page.
const addLabels: AddLabels = async (yaml, wanted) => (await import('../features/projects')).withLabels(yaml, wanted)

const bringIn = createRoute({
  getParentRoute: () => inside,
  path: '/p/$p/import',
  validateSearch: (given: Record<string, unknown>): ImportSearch => ({ upload: text(given['upload']), uri: text(given['uri']), job: text(given['job']) }),
  component: function Import() {
    const { p } = bringIn.useParams()
    const search = bringIn.useSearch()
    const navigate = bringIn.useNavigate()
    return <Placed project={p} needs={neededFor('/import')}>{() => <ImportPage key={p} project={p} addLabels={addLabels} search={search} onSearch={(next) => void navigate({ search: next })} />}</Placed>
  },
})

const takeOut = createRoute({
  getParentRoute: () => inside,
  path: '/p/$p/export',
  validateSearch: (given: Record<string, unknown>): ExportSearch => ({ filter: given['filter'] as Filter | undefined, author: text(given['author']) }),
  component: function Export() {
    const { p } = takeOut.useParams()
    const search = takeOut.useSearch()
    return <Placed project={p} needs={neededFor('/export')}>{() => <ExportPage key={p} project={p} search={search} />}</Placed>
  },
})

const guideline = createRoute({ getParentRoute: () => inside, path: '/p/$p/guideline', component: () => <OfProject>{(p, { workspace }) => <GuidelinePage key={p} project={p} manages={includes(workspace.role, 'manager')} />}</OfProject> })

const questions = createRoute({ getParentRoute: () => inside, path: '/p/$p/questions', component: () => <OfProject needs={neededFor('/questions')}>{(p, { workspace }) => <QuestionsPage key={p} project={p} manages={includes(workspace.role, 'manager')} />}</OfProject> })

const queue = createRoute({ getParentRoute: () => inside, path: '/p/$p/label', component: () => <OfProject>{(p, { me }) => <Labeling key={p} me={me} project={p} />}</OfProject> })

const oneItem = createRoute({
  getParentRoute: () => inside,
  path: '/p/$p/label/$item',
  component: function OneItem() {
    const { p, item } = oneItem.useParams()
    return <Placed project={p}>{({ me }) => <Labeling key={p} me={me} project={p} item={item} />}</Placed>
  },
})

const many = createRoute({
  getParentRoute: () => inside,
  path: '/p/$p/many',
  validateSearch: (given: Record<string, unknown>): ManySearch => ({
    ...(given['of'] ? { of: given['of'] as NonNullable<ManySearch['of']> } : {}),
    ...(given['view'] === 'table' ? { view: 'table' } : {}),
  }),
  component: function ManyItems() {
    const { p } = many.useParams()
    const search = many.useSearch()
    const navigate = many.useNavigate()
    return <Placed project={p}>{({ me }) => <Many key={p} me={me} project={p} search={search} onSearch={(next) => void navigate({ search: next, replace: true })} />}</Placed>
  },
})

const review = createRoute({ getParentRoute: () => inside, path: '/p/$p/review', component: () => <OfProject needs={neededFor('/review')}>{(p, { me }) => <Review key={p} me={me} project={p} />}</OfProject> })

const feedback = createRoute({ getParentRoute: () => inside, path: '/p/$p/feedback', component: () => <OfProject>{(p) => <FeedbackPage key={p} project={p} above={<OwnScores project={p} />} act={(review) => <Appeal project={p} against="review" thing={review} />} />}</OfProject> })

const tree = root.addChildren([link, inside.addChildren([pay, myPay, start, work, notices, profile, projects, home, quality, projectPeople, fairness, gold, course, projectCharts, onePerson, items, newProject, members, audit, jobs, workspaceSetup, webhooks, assignments, setup, workflow, bringIn, takeOut, guideline, questions, queue, oneItem, many, review, feedback])])

export const router = createRouter({ routeTree: tree, basepath: prefix || '/', defaultPendingComponent: () => <SkeletonRows />, scrollRestoration: true })

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
