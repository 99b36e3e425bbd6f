// What stands around every page once someone is signed in.
import { useQuery } from '@tanstack/react-query'
import { onlineManager } from '@tanstack/react-query'
import { Outlet, useLocation, useParams } from '@tanstack/react-router'
import { useEffect, useMemo, useSyncExternalStore } from 'react'
import { listen, projects as api, type Me } from '../api'
import { Empty, Notice, prefix, setTheme, theme, useCommands, useGo, type PageCommand } from '../ui'
import { m } from './messages'
import { iconOfStreams, Nav, signOut, useProjects } from './Nav'
import { client, guardSession, includes, keepWorkspace, workspaceOf } from './session'
import { Palette } from './Palette'
import { entriesFor, isFor, WORKSPACE } from './places'
import { usePresence } from './Present'
import { SignInAgain } from './SignInAgain'

export function Shell({ me }: { me: Me }) {
  const { pathname } = useLocation()
  const path = pathname.startsWith(prefix) ? pathname.slice(prefix.length) || '/' : pathname
  const params = useParams({ strict: false })
  const project = useQuery({ queryKey: ['project', params.p], queryFn: () => api.one(params.p ?? ''), enabled: params.p !== undefined })
  const workspace = workspaceOf(me, params.w ?? project.data?.workspace)
  const online = useSyncExternalStore((told) => onlineManager.subscribe(told), () => onlineManager.isOnline())
  // The labeling screen brings its own palette and signs in again by itself.
  const labels = /^\/p\/[^/]+\/(label(\/|$)|review$)/.test(path)
  const full = labels || /^\/w\/[^/]+\/new$/.test(path)

  const others = usePresence(params.p, path, params.item, includes(project.data?.role, 'reviewer'))
  useEffect(() => {
    guardSession()
    return listen(client)
  }, [])
  useEffect(() => {
    const kept = me.settings['theme']
    if ((kept === 'light' || kept === 'dark') && theme() === 'system') setTheme(kept)
  }, [me.settings])
  useEffect(() => {
    if (workspace) keepWorkspace(workspace.id)
  }, [workspace])

  const place = { path, project: project.data ? { id: project.data.id, title: project.data.title, items: project.data.counts?.items ?? 0 } : undefined }
  if (!workspace) return <Empty page title={m.noWorkspace}>{m.noWorkspaceText}</Empty>
  return (
    <>
      <Everywhere me={me} place={path} workspace={workspace} project={params.p} />
      <a className="skip-link" href="#main" onClick={(event) => { event.preventDefault(); document.getElementById('main')?.focus() }}>{m.skip}</a>
      {full ? (
        <Outlet />
      ) : (
        <div className="shell">
          <Nav me={me} workspace={workspace} place={place} others={others} />
          <main className="main" id="main" tabIndex={-1}>
            {!online && <div style={{ padding: '8px 16px 0', background: 'var(--bg)' }}><Notice tone="warn" icon="wifi">{m.offline}</Notice></div>}
            <Outlet />
          </main>
        </div>
      )}
      {!labels && <Palette />}
      <SignInAgain me={me} />
    </>
  )
}

/** The commands that hold on every page: where one can go. */
function Everywhere({ me, workspace, project }: { me: Me; place: string; workspace: NonNullable<ReturnType<typeof workspaceOf>>; project: string | undefined }) {
  const go = useGo()
  const projects = useProjects(workspace)
  const commands = useMemo(() => {
    const to = (id: string, title: string, path: string, icon: PageCommand['icon'], note?: string): PageCommand => ({ id: `go.${id}`, title, group: m.goTo, run: () => go(path), ...(icon ? { icon } : {}), ...(note ? { note } : {}) })
    const title = projects.data?.find((p) => p.id === project)?.title
    return [
      to('work', m.myWork, '/work', 'right'),
      to('notices', m.notices, '/notices', 'bell'),
      ...WORKSPACE.filter((one) => isFor(one, workspace.role)).map((one) => to(`workspace${one.end}`, one.title, `/w/${workspace.id}${one.end}`, one.icon, m.workspace)),
      ...(project ? entriesFor(workspace.role).map((one) => to(`project${one.end}`, one.title, `/p/${project}${one.end}`, one.icon, title)) : []),
      ...(projects.data ?? []).filter((p) => p.id !== project).map((p) => to(`project.${p.id}`, p.title, `/p/${p.id}`, iconOfStreams(p.streams), m.projects)),
      ...me.workspaces.filter((w) => w.id !== workspace.id).map((w) => to(`workspace.${w.id}`, w.name, includes(w.role, 'reviewer') ? `/w/${w.id}/projects` : '/work', 'logo', m.workspaces)),
      { ...to('settings', m.settings, '/profile/profile', 'cog'), group: m.you },
      ...(['system', 'light', 'dark'] as const).map((one): PageCommand => ({ id: `look.${one}`, title: `${m.look}: ${m.looks[one].toLowerCase()}`, group: m.you, icon: 'contrast', run: () => setTheme(one) })),
      { id: 'sign-out', title: m.signOut, group: m.you, icon: 'out', run: () => void signOut() } satisfies PageCommand,
    ]
  }, [go, me, project, projects.data, workspace])
  useCommands(commands)
  return null
}
