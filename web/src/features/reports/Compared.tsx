// What was said of compared answers: their sources in a table, and whether the place on the screen decided.
import { useQuery } from '@tanstack/react-query'
import { conditionsOf, projects as api, type ComparedField, type PlaceBias, type SourceRow } from '../../api'
import { Door, Face, format, hasEnough, itemsPath, Whisker } from '../../ui'
import { m } from './messages'

const OUTCOMES = ['wins', 'losses', 'ties', 'none_good'] as const
/** Doors lead to so many items at most. */
const NAMED = 100

export function ComparedCards({ id }: { id: string }) {
  const { data } = useQuery({ queryKey: ['reports', id, 'compared'], queryFn: () => api.compared(id) })
  const names = new Map(data?.people.map((person) => [person.id, person.name]))
  return data?.fields.map((field) => (
    <div className="span12 home" key={field.field}>
      <section className="card span7 wide">
        <h2 className="ch">{m.sources} <span className="c">{field.title || field.field}, {m.sourcesText}</span></h2>
        {field.sources.length > 0 ? <Sources id={id} field={field} /> : <p className="t3 cb">{reason(field)}</p>}
      </section>
      <section className="card span5 wide">
        <h2 className="ch">{m.places} <span className="c">{field.title || field.field}, {m.placesText}</span></h2>
        {field.first.first.n > 0 ? <Places id={id} field={field} names={names} /> : <p className="t3 cb">{field.n_answers === 0 ? m.noVotes : m.noOrders}</p>}
      </section>
    </div>
  ))
}

/** Why there is no table. */
export function reason(field: Pick<ComparedField, 'n_answers' | 'known'>): string {
  if (field.n_answers === 0) return m.noVotes
  if (field.known > NAMED) return m.manySources(format.count(field.known))
  return m.noSources
}

function Sources({ id, field }: { id: string; field: ComparedField }) {
  const many = new Set(field.sources.map((row) => row.group)).size > 1
  const [from, to] = spanOf(field.sources)
  return (
    <>
      <div className="scroller">
        <table className="cards pe">
          <thead><tr><th>{m.source}</th><th colSpan={2}>{m.elo}</th><th>{m.interval}</th>{OUTCOMES.map((name) => <th key={name} className="right">{m.outcomes[name]}</th>)}</tr></thead>
          <tbody>
            {field.sources.map((row, at) => (
              <tr key={row.source} className={many && at > 0 && field.sources[at - 1]?.group !== row.group ? 'apart' : undefined}>
                <td className="md tr" title={row.source}>{row.source}</td>
                <Elo row={row} from={from} to={to} />
                {OUTCOMES.map((name) => <td key={name} className="right"><Times id={id} counted={row.counts[name]} /></td>)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {many && <p className="t3 f12 cb">{m.groups}</p>}
      {field.unknown > 0 && <p className="t3 f12 cb">{m.unknown(format.count(field.unknown))}</p>}
    </>
  )
}

/** From the lowest to the highest end of what is shown. */
function spanOf(rows: readonly SourceRow[]): [number, number] {
  const ends = rows.flatMap(({ elo }) => [elo.low ?? elo.value ?? 0, elo.high ?? elo.value ?? 0])
  return [Math.min(...ends), Math.max(...ends)]
}

function Elo({ row: { elo }, from, to }: { row: SourceRow; from: number; to: number }) {
  if (!hasEnough(elo)) return <td colSpan={3} className="t3">{m.tooFew(format.count(elo.n))}</td>
  const { value, low, high, n } = elo
  const at = (x: number) => (to > from ? (x - from) / (to - from) : 0.5)
  const known = typeof low === 'number' && typeof high === 'number'
  return (
    <>
      <td className="fit" style={{ paddingRight: 0 }}>{known && <Whisker measure={{ value: at(value), low: at(low), high: at(high), n }} from={0} />}</td>
      <td className="md">{format.count(Math.round(value))}</td>
      <td className="iv">{known && `${format.count(Math.round(low))}–${format.count(Math.round(high))}, `}n {format.count(n)}</td>
    </>
  )
}

function Times({ id, counted }: { id: string; counted: SourceRow['counts'][string] | undefined }) {
  if (!counted || counted.n === 0) return <span className="t3">0</span>
  const first = conditionsOf(counted.filter)
  const cut = first.some((one) => 'ids' in one && one.ids.length >= NAMED)
  return <Door to={itemsPath(id, first)} {...(cut ? { title: m.firstItems(NAMED) } : {})}>{format.count(counted.n)}</Door>
}

function Places({ id, field, names }: { id: string; field: ComparedField; names: ReadonlyMap<string, string> }) {
  return (
    <>
      <div className="scroller">
        <table className="cards pe">
          <thead><tr><th>{m.name}</th><th colSpan={2}>{m.shownFirst}</th><th>{m.interval}</th><th className="right">p</th></tr></thead>
          <tbody>
            <tr><td className="md">{m.everybody}</td><Place id={id} bias={field.first} /></tr>
            {field.people.map(({ author, bias }) => (
              <tr key={author}><td><span className="row g2"><Face name={names.get(author) ?? author} /><span className="tr">{names.get(author) ?? author}</span></span></td><Place id={id} bias={bias} /></tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="t3 f12 cb">{m.expectedFirst(format.percent(field.first.expected ?? 0))}</p>
    </>
  )
}

function Place({ id, bias }: { id: string; bias: PlaceBias }) {
  const { first, expected, p } = bias
  if (!hasEnough(first)) return <td colSpan={4} className="t3">{m.tooFew(format.count(first.n))}</td>
  const { value, low, high, n } = first
  const known = typeof low === 'number' && typeof high === 'number'
  const off = known && expected !== null && (expected < low || expected > high)
  return (
    <>
      <td className="fit" style={{ paddingRight: 0 }}><Whisker measure={first} from={0} flag={off} /></td>
      <td><Door to={itemsPath(id, conditionsOf(bias.filter))} className="md">{format.percent(value)}</Door></td>
      <td className="iv">{known && `${Math.round(low * 100)}–${format.percent(high)}, `}n {format.count(n)}</td>
      <td className={`right${off ? ' md' : ' t2'}`} title={off ? m.decided : undefined}>{pValue(p)}</td>
    </>
  )
}

/** How likely a share so far off is by chance. */
export function pValue(p: number | null): string {
  return p === null ? '–' : p < 0.001 ? '< 0.001' : format.fraction(p)
}
