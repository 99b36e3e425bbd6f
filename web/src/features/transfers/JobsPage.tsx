// Everything that runs long, or ran: how far, what it said, what came of it.
import { useInfiniteQuery } from '@tanstack/react-query'
import { Fragment, useState } from 'react'
import { transfers, type Job } from '../../api'
import { Button, Empty, Failure, format, IconButton, Segmented, SkeletonRows } from '../../ui'
import { JobActions, JobBar, JobFiles, JobProblems, StateTag, useJob } from './JobView'
import { m } from './messages'
import './transfers.css'

type Show = 'all' | 'running' | 'failed'

export function JobsPage({ titles }: { titles: ReadonlyMap<string, string> }) {
  const [show, setShow] = useState<Show>('all')
  const [open, setOpen] = useState<string | null>(null)
  const list = useInfiniteQuery({
    queryKey: ['jobs', 'all', show],
    queryFn: ({ pageParam }) => transfers.jobs({ cursor: pageParam, ...(show === 'all' ? {} : { state: show }) }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    refetchInterval: (q) => (q.state.data?.pages.some((p) => p.items.some((j) => !transfers.isOver(j))) ? 1500 : false),
  })
  const jobs = list.data?.pages.flatMap((p) => p.items) ?? []
  return (
    <>
      <header className="top">
        <h1>{m.jobs}</h1><span className="grow" />
        <Segmented label={m.show} value={show} onChange={setShow} options={[{ value: 'all', title: m.all }, { value: 'running', title: m.onlyRunning }, { value: 'failed', title: m.onlyFailed }]} />
      </header>
      <div className="page">
        {list.isPending && <section className="card"><SkeletonRows rows={8} height={32} /></section>}
        {list.isError && <Failure error={list.error} onRetry={() => void list.refetch()} />}
        {list.isSuccess && jobs.length === 0 && <Empty title={m.noJobs}>{m.noJobsText}</Empty>}
        {jobs.length > 0 && (
          <section className="card">
            <table className="cards">
              <thead><tr><th className="fit" /><th>{m.job}</th><th>{m.state}</th><th style={{ width: 280 }} /><th>{m.by}</th><th className="right">{m.started}</th><th className="right">{m.took}</th><th className="fit" /></tr></thead>
              <tbody>
                {jobs.map((job) => (
                  <Fragment key={job.id}>
                    <tr className="hover">
                      <td><IconButton size="small" icon={open === job.id ? 'cd' : 'cr'} label={m.details} aria-expanded={open === job.id} onClick={() => setOpen(open === job.id ? null : job.id)} /></td>
                      <td><span className="md">{m.kinds[job.kind] ?? job.kind}</span> <span className="t3 f12">{(job.project && titles.get(job.project)) ?? ''}</span></td>
                      <td><StateTag state={job.state} /></td>
                      <td>{transfers.isOver(job) ? <span className="t3 f12">{m.progressOpen(format.count(job.progress?.done ?? 0), job.progress?.unit ?? '')}</span> : <JobBar job={job} />}</td>
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
