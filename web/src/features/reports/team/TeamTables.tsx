// Everybody who answered or judged: each number with its interval, and each opens the items behind it.
import { conditionsOf, type AuthorRef } from '../../../api'
import type { PersonRow, ReviewerRow, Team } from '../../../api/team'
import { Door, Face, format, Go, Icon, IconButton, itemsPath, Menu, Tag } from '../../../ui'
import { m as reports } from '../messages'
import { m } from './messages'
import { ShareCells } from './Shares'

export function PeopleRows({ project, rows, onExclude }: { project: string; rows: readonly PersonRow[]; onExclude?: (author: AuthorRef) => void }) {
  const reviewed = rows.some((row) => row.reviewed.n > 0)
  const gold = rows.some((row) => row.gold.n > 0)
  return (
    <table className="pe cards">
      <thead>
        <tr>
          <th>{m.name}</th><th className="right">{m.responses}</th><th className="right">{m.active}</th><th className="right">{m.median}</th>
          <th colSpan={3} title={m.accuracyText}>{m.accuracy}</th>{gold && <th colSpan={3} title={m.goldText}>{m.gold}</th>}<th colSpan={3}>{m.agreement}</th>
          {reviewed && <><th colSpan={3} title={m.reviewedText}>{m.reviewed}</th><th className="right">{m.defects}</th></>}
          <th>{m.alarms}</th>
          {onExclude && <td className="fit" />}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const of = [{ author: row.author.id }]
          const to = itemsPath(project, conditionsOf(row.filter))
          const apart = itemsPath(project, of, { sort: 'disagreement', descending: true })
          return (
            <tr key={row.author.id}>
              <td>
                <span className="row g2"><Face name={row.author.name} /><Go to={`/p/${project}/people/${row.author.id}`} className="link tr">{row.author.name}</Go>
                  {reports.model[row.author.type] && <Tag>{reports.model[row.author.type]}</Tag>}
                </span>
              </td>
              <td className="right"><Door to={to}>{format.count(row.answers)}</Door></td>
              <td className="right t2">{row.active_ms > 0 ? format.duration(row.active_ms) : '–'}</td>
              <td className="right t2"><span className="row g2" style={{ justifyContent: 'flex-end' }}>{row.is_fast && row.pace !== null && <Tag tone="warn" title={m.fast(format.percent(row.pace))}>{m.fastTag}</Tag>}{row.median_ms === null ? '–' : format.duration(row.median_ms)}</span></td>
              <ShareCells measure={row.accuracy} to={apart} />
              {gold && <ShareCells measure={row.gold} to={to} />}
              <ShareCells measure={row.agreement} to={apart} />
              {reviewed && <><ShareCells measure={row.reviewed} to={to} /><td className="right">{row.defects > 0 ? <Go to={`/p/${project}/people/${row.author.id}`} className="n">{format.count(row.defects)}</Go> : <span className="t3">0</span>}</td></>}
              <td><Alarms alarms={row.alarms} /></td>
              {onExclude && <td><Menu position="bottom-end" control={<IconButton icon="more" label={`${m.exclude}: ${row.author.name}`} />} entries={[{ title: m.exclude, icon: 'eyeoff', danger: true, run: () => onExclude(row.author) }]} /></td>}
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

export function Alarms({ alarms }: { alarms: PersonRow['alarms'] }) {
  if (alarms.length === 0) return <span className="t3">–</span>
  return <span className="row g2">{alarms.map((one) => <Tag key={one.key} tone="warn" title={`${m.alarmText[one.name]?.(one.other?.name ?? '')} ${m.errs(one.errs)}`}><Icon name={one.name === 'falling' ? 'down' : 'flag'} small />{one.name === 'falling' ? m.falling(format.day(one.since)) : m.alarmed[one.name]}</Tag>)}</span>
}

/** Who shares answers with whom: reported apart, since two who copy look good to one another and may look good to all. */
export function Colluders({ project, rows }: { project: string; rows: readonly PersonRow[] }) {
  const pairs = rows.flatMap((row) => row.alarms.filter((one) => one.name === 'copying' && one.other && row.author.id < one.other.id).map((one) => ({ row, one })))
  if (pairs.length === 0) return null
  return (
    <section className="card">
      <h2 className="ch">{m.colluders} <span className="c">{m.colludersText}</span></h2>
      <table className="cards pe">
        <tbody>
          {pairs.map(({ row, one }) => (
            <tr key={`${row.author.id} ${one.key}`}>
              <td><span className="row g2"><Go to={`/p/${project}/people/${row.author.id}`} className="link">{row.author.name}</Go><span className="t3">+</span><Go to={`/p/${project}/people/${one.other?.id}`} className="link">{one.other?.name}</Go></span></td>
              <td className="t2">{m.pairSaid(format.count(one.n), format.day(one.since))}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="t3 f12 cb">{m.colludersErr}</p>
    </section>
  )
}

export function ReviewerRows({ project, rows }: { project: string; rows: readonly ReviewerRow[] }) {
  return (
    <table className="pe cards">
      <thead>
        <tr>
          <th>{m.name}</th><th className="right">{m.judged}</th><th className="right">{m.active}</th>
          {Object.keys(m.verdicts).map((verdict) => <th key={verdict} className="right">{m.verdicts[verdict]}</th>)}
          <th colSpan={3}>{m.overturned}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.author.id}>
            <td><span className="row g2"><Face name={row.author.name} /><Go to={`/p/${project}/people/${row.author.id}`} className="link tr">{row.author.name}</Go></span></td>
            <td className="right md"><Door to={itemsPath(project, conditionsOf(row.filter))}>{format.count(row.judged)}</Door></td>
            <td className="right t2">{row.active_ms > 0 ? format.duration(row.active_ms) : '–'}</td>
            {Object.keys(m.verdicts).map((verdict) => <td key={verdict} className="right t2">{format.count(row.verdicts[verdict] ?? 0)}</td>)}
            <ShareCells measure={row.overturned} to={itemsPath(project, [{ author: row.author.id }])} from={0} />
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** What the alarms of all charts together are worth. */
export function chartsSaid({ charts }: Team): string {
  if (charts.charts === 0) return m.noCharts
  return m.charts(format.count(charts.charts), format.count(charts.points), format.count(charts.run_length), format.fraction(charts.false_alarms))
}
