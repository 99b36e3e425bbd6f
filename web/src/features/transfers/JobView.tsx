// A job as it runs and when it is over: how far, how fast, how long yet, what came of it.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, type ReactNode } from 'react'
import { transfers, type Job, type JobFile } from '../../api'
import { Button, format, Icon, Notice, Problems, Progress, Tag, toastError, type Tone } from '../../ui'
import { m } from './messages'

/** A job, read again and again until it is over; then everything it may have changed is read anew. */
export function useJob(id: string | undefined) {
  const client = useQueryClient()
  const query = useQuery({
    queryKey: ['job', id],
    queryFn: () => transfers.job(id ?? ''),
    enabled: id !== undefined,
    refetchInterval: (q) => (q.state.data && transfers.isOver(q.state.data) ? false : 600),
    refetchIntervalInBackground: true,
  })
  const over = query.data ? transfers.isOver(query.data) : false
  useEffect(() => {
    if (over) for (const key of ['project', 'projects', 'items', 'facets', 'reports', 'jobs', 'home']) void client.invalidateQueries({ queryKey: [key] })
  }, [client, over])
  return query
}

export const toneOfState: Record<Job['state'], Tone | undefined> = { queued: undefined, running: 'info', done: 'ok', failed: 'bad', cancelled: 'warn' }

export function StateTag({ state }: { state: Job['state'] }) {
  return <Tag tone={toneOfState[state]}>{m.states[state]}</Tag>
}

/** The bar of a job with its speed and the time left. */
export function JobBar({ job }: { job: Job }) {
  const { done = 0, total = null, unit = '', per_s = null, eta_s = null } = job.progress ?? {}
  const over = transfers.isOver(job)
  const share = job.state === 'done' ? 1 : total ? done / total : null
  return (
    <div className="grow">
      <div className="row g2" style={{ marginBottom: 6 }}>
        <span className="md">{total ? m.progress(format.count(done), format.count(total), unit) : m.progressOpen(format.count(done), unit)}</span>
        <span className="grow" />
        {!over && <span className="t3 f12">{[per_s ? m.perSecond(format.count(Math.round(per_s)), unit) : '', eta_s !== null ? m.left(format.duration(eta_s * 1000)) : ''].filter(Boolean).join(', ')}</span>}
      </div>
      <Progress value={share} look={job.state === 'done' ? 'done' : job.state === 'failed' ? 'stopped' : undefined} label={m.kinds[job.kind] ?? job.kind} />
    </div>
  )
}

/** What came of a job, in words: "240 items added, 12 rejected". */
export function resultOf(job: Job): string {
  return Object.entries(job.result ?? {})
    .flatMap(([key, n]) => (typeof n === 'number' && n > 0 ? [m.results[key]?.(format.count(n), n) ?? ''] : []))
    .filter(Boolean)
    .join(', ')
}

export function JobActions({ job, quiet = false }: { job: Job; quiet?: boolean }) {
  const client = useQueryClient()
  const run = (what: Promise<Job>) => what.then((now) => { client.setQueryData(['job', job.id], now); void client.invalidateQueries({ queryKey: ['jobs'] }) }, toastError)
  if (!transfers.isOver(job)) return <Button look={quiet ? 'quiet' : 'plain'} size="small" onClick={() => void run(transfers.cancelJob(job.id))}>{m.cancel}</Button>
  if (job.state === 'failed' || job.state === 'cancelled') return <Button look={quiet ? 'quiet' : 'plain'} size="small" icon="refresh" onClick={() => void run(transfers.retryJob(job.id))}>{m.retry}</Button>
  return null
}

export function JobProblems({ job }: { job: Job }) {
  if (!job.problems?.length) return null
  return <Notice tone="bad"><p className="md">{m.problems}</p><Problems problems={job.problems} /></Notice>
}

export function JobFiles({ job, only, framed = false }: { job: Job; only?: (file: JobFile) => boolean; framed?: boolean }) {
  const files = useQuery({ queryKey: ['job', job.id, 'files'], queryFn: () => transfers.jobFiles(job.id), enabled: transfers.isOver(job) })
  const shown = (files.data ?? []).filter(only ?? (() => true))
  if (shown.length === 0) return null
  const table = (
    <table className="cards">
      <thead><tr><th>{m.file}</th><th className="right">{m.size}</th><th>{m.sha}</th><td className="fit" /></tr></thead>
      <tbody>
        {shown.map((file) => (
          <tr key={file.name}>
            <td className="mono">{file.name}</td>
            <td className="right">{format.bytes(file.size)}</td>
            <td className="mono t3" title={file.sha256}>{file.sha256.slice(0, 16)}…</td>
            <td className="right"><Download job={job.id} name={file.name}>{m.download}</Download></td>
          </tr>
        ))}
      </tbody>
    </table>
  )
  return framed ? <section className="card">{table}</section> : table
}

export function Download({ job, name, children }: { job: string; name: string; children: ReactNode }) {
  return <a className="btn small" href={transfers.jobFileAddress(job, name)} download={name.split('/').at(-1)}><Icon name="imp" small />{children}</a>
}
