// Periods: computed as a draft, watched while that goes on, closed for good, and counted anew to see that they come out the same.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { transfers } from '../../api'
import * as api from '../../api/pay'
import { addressOf, Button, Dialog, format, PartFailure, Progress, SkeletonRows, Tag, toast, toastError } from '../../ui'
import { Lines } from './Lines'
import { m } from './messages'
import { shown } from './money'

const isUnderWay = (one: api.Period) => one.state === 'computing' && (one.job_state === 'queued' || one.job_state === 'running')

export function Periods({ project }: { project: string }) {
  const client = useQueryClient()
  const periods = useQuery({ queryKey: ['pay', project, 'periods'], queryFn: () => api.periods(project), refetchInterval: ({ state }) => (state.data?.some(isUnderWay) ? 700 : false) })
  const [open, setOpen] = useState<string | null>(null)
  const [closing, setClosing] = useState<api.Period | null>(null)
  const again = () => client.invalidateQueries({ queryKey: ['pay', project] })
  const compute = () => api.compute(project).then((begun) => { if (begun.is_running) toast(m.already); void again() }, toastError)
  const shownPeriod = open ?? periods.data?.[0]?.id
  return (
    <section className="card">
      <h2 className="ch">{m.periods}<span className="grow" /><Button size="small" onClick={compute}>{m.compute}</Button></h2>
      {periods.isPending && <SkeletonRows rows={2} />}
      {periods.isError && <PartFailure error={periods.error} onRetry={() => void periods.refetch()} />}
      {periods.data?.length === 0 && <p className="t3 cb">{m.none}</p>}
      {periods.data?.map((one) => (
        <div key={one.id} className="pay-period">
          <div className="row g2">
            <button type="button" className="link md" aria-expanded={shownPeriod === one.id} onClick={() => setOpen(shownPeriod === one.id ? '' : one.id)}>{m.period} {format.count(one.number)}</button>
            <span className="t2 f12">{format.moment(one.begin_at)} – {format.moment(one.end_at)}</span>
            <State period={one} />
            <span className="grow" />
            {one.state === 'computing' ? <Computing period={one} onChange={again} /> : <>
              <span className="md">{shown(one.total, one.currency, one.digits)}</span>
              <a className="link" href={addressOf(api.tablePath(one.id))} download>{m.csv}</a>
              <Verify period={one} />
              {one.state === 'draft' && <Button size="small" look="primary" onClick={() => setClosing(one)}>{m.close}</Button>}
            </>}
          </div>
          {shownPeriod === one.id && one.state !== 'computing' && <Lines project={project} period={one} />}
        </div>
      ))}
      {closing && (
        <Dialog title={m.closeTitle(closing.number)} onClose={() => setClosing(null)} footer={<><span className="grow" /><Button look="primary" onClick={() => api.close(closing.id).then(again, toastError).then(() => setClosing(null))}>{m.close}</Button></>}>
          <p>{m.closeText(format.count(closing.lines), shown(closing.total, closing.currency, closing.digits))}</p>
        </Dialog>
      )}
    </section>
  )
}

function State({ period }: { period: api.Period }) {
  if (period.state === 'closed') return <Tag tone="ok">{m.closed}</Tag>
  if (period.state === 'draft') return <Tag>{m.draft}</Tag>
  return isUnderWay(period) ? <Tag tone="info">{m.computing}</Tag> : <Tag tone="warn">{m.stopped}</Tag>
}

/** How far the counting is, with a way to stop it and, once it was stopped, to go on from there. */
function Computing({ period, onChange }: { period: api.Period; onChange: () => unknown }) {
  const job = useQuery({ queryKey: ['job', period.job, period.job_state], queryFn: () => transfers.job(period.job), refetchInterval: isUnderWay(period) ? 700 : false })
  const { done = 0, total = null } = job.data?.progress ?? {}
  const run = (what: Promise<unknown>) => void what.then(onChange, toastError)
  return (
    <>
      <span className="pay-progress"><Progress value={total ? done / total : null} look={isUnderWay(period) ? undefined : 'stopped'} label={m.computing} /></span>
      {isUnderWay(period) ? <Button size="small" onClick={() => run(transfers.cancelJob(period.job))}>{m.cancel}</Button> : <Button size="small" onClick={() => run(transfers.retryJob(period.job))}>{m.goOn}</Button>}
    </>
  )
}

/** Counts the period anew from what was handed in and says whether its lines come out the same. */
function Verify({ period }: { period: api.Period }) {
  const [id, setId] = useState<string | null>(null)
  const job = useQuery({ queryKey: ['job', id], queryFn: () => transfers.job(id ?? ''), enabled: id !== null, refetchInterval: ({ state }) => (state.data && transfers.isOver(state.data) ? false : 500) })
  if (id === null) return <Button size="small" title={m.verifyText} onClick={() => api.verify(period.id).then((made) => setId(made.id), toastError)}>{m.verify}</Button>
  const { same = 0, lines = 0, differ = [] } = (job.data?.result ?? {}) as { same?: number; lines?: number; differ?: { person: string }[] }
  if (!job.data || !transfers.isOver(job.data)) return <span role="status" className="t3 f12">{m.verifying}</span>
  if (job.data.state !== 'done') return <Tag tone="bad">{m.notVerified}</Tag>
  return <span role="status"><Tag tone={differ.length > 0 ? 'bad' : 'ok'} title={differ.map((one) => one.person).join(', ')}>{m.verified(format.count(same), format.count(lines))}</Tag></span>
}
