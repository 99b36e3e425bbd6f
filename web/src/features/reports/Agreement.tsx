// Agreement per field: percent and alpha with interval and n, each number opening its items.
import { BandGlyph, bandOf, Door, ENOUGH, format, hasEnough, itemsPath, Whisker, type Measured } from '../../ui'
import type { AgreementField } from '../../api'
import { m } from './messages'

export function AgreementTable({ project, fields, wide = false }: { project: string; fields: readonly AgreementField[]; wide?: boolean }) {
  const shared = itemsPath(project, [{ responses: { op: 'ge', value: 2 } }], { sort: 'disagreement', descending: true })
  return (
    <table className="cards pe">
      <thead>
        <tr>
          <th>{m.field}</th><th className="right">{m.percentHead}</th><th colSpan={2}>{m.alphaHead}</th><th>{m.interval}</th>
          {wide && <><th className="right">{m.items}</th><th className="right">{m.pairs}</th></>}
        </tr>
      </thead>
      <tbody>
        {fields.map((field) => (
          <tr key={field.field}>
            <td><span className="md">{field.title || field.field}</span> <span className="t3 f12">{field.kind}</span></td>
            <td className="right"><Percent measure={field.percent} to={shared} /></td>
            {isRegions(field) ? <DistanceCells field={field} to={shared} wide={wide} /> : <AlphaCells measure={field.alpha} to={shared} />}
            {wide && <><td className="right"><Door to={shared}>{format.count(field.n_items)}</Door></td><td className="right t2">{format.count(field.n_pairs)}</td></>}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** Regions: by chance two people differ wholly, so alpha over the distance says nothing in bands. */
export function isRegions(field: AgreementField): boolean {
  return field.role !== 'what'
}

/** The mean distance with its interval and, below it where there is room, the alpha of matched labels, sigma and distance alpha: no bands. */
function DistanceCells({ field, to, wide }: { field: AgreementField; to: string; wide: boolean }) {
  const { distance } = field
  if (!distance || distance.n === 0) return <><td /><td className="t3">–</td><td /></>
  if (!hasEnough(distance)) return <><td /><td colSpan={2} className="t3">n {format.count(distance.n)}, needs {ENOUGH}</td></>
  const { value, low, high, n } = distance
  return (
    <>
      <td className="fit" style={{ paddingRight: 0 }}><Whisker measure={distance} from={0} /></td>
      <td title={m.ofRegions}><span className="row" style={{ gap: 6 }}><Door to={to} className="md">{format.fraction(value)}</Door><span className="t3 f12">{wide ? m.distance : m.distanceShort}</span></span></td>
      <td className="iv" style={wide ? { paddingBlock: 8 } : undefined}>
        {typeof low === 'number' && typeof high === 'number' && `${format.fraction(low)}–${format.fraction(high)}, `}n {format.count(n)}
        {wide && (
          <>
            <Also name={m.labelAlpha} measure={field.label_alpha} />
            <Also name={m.clusters} measure={field.clusters} />
            <Also name={m.unitising} measure={field.unitising} />
            <Also name={m.sigma} measure={field.sigma} />
            <Also name={m.distanceAlpha} measure={field.alpha} />
          </>
        )}
      </td>
    </>
  )
}

function Also({ name, measure }: { name: string; measure: Measured | null | undefined }) {
  if (!measure || !hasEnough(measure)) return null
  const { value, low, high } = measure
  const interval = typeof low === 'number' && typeof high === 'number' ? ` ${format.fraction(low)}–${format.fraction(high)}` : ''
  return <div className="t3 f12">{name} {format.fraction(value)}{interval}</div>
}

function Percent({ measure, to }: { measure: Measured | null; to: string }) {
  if (!measure || !hasEnough(measure)) return <span className="t3">–</span>
  const { value, low, high } = measure
  const interval = typeof low === 'number' && typeof high === 'number' ? `${format.percent(low)}–${format.percent(high)}` : undefined
  return <Door to={to} title={interval}>{format.percent(value)}</Door>
}

/** Whisker, number with its band, interval and n: three cells. Below the sample, what it has and needs. */
export function AlphaCells({ measure, to }: { measure: Measured | null | undefined; to: string }) {
  if (!measure || measure.n === 0) return <><td /><td className="t3">–</td><td /></>
  if (!hasEnough(measure)) return <><td /><td colSpan={2} className="t3">n {format.count(measure.n)}, needs {ENOUGH}</td></>
  const { value, low, high, n } = measure
  return (
    <>
      <td className="fit" style={{ paddingRight: 0 }}><Whisker measure={measure} flag={bandOf(value) === 'low'} /></td>
      <td><span className="row" style={{ gap: 6 }}><BandGlyph value={value} /><Door to={to} className="md">{format.fraction(value)}</Door></span></td>
      <td className="iv">{typeof low === 'number' && typeof high === 'number' && `${format.fraction(low)}–${format.fraction(high)}, `}n {format.count(n)}</td>
    </>
  )
}
