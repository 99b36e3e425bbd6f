// The lines of a period: each person with every part of what they get.
import { useQuery } from '@tanstack/react-query'
import * as api from '../../api/pay'
import { Face, format, PartFailure, SkeletonRows, Tag } from '../../ui'
import { m } from './messages'
import { shown } from './money'

export function Lines({ period }: { period: api.Period }) {
  const lines = useQuery({ queryKey: ['pay-lines', period.id, period.state], queryFn: () => api.lines(period.id) })
  if (lines.isPending) return <SkeletonRows rows={3} height={32} />
  if (lines.isError) return <PartFailure error={lines.error} onRetry={() => void lines.refetch()} />
  return (
    <div style={{ overflowX: 'auto' }}>
      <table className="cards pe">
        <thead><tr><th>{m.person}</th><th className="right">{m.answers}</th><th className="right">{m.time}</th><th>{m.quality}</th><th>{m.made}</th><th className="right">{m.total}</th></tr></thead>
        <tbody>
          {lines.data.map((line) => (
            <tr key={line.id}>
              <td><span className="row g2"><Face name={line.person.name} /><span className="md">{line.person.name}</span>{line.contest && <Tag tone={line.contest.state === 'open' ? 'warn' : 'ok'}>{m.states[line.contest.state]}</Tag>}</span></td>
              <td className="right">{format.count((line.inputs.answers ?? []).reduce((a, b) => a + b, 0))}</td>
              <td className="right">{format.duration((line.inputs.label_ms ?? 0) + (line.inputs.course_ms ?? 0) + (line.inputs.review_ms ?? 0))}</td>
              <td className="t2 nowrap">{line.accuracy.low === null || line.accuracy.high === null ? <span className="t3">{m.few}</span> : `${format.percent(line.accuracy.low)} – ${format.percent(line.accuracy.high)}, n ${format.count(line.accuracy.n)}`}</td>
              <td className="t2" style={{ whiteSpace: 'normal' }}><Parts parts={line.parts} currency={line.currency} digits={line.digits} /></td>
              <td className="right md">{shown(line.amount, line.currency, line.digits)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** "Time €12.00, Accuracy 110 % €1.20". */
export function Parts({ parts, currency, digits }: { parts: readonly api.Part[]; currency: string; digits: number }) {
  return <>{parts.map((part) => `${m.parts[part.of] ?? part.of} ${part.percent ? `${part.percent} % ` : ''}${shown(part.amount, currency, digits)}`).join(', ')}</>
}
