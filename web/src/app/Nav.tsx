// The navigation at the left: where one is, where one can go, who one is.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { people, projects as api, reviews, type Me, type Membership, type ProjectRow, type Here } from '../api'
import { Button, Dialog, Face, format, Go, Icon, Key, Menu, setTheme, TextField, useGo, useTheme, type IconName } from '../ui'
import { Bell } from '../features/notices'
import { m } from './messages'
import { Present } from './Present'
import { openPalette } from './Palette'
import { isAt, isFor, sectionsFor, WORKSPACE, type Section } from './places'
import { client, includes, keepWorkspace, unguardSession } from './session'

export interface Place {
  path: string
  project?: { id: string; title: string; items: number } | undefined
}

export const iconOfStreams = (streams: readonly string[]): IconName => (streams[0] === 'text' ? 'text' : streams[0] === 'image' ? 'image' : 'layers')

export function useProjects(workspace: Membership | undefined) {
  return useQuery({
    queryKey: ['projects', workspace?.id, 'active'],
    queryFn: () => api.list(workspace?.id ?? '', 'active'),
    enabled: includes(workspace?.role, 'reviewer'),
  })
}

export function Nav({ me, workspace, place, others }: { me: Me; workspace: Membership; place: Place; others: readonly Here[] }) {
  const manages = includes(workspace.role, 'reviewer')
  const projects = useProjects(workspace)
  // In a window as narrow as a phone's, everything below the first line is behind a button; elsewhere it is always there.
  const [openAt, setOpenAt] = useState<string | null>(null)
  const open = openAt === place.path
  return (
    <nav className={open ? 'nav open' : 'nav'} aria-label={m.navigation}>
      <div className="nav-head">
        <Switcher me={me} workspace={workspace} />
        <button type="button" className="item bars" aria-label={m.navigation} aria-expanded={open} onClick={() => setOpenAt(open ? null : place.path)}><Icon name={open ? 'x' : 'grip'} /></button>
      </div>
      <button type="button" className="item find" onClick={openPalette}>
        <Icon name="search" />{m.find}<span className="c"><Key>Ctrl K</Key></span>
      </button>
      <Item to="/work" icon="right" title={m.myWork} path={place.path} />
      <Bell path={place.path} />
      {!manages && <MyProjects path={place.path} />}
      {manages && place.project && <ProjectItems workspace={workspace} place={place} others={others} />}
      {manages && !place.project && <WorkspaceItems workspace={workspace} place={place} count={projects.data?.length} />}
      {manages && <Others projects={projects.data ?? []} place={place} />}
      <span className="grow" />
      <Account me={me} />
    </nav>
  )
}

function Item({ to, icon, title, path, note, exact }: { to: string; icon: IconName; title: string; path: string; note?: string | undefined; exact?: boolean }) {
  const on = exact ? path === to : path === to || path.startsWith(`${to}/`)
  return (
    <Go to={to} className={on ? 'on' : ''} aria-current={on ? 'page' : undefined}>
      <Icon name={icon} /><span className="tr">{title}</span>{note && <span className="c">{note}</span>}
    </Go>
  )
}

function WorkspaceItems({ workspace, place, count }: { workspace: Membership; place: Place; count: number | undefined }) {
  const at = `/w/${workspace.id}`
  return (
    <>
      <h2>{m.workspace}</h2>
      {WORKSPACE.filter((one) => !one.found && isFor(one, workspace.role)).map((one) => <Item key={one.end} to={`${at}${one.end}`} icon={one.icon} title={one.title} path={place.path} note={one.end === '/projects' && count !== undefined ? format.count(count) : undefined} />)}
    </>
  )
}

function ProjectItems({ workspace, place, others }: { workspace: Membership; place: Place; others: readonly Here[] }) {
  const { project, path } = place
  const waiting = useQuery({ queryKey: ['review-waiting', project?.id], queryFn: () => reviews.waiting(project?.id ?? ''), enabled: project !== undefined })
  if (!project) return null
  const at = `/p/${project.id}`
  const notes: Notes = { '/items': project.items ? format.short(project.items) : undefined, '/review': waiting.data?.items ? format.short(waiting.data.items) : undefined }
  return (
    <>
      <h2 className="row"><Go to={`/w/${workspace.id}/projects`} className="tr" style={{ padding: 0, minHeight: 16, display: 'block' }} title={m.projects}>{project.title}</Go><span className="grow" /><Present others={others} /></h2>
      {sectionsFor(workspace.role).map((section) => <Part key={section.id} section={section} at={at} path={path} notes={notes} />)}
    </>
  )
}

type Notes = Readonly<Record<string, string | undefined>>

/** Pages that belong together, under a heading that folds them; the page that is shown stays in sight. */
function Part({ section, at, path, notes }: { section: Section; at: string; path: string; notes: Notes }) {
  const [folded, setFolded] = useState(() => localStorage.getItem(`karat.nav.${section.id}`) === 'folded')
  const fold = () => {
    localStorage.setItem(`karat.nav.${section.id}`, folded ? 'open' : 'folded')
    setFolded(!folded)
  }
  const shown = section.entries.filter((one) => !folded || section.title === null || isAt(one, at, path))
  return (
    <>
      {section.title !== null && (
        <h3><button type="button" className="fold" aria-expanded={!folded} aria-controls={`nav-${section.id}`} onClick={fold}><span className="tr">{section.title}</span><Icon name={folded ? 'cr' : 'cd'} small /></button></h3>
      )}
      <ul id={`nav-${section.id}`} aria-label={section.title ?? m.project}>
        {shown.map((one) => <li key={one.end}><Item to={`${at}${one.end}`} icon={one.icon} title={one.title} path={path} note={notes[one.end]} exact={one.end === ''} /></li>)}
      </ul>
    </>
  )
}

function Others({ projects, place }: { projects: readonly ProjectRow[]; place: Place }) {
  const others = projects.filter((p) => p.id !== place.project?.id).toSorted((a, b) => b.changed_at.localeCompare(a.changed_at)).slice(0, 3)
  if (others.length === 0) return null
  return (
    <>
      <h2>{place.project ? m.otherProjects : m.recent}</h2>
      {others.map((p) => <Item key={p.id} to={`/p/${p.id}`} icon={iconOfStreams(p.streams)} title={p.title} path="" note={format.short(p.items ?? 0)} />)}
    </>
  )
}

function MyProjects({ path }: { path: string }) {
  const home = useQuery({ queryKey: ['home'], queryFn: api.home })
  if (!home.data?.length) return null
  return (
    <>
      <h2>{m.myProjects}</h2>
      {home.data.map((p) => <Item key={p.id} to={`/p/${p.id}/label`} icon="folder" title={p.title} path={path} note={p.mine_today ? format.count(p.mine_today) : undefined} />)}
    </>
  )
}

function Switcher({ me, workspace }: { me: Me; workspace: Membership }) {
  const go = useGo()
  const [making, setMaking] = useState(false)
  const open = (one: Membership) => {
    keepWorkspace(one.id)
    go(includes(one.role, 'reviewer') ? `/w/${one.id}/projects` : '/work')
  }
  return (
    <>
      <Menu
        control={<button type="button" className="item workspace"><Icon name="logo" /><span className="tr">{workspace.name}</span><span className="c"><Icon name="cd" small /></span></button>}
        entries={[
          { label: m.workspaces },
          ...me.workspaces.map((one) => ({ title: one.name, on: one.id === workspace.id, run: () => open(one) })),
          'line',
          { title: m.newWorkspace, icon: 'plus', run: () => setMaking(true) },
        ]}
      />
      {making && <NewWorkspace onClose={() => setMaking(false)} />}
    </>
  )
}

function NewWorkspace({ onClose }: { onClose: () => void }) {
  const go = useGo()
  const [name, setName] = useState('')
  const [wrong, setWrong] = useState('')
  const make = async () => {
    try {
      const { id } = await people.makeWorkspace(name.trim())
      await client.invalidateQueries({ queryKey: ['me'] })
      keepWorkspace(id)
      onClose()
      go(`/w/${id}/projects`)
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error))
    }
  }
  return (
    <Dialog title={m.newWorkspace} onClose={onClose} onEnter={() => name.trim() && make()} footer={<><span className="grow" /><Button look="primary" disabled={!name.trim()} onClick={make}>{m.make}</Button></>}>
      <TextField label={m.workspaceName} value={name} onChange={(e) => setName(e.target.value)} wrong={wrong} data-autofocus />
    </Dialog>
  )
}

/** Signs out and forgets everything that was read. */
export async function signOut(): Promise<void> {
  unguardSession()
  await people.signOut()
  client.clear()
  window.location.assign(document.baseURI)
}

function Account({ me }: { me: Me }) {
  const go = useGo()
  const theme = useTheme()
  return (
    <Menu
      position="top-start"
      width={240}
      control={<button type="button" className="item"><Face name={me.name} /><span className="tr">{me.name}</span><span className="c"><Key>?</Key></span></button>}
      entries={[
        { label: me.email },
        { title: m.settings, icon: 'cog', run: () => go('/profile/profile') },
        { title: m.security, icon: 'lock', run: () => go('/profile/security') },
        { title: m.sessions, icon: 'clock', run: () => go('/profile/sessions') },
        { title: m.tokens, icon: 'key', run: () => go('/profile/tokens') },
        'line',
        { label: m.look },
        ...(['system', 'light', 'dark'] as const).map((one) => ({ title: m.looks[one], icon: one === 'dark' ? ('contrast' as const) : one === 'light' ? ('sun' as const) : ('cog' as const), on: theme === one, run: () => { setTheme(one); void people.changeMe({ settings: { ...me.settings, theme: one } }) } })),
        'line',
        { title: m.signOut, icon: 'out', run: () => void signOut() },
      ]}
    />
  )
}
