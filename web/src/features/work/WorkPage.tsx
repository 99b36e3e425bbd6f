// An annotator's start: what to do next, one's own numbers, one's own recent items. Nothing of anyone else.
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useMemo } from 'react'
import { projects as api, reviews, type HomeProject } from '../../api'
import { Empty, Failure, format, Go, Icon, Key, LongKey, PartFailure, SkeletonCard, SkeletonRows, Tag, useCommands, useGo } from '../../ui'
import { m } from './messages'
import { GivenCard } from './GivenCard'
import { TodoCards } from './Todo'
import { Standing } from './Standing'
import './work.css'

/** `courses`: where somebody stands in the courses of these projects. */
export function WorkPage({ courses }: { courses?: (projects: readonly HomeProject[]) => ReactNode }) {
  const go = useGo()
  const home = useQuery({ queryKey: ['home'], queryFn: api.home })
  // Whoever began with a project today goes on with it.
  const next = home.data?.filter((p) => p.waiting).toSorted((a, b) => b.mine_today - a.mine_today)[0] ?? null
  useCommands(useMemo(() => (next ? [{ id: 'work.go', title: m.goOn, note: next.title, group: m.title, icon: 'play', keys: 'Space', run: () => go(`/p/${next.id}/label`) }] : []), [go, next]))
  const today = new Date().toLocaleDateString(undefined, { weekday: 'long', day: 'numeric', month: 'long' })
  return (
    <>
      <header className="top"><h1>{m.title}</h1><span className="t3 f12">{today}</span></header>
      <div className="page">
        {home.isPending && <><SkeletonCard height={212} /><SkeletonCard /></>}
        {home.isError && <Failure error={home.error} onRetry={() => void home.refetch()} />}
        {home.data?.length === 0 && <Empty title={m.noProjects}>{m.noProjectsText}</Empty>}
        {home.data && home.data.length > 0 && (
          <>
            <Next next={next} projects={home.data} />
            {courses?.(home.data)}
            <Standing projects={home.data} />
            <SentBack />
            <GivenCard projects={home.data} />
            <TodoCards />
            <Own key={(next ?? home.data[0])?.id} project={next ?? home.data[0] ?? null} />
          </>
        )}
      </div>
    </>
  )
}

function Next({ next, projects }: { next: HomeProject | null; projects: readonly HomeProject[] }) {
  return (
    <section className="card nx">
      <div className="nb">
        {next ? (
          <>
            <p className="t3 f12">{m.next}</p>
            <h2>{next.title}</h2>
            <p className="t2">{next.description || m.waiting}</p>
            <div className="row g2" style={{ marginTop: 16 }}>
              <Go to={`/p/${next.id}/label`} className="btn primary big">{m.goOn} <Key>Space</Key></Go>
              <Go to={`/p/${next.id}/many`} className="btn big"><Icon name="grid" />{m.many}</Go>
            </div>
          </>
        ) : (
          <>
            <span className="ok"><Icon name="check" /></span>
            <h2>{m.nothingWaiting}</h2>
            <p className="t2">{m.nothingWaitingText}</p>
          </>
        )}
      </div>
      <ul className="nq" aria-label={m.others}>
        {projects.map((p) => (
          <li key={p.id}>
            <Go to={`/p/${p.id}/label`}>
              <span className="t2"><Icon name={p.streams.includes('image') ? 'image' : p.streams.includes('text') ? 'text' : 'folder'} /></span>
              <span className="grow tr">{p.title}<small>{p.mine_today > 0 ? m.mineToday(format.count(p.mine_today), p.mine_today) : p.waiting ? m.waiting : m.done}</small></span>
              <Icon name="cr" />
            </Go>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** What reviewers sent back, with until when it is kept for whoever answered. */
function SentBack() {
  const waits = useQuery({ queryKey: ['sent-back'], queryFn: reviews.sentBack })
  if (!waits.data?.length) return null
  return (
    <section className="card">
      <h2 className="ch">{m.sentBack} <span className="c">{format.count(waits.data.length)}, {m.sentBackText}</span></h2>
      <table className="cards">
        <thead><tr><th>{m.item}</th><th>{m.project}</th><th className="right">{m.until}</th></tr></thead>
        <tbody>
          {waits.data.map((one) => (
            <tr key={one.item} className="hover">
              <td><Go to={`/p/${one.project}/label/${one.item}`} className="link"><LongKey>{one.item.slice(0, 8)}</LongKey></Go></td>
              <td>{one.title}</td>
              <td className="right t2">{new Date(one.until).toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' })}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Own({ project }: { project: HomeProject | null }) {
  const id = project?.id ?? ''
  const progress = useQuery({ queryKey: ['my-progress', id], queryFn: () => api.myProgress(id), enabled: project !== null })
  const mine = useQuery({ queryKey: ['mine', id], queryFn: () => api.mine(id), enabled: project !== null })
  if (!project) return null
  return (
    <>
      <section className="card own">
        {([['today', m.today, format.count(progress.data?.today ?? project.mine_today), m.todayAll], ['total', m.total, format.count(progress.data?.total ?? project.mine_total), project.title], ['median', m.median, progress.data?.median_ms ? format.duration(progress.data.median_ms) : '–', m.perItem]] as const).map(([key, title, value, note]) => (
          <div key={key}><p className="t2 f12">{title}</p><p className="f28 b">{value}</p><p className="t3 f12 tr">{note}</p></div>
        ))}
      </section>
      <section className="card">
        <h2 className="ch">{m.recent} <span className="c">{project.title}, {m.recentText}</span><span className="grow" /><Go to={`/p/${id}/pay/mine`} className="link">{m.pay}</Go> <Go to={`/p/${id}/feedback`} className="link">{m.feedback}</Go></h2>
        {mine.isPending && <SkeletonRows rows={4} height={32} />}
        {mine.isError && <PartFailure error={mine.error} onRetry={() => void mine.refetch()} />}
        {mine.data?.items.length === 0 && <p className="t3 cb">{m.none}</p>}
        {mine.data && mine.data.items.length > 0 && (
          <table className="cards">
            <thead><tr><th>{m.item}</th><th>{m.state}</th><th className="right">{m.when}</th></tr></thead>
            <tbody>
              {mine.data.items.map((one) => (
                <tr key={`${one.item}.${one.revision}`} className="hover">
                  <td><Go to={`/p/${id}/label/${one.item}`} className="link"><LongKey>{one.key ?? one.item.slice(0, 8)}</LongKey></Go></td>
                  <td><Tag tone={one.state === 'submitted' ? 'ok' : undefined}>{m.states[one.state] ?? one.state}</Tag></td>
                  <td className="right t2">{format.ago(one.at)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
    </>
  )
}
