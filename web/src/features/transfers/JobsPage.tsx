// Everything that runs long, or ran: how far, what it said, what came of it.
import { useInfiniteQuery } from '@tanstack/react-query'
import { Fragment, useState } from 'react'
import { transfers, type Job, type JobState } from '../../api'
import { Button, Empty, Failure, format, IconButton, SkeletonRows } from '../../ui'
import { JobActions, JobBar, JobFiles, JobProblems, resultOf, StateTag, useJob } from './JobView'
import { m } from './messages'
import './transfers.css'

export interface JobsSearch {
  project?: string | undefined
  kind?: string | undefined
  state?: JobState | undefined
}

const STATES: readonly JobState[] = ['queued', 'running', 'done', 'failed', 'cancelled']

export function JobsPage({ workspace, titles, search, onSearch }: { workspace: string; titles: ReadonlyMap<string, string>; search: JobsSearch; onSearch: (search: JobsSearch) => void }) {
  const { project, kind, state } = search
  const [open, setOpen] = useState<string | null>(null)
  const list = useInfiniteQuery({
    queryKey: ['jobs', workspace, project, kind, state],
    queryFn: ({ pageParam }) => transfers.jobs({ workspace, project, kind, state }, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    refetchInterval: (q) => (q.state.data?.pages.some((p) => p.items.some((j) => !transfers.isOver(j))) ? 1500 : false),
  })
  const jobs = list.data?.pages.flatMap((p) => p.items) ?? []
  const narrowed = Boolean(project || kind || state)
  return (
    <>
      <header className="top">
        <h1>{m.jobs}</h1><span className="grow" />
        <Pick label={m.project} value={project} every={m.everyProject} options={[...titles]} onPick={(next) => onSearch({ ...search, project: next })} />
        <Pick label={m.kind} value={kind} every={m.everyKind} options={Object.entries(m.kinds)} onPick={(next) => onSearch({ ...search, kind: next })} />
        <Pick label={m.state} value={state} every={m.everyState} options={STATES.map((one) => [one, m.states[one]] as const)} onPick={(next) => onSearch({ ...search, state: STATES.find((one) => one === next) })} />
      </header>
      <div className="page">
        {list.isPending && <section className="card"><SkeletonRows rows={8} height={32} /></section>}
        {list.isError && <Failure error={list.error} onRetry={() => void list.refetch()} />}
        {list.isSuccess && jobs.length === 0 && (narrowed ? <Empty title={m.noneFit} actions={<Button look="primary" size="big" onClick={() => onSearch({})}>{m.showAll}</Button>}>{m.noneFitText}</Empty> : <Empty title={m.noJobs}>{m.noJobsText}</Empty>)}
        {jobs.length > 0 && (
          <section className="card">
            <table className="cards">
              <thead><tr><td className="fit" /><th>{m.job}</th><th>{m.state}</th><th style={{ width: 280 }}>{m.result}</th><th>{m.by}</th><th className="right">{m.started}</th><th className="right">{m.took}</th><td className="fit" /></tr></thead>
              <tbody>
                {jobs.map((job) => (
                  <Fragment key={job.id}>
                    <tr className="hover">
                      <td><IconButton size="small" icon={open === job.id ? 'cd' : 'cr'} label={m.details} aria-expanded={open === job.id} onClick={() => setOpen(open === job.id ? null : job.id)} /></td>
                      <td><span className="md">{m.kinds[job.kind] ?? job.kind}</span> <span className="t3 f12">{(job.project && titles.get(job.project)) ?? ''}</span></td>
                      <td><StateTag state={job.state} /></td>
                      <td>{transfers.isOver(job) ? <span className="t2 f12 tr" style={{ display: 'block', maxWidth: 320 }}>{resultOf(job) || m.progressOpen(format.count(job.progress?.done ?? 0), job.progress?.unit ?? '')}</span> : <JobBar job={job} />}</td>
                      <td className="t2">{typeof job.created_by === 'object' && job.created_by ? job.created_by.name : job.created_by}</td>
                      <td className="right t2" title={format.moment(job.created_at)}>{format.ago(job.created_at)}</td>
                      <td className="right t2">{job.finished_at ? format.duration(new Date(job.finished_at).getTime() - new Date(job.created_at).getTime()) : ''}</td>
                      <td className="right"><JobActions job={job} quiet /></td>
                    </tr>
                    {open === job.id && <tr><td /><td colSpan={7} style={{ whiteSpace: 'normal', padding: '8px 12px 16px' }}><Details id={job.id} /></td></tr>}
                  </Fragment>
                ))}
              </tbody>
            </table>
          </section>
        )}
        {list.hasNextPage && <div><Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{m.more}</Button></div>}
      </div>
    </>
  )
}

/** One of several, or all of them. */
function Pick({ label, value, every, options, onPick }: { label: string; value: string | undefined; every: string; options: readonly (readonly [string, string])[]; onPick: (value: string | undefined) => void }) {
  return (
    <select className="input small pick-one" aria-label={label} value={value ?? ''} onChange={(e) => onPick(e.target.value || undefined)}>
      <option value="">{every}</option>
      {options.map(([key, title]) => <option key={key} value={key}>{title}</option>)}
    </select>
  )
}

function Details({ id }: { id: string }) {
  const query = useJob(id)
  const job: Job | undefined = query.data
  if (query.isError) return <Failure error={query.error} onRetry={() => void query.refetch()} />
  if (!job) return <SkeletonRows rows={2} height={24} />
  return (
    <div className="col g3">
      <JobProblems job={job} />
      <ol className="log" aria-label={m.log}>
        {(job.log ?? []).map((line, i) => <li key={i}><span className="t3">{new Date(line.at).toLocaleTimeString()}</span> {line.text}</li>)}
        {!job.log?.length && <li className="t3">{m.noLog}</li>}
      </ol>
      <JobFiles job={job} />
    </div>
  )
}
