// One line in full: every part with its sum written out, what it all comes from, and what was said against it.
import { useState } from 'react'
import type * as api from '../../api/pay'
import { Button, format } from '../../ui'
import { m } from './messages'
import { shown } from './money'
import { Sources } from './Sources'
import { sourcesOf, type Told } from './told'

interface Given { project: string; line: Told; contest: api.Contest | null; manages: boolean }

export function Made({ project, line, contest, manages }: Given) {
  const [open, setOpen] = useState<api.SourcesOf | null>(null)
  const money = (amount: number) => shown(amount, line.currency, line.digits)
  return (
    <div className="pay-made">
      <table>
        <tbody>
          {line.made.map((part) => (
            <tr key={part.of}><th scope="row">{m.parts[part.of] ?? part.of}</th><td className="t2">{part.how}</td><td className="right nowrap">{money(part.amount)}</td></tr>
          ))}
        </tbody>
        <tfoot><tr><th scope="row">{m.total}</th><td className="t3 f12">{m.version(line.formula)}</td><td className="right nowrap b">{money(line.amount)}</td></tr></tfoot>
      </table>
      <div className="row g2 pay-doors">
        {sourcesOf(line).map(({ of, n }) => (
          <Button key={of} size="small" aria-expanded={open === of} onClick={() => setOpen(open === of ? null : of)}>{n === null ? m.sources[of] : `${format.count(n)} ${m.sources[of].toLowerCase()}`}</Button>
        ))}
      </div>
      {open && <Sources project={project} line={line.id} of={open} currency={line.currency} digits={line.digits} manages={manages} />}
      {contest && <Against contest={contest} currency={line.currency} digits={line.digits} />}
    </div>
  )
}

/** What somebody said against a line, and what was answered. */
function Against({ contest, currency, digits }: { contest: api.Contest; currency: string; digits: number }) {
  return (
    <dl className="pay-against">
      <dt>{m.contestedOn(format.moment(contest.at))}</dt>
      <dd>{contest.reason}</dd>
      <dt>{contest.decided_at ? m.decidedOn(format.moment(contest.decided_at)) : m.states['open']}</dt>
      <dd>{contest.decided_at ? contest.outcome : m.waits}{contest.amount !== 0 && <> <span className="md">{m.comes(shown(contest.amount, currency, digits))}</span></>}</dd>
    </dl>
  )
}
