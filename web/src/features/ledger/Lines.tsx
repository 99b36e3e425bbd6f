// The lines of a period: each person with what they get; a line opens to every part, to what it comes from, and to a correction.
import { useQuery } from '@tanstack/react-query'
import { Fragment, useState } from 'react'
import * as api from '../../api/pay'
import { Button, Face, format, Icon, PartFailure, SkeletonRows, Tag } from '../../ui'
import { Correcting } from './Correcting'
import { Made } from './Made'
import { m } from './messages'
import { shown } from './money'
import { toldOf } from './told'

export function Lines({ project, period }: { project: string; period: api.Period }) {
  const lines = useQuery({ queryKey: ['pay-lines', project, period.id, period.state], queryFn: () => api.lines(period.id) })
  const [open, setOpen] = useState<string | null>(null)
  const [correcting, setCorrecting] = useState<api.PayLine | null>(null)
  if (lines.isPending) return <SkeletonRows rows={3} height={32} />
  if (lines.isError) return <PartFailure error={lines.error} onRetry={() => void lines.refetch()} />
  if (lines.data.length === 0) return <p className="t3">{m.nobody}</p>
  return (
    <div className="pay-lines">
      <table className="cards pe">
        <thead><tr><th>{m.person}</th><th className="right">{m.answers}</th><th className="right">{m.time}</th><th>{m.quality}</th><th className="right">{m.total}</th></tr></thead>
        <tbody>
          {lines.data.map((line) => (
            <Fragment key={line.id}>
              <tr className="hover">
                <td><button type="button" className="link row g2" aria-expanded={open === line.id} onClick={() => setOpen(open === line.id ? null : line.id)}><Icon name={open === line.id ? 'cd' : 'cr'} /><Face name={line.person.name} /><span className="md">{line.person.name}</span></button>{line.contest && <> <Tag tone={line.contest.state === 'open' ? 'warn' : 'ok'}>{m.states[line.contest.state]}</Tag></>}</td>
                <td className="right">{format.count(toldOf(line).answers)}</td>
                <td className="right">{format.duration(toldOf(line).paidMs)}</td>
                <td className="t2"><Qualities line={line} /></td>
                <td className="right md">{shown(line.amount, line.currency, line.digits)}</td>
              </tr>
              {open === line.id && (
                <tr><td colSpan={5} className="pay-open"><Made project={project} line={toldOf(line)} contest={line.contest} manages /><Button size="small" onClick={() => setCorrecting(line)}>{m.correctOne}</Button></td></tr>
              )}
            </Fragment>
          ))}
        </tbody>
      </table>
      {correcting && <Correcting project={project} line={correcting} onClose={() => setCorrecting(null)} />}
    </div>
  )
}

/** How good somebody's work surely is: each interval with its n, or that too little was judged. */
function Qualities({ line }: { line: api.PayLine }) {
  const known = (['accuracy', 'consistency'] as const).map((of) => ({ of, ...line[of] })).filter((one) => one.n > 0 || one.low !== null)
  if (known.length === 0) return <span className="t3">{m.unjudged}</span>
  return known.map((one) => (
    <div key={one.of}>{m.parts[one.of]} {one.low === null || one.high === null ? <span className="t3">{m.few(format.count(one.n))}</span> : `${format.percent(one.low)} – ${format.percent(one.high)}, n ${format.count(one.n)}`}</div>
  ))
}
