// All projects of a workspace: how far each is, how well its people agree, and what is put away.
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { projects as api, type ProjectRow } from '../../api'
import { BandGlyph, bandOf, bandText, Door, ENOUGH, Empty, Failure, format, Go, hasEnough, Icon, IconButton, itemsPath, Menu, Progress, Segmented, SkeletonRows, Tag, useCommands, useGo, Whisker, type IconName, type MenuEntry } from '../../ui'
import { ProjectDialog, type Doing } from './dialogs'
import { m } from './messages'
import './projects.css'

export type View = 'active' | 'archived' | 'bin'
type Order = 'changed' | 'name' | 'left'
const VIEWS: readonly View[] = ['active', 'archived', 'bin']
const BIN_DAYS = 30

export function ProjectsPage({ workspace, view, manages }: { workspace: string; view: View; manages: boolean }) {
  const go = useGo()
  const [order, setOrder] = useState<Order>('changed')
  const [doing, setDoing] = useState<{ project: ProjectRow; what: Doing } | null>(null)
  const list = useQuery({ queryKey: ['projects', workspace, view], queryFn: () => api.list(workspace, view) })
  const sorted = useMemo(() => ordered(list.data ?? [], order), [list.data, order])
  useCommands(useMemo(() => (manages ? [{ id: 'projects.new', title: m.newProject, group: m.projects, icon: 'plus', keys: 'N', run: () => go(`/w/${workspace}/new`) }] : []), [go, manages, workspace]))

  const make = manages && <Go to={`/w/${workspace}/new`} className="btn primary"><Icon name="plus" />{m.newProject} <kbd aria-hidden="true">N</kbd></Go>
  return (
    <>
      <header className="top">
        <h1>{m.projects}</h1>
        <nav className="row" aria-label={m.projects}>
          {VIEWS.filter((one) => manages || one !== 'bin').map((one) => <Go key={one} to={`/w/${workspace}/projects${one === 'active' ? '' : `?view=${one}`}`} className="tab" aria-current={one === view ? 'page' : undefined}>{m.views[one]}</Go>)}
        </nav>
        <span className="grow" />
        <Segmented label={m.order} value={order} onChange={setOrder} options={(['changed', 'name', 'left'] as const).map((value) => ({ value, title: m.orders[value] }))} />
        {make}
      </header>
      <div className="page">
        {list.isPending && <section className="card"><SkeletonRows rows={6} height={66} picture /></section>}
        {list.isError && <Failure error={list.error} onRetry={() => void list.refetch()} />}
        {list.data?.length === 0 && <Empty title={m.empty[view]} actions={view === 'active' && make}>{m.emptyText[view]}</Empty>}
        {sorted.length > 0 && (
          <section className="card">
            <table className="pt cards">
              <thead><tr><th>{m.project}</th><th>{m.done}</th><th colSpan={3}>{m.agreement}</th><th className="right">{m.people}</th><th className="right opt">{m.responses}</th><th className="right">{m.changed}</th><td className="fit" /></tr></thead>
              <tbody>
                {sorted.map((project) => (
                  <Row key={project.id} project={project} view={view} entries={manages ? entriesFor(view, (what) => setDoing({ project, what })) : []} />
                ))}
              </tbody>
            </table>
            {view === 'active' && (
              <div className="foot">
                {[0.5, 0.7, 0.9].map((value) => <span key={value} className="row g1"><BandGlyph value={value} />{bandText[bandOf(value)]}</span>)}
              </div>
            )}
          </section>
        )}
      </div>
      {doing && <ProjectDialog project={{ ...doing.project, items: doing.project.items ?? 0 }} doing={doing.what} onClose={() => setDoing(null)} />}
    </>
  )
}

function Row({ project, view, entries }: { project: ProjectRow; view: View; entries: readonly MenuEntry[] }) {
  const go = useGo()
  const items = project.items ?? 0
  const done = project.done ?? 0
  const share = items > 0 ? done / items : 0
  return (
    <tr className="hover" onClick={(event) => { if (event.target instanceof HTMLTableCellElement && view !== 'bin') go(`/p/${project.id}`) }}>
      <td>
        <span className="row" style={{ gap: 10 }}>
          <span className="kd"><Icon name={iconOf(project)} /></span>
          <span className="col">
            {view === 'bin' ? <span className="md">{project.title}</span> : <Go to={`/p/${project.id}`} className="md tr">{project.title}</Go>}
            <small className="tr about">{subtitle(project)}</small>
          </span>
        </span>
      </td>
      <td style={{ width: 176 }}>
        {items === 0 ? (
          <span className="t3">{m.noItems}</span>
        ) : (
          <>
            <span className="row g2" style={{ alignItems: 'baseline', marginBottom: 6 }}>
              <Door to={itemsPath(project.id, [{ state: ['done'] }])} className="md">{format.count(done)}</Door>
              <span className="t3 f12">{m.of(format.count(items))}</span>
              <span className="grow" />
              <span className="t2 f12">{format.percent(share)}</span>
            </span>
            <Progress value={share} label={m.done} />
          </>
        )}
      </td>
      <AgreementCells project={project} />
      <td className="right">{format.count(project.people ?? 0)}</td>
      <td className="right opt">{format.count(project.responses ?? 0)}</td>
      <td className="right t2">
        {view === 'bin' && project.deleted_at ? <Tag tone="warn">{m.goneIn(daysLeft(project.deleted_at))}</Tag> : format.ago(project.changed_at)}
      </td>
      <td>{entries.length > 0 && <Menu position="bottom-end" control={<IconButton icon="more" label={`${m.more}: ${project.title}`} />} entries={entries} />}</td>
    </tr>
  )
}

function AgreementCells({ project }: { project: ProjectRow }) {
  const { agreement } = project
  if (!project.items) return <td colSpan={3}><Go to={`/p/${project.id}/import`} className="link">{m.importToBegin}</Go></td>
  if (!agreement || agreement.n === 0) return <td colSpan={3} className="t3">{m.notYet}</td>
  if (!hasEnough(agreement)) return <td colSpan={3} className="t3">n {format.count(agreement.n)}, needs {ENOUGH}</td>
  const { value, low, high, n } = agreement
  return (
    <>
      <td style={{ paddingRight: 0, width: 84 }}><Whisker measure={agreement} /></td>
      <td style={{ width: 76 }}>
        <span className="row" style={{ gap: 6 }}>
          <BandGlyph value={value} />
          <Door to={`/p/${project.id}/quality`} className="md">{format.fraction(value)}</Door>
        </span>
      </td>
      <td className="iv f12" style={{ width: 96 }}>
        {typeof low === 'number' && typeof high === 'number' ? `${format.fraction(low)}–${format.fraction(high)}` : ''}
        <small>n <Door to={itemsPath(project.id, [{ responses: { op: 'ge', value: 2 } }])}>{format.count(n)}</Door></small>
      </td>
    </>
  )
}

function entriesFor(view: View, start: (what: Doing) => void): MenuEntry[] {
  if (view === 'bin') return [{ title: m.restore, icon: 'undo', run: () => start('restore') }]
  const clone: MenuEntry = { title: m.clone, icon: 'copy', run: () => start('clone') }
  const remove: MenuEntry = { title: m.remove, icon: 'trash', danger: true, run: () => start('remove') }
  return view === 'archived'
    ? [{ title: m.restore, icon: 'undo', run: () => start('restore') }, clone, 'line', remove]
    : [clone, { title: m.archive, icon: 'archive', run: () => start('archive') }, 'line', remove]
}

function ordered(list: readonly ProjectRow[], order: Order): ProjectRow[] {
  if (order === 'name') return list.toSorted((a, b) => a.title.localeCompare(b.title))
  if (order === 'left') return list.toSorted((a, b) => left(b) - left(a))
  return list.toSorted((a, b) => b.changed_at.localeCompare(a.changed_at))
}

const left = (p: ProjectRow) => (p.items ?? 0) - (p.done ?? 0)

export function iconOf(project: { streams: readonly string[] }): IconName {
  return project.streams[0] === 'text' ? 'text' : project.streams[0] === 'image' ? 'image' : 'layers'
}

function subtitle(project: ProjectRow): string {
  return project.description || project.streams.join(', ')
}

function daysLeft(deletedAt: string): number {
  return Math.ceil(BIN_DAYS - (Date.now() - new Date(deletedAt).getTime()) / 86_400_000)
}
