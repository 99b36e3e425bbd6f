// An example: the region of a real item that it is about, with what was drawn there.
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { items, projects, type Guideline, type ItemDetail } from '../../api'
import { readSchema, type Field } from '../../engine/schema'
import { frameOf, outlineOf, Shape } from '../../kinds/Shape'
import { SkeletonCard, Tag } from '../../ui'
import { m } from './messages'
import { aired, passageOf, type Crop } from './regions'

export type Example = Guideline['examples'][number]
interface Drawn { field: string; kind: string; value: unknown }

/** Examples beside one another. */
export function Examples({ project, examples }: { project: string; examples: readonly Example[] }) {
  const about = useQuery({ queryKey: ['project', project], queryFn: () => projects.one(project), staleTime: 60_000, enabled: examples.length > 0 })
  const fields = useMemo(() => (about.data ? readSchema(about.data.schema).fields : []), [about.data])
  if (examples.length === 0) return null
  return <div className="guide-examples">{examples.map((one, i) => <ExampleFigure key={i} example={one} fields={fields} />)}</div>
}

function ExampleFigure({ example, fields }: { example: Example; fields: readonly Field[] }) {
  const words = example.verdict === 'do' ? m.do : m.dont
  return (
    <figure className={`guide-example ${example.verdict}`}>
      <Shown example={example} fields={fields} />
      <figcaption><Tag tone={example.verdict === 'do' ? 'ok' : 'bad'}>{words}</Tag> {example.label && <strong dir="auto">{example.label}</strong>} <span dir="auto">{example.note}</span></figcaption>
    </figure>
  )
}

function Shown({ example, fields }: { example: Example; fields: readonly Field[] }) {
  const found = useQuery({ queryKey: ['item', example.item], queryFn: () => items.one(example.item) })
  if (found.isError) return <p className="t3 f12">{m.exampleGone}</p>
  if (!found.data) return <SkeletonCard height={120} />
  const drawn = example.drawn as Drawn | null
  const entry = streamOf(found.data, example.stream ?? fields.find((one) => one.key === example.field)?.on ?? null)
  if (!entry) return null
  const [name, stream] = entry
  if (stream.kind === 'image') return <Region item={example.item} name={name} size={sizeOf(stream.facts)} crop={(example.crop as Crop | null | undefined) ?? null} drawn={drawn} verdict={example.verdict} fields={fields} label={`${example.verdict === 'do' ? m.do : m.dont}: ${example.label ?? ''} ${example.note ?? ''}`} />
  if (stream.kind === 'document') return <img alt="" loading="lazy" src={items.streamAddress(example.item, name, 'preview')} />
  const { before, marked, after } = passageOf(stream.text ?? '', drawn?.value)
  return stream.text ? <blockquote className="guide-words" dir="auto">{before}{marked && <mark className={example.verdict}>{marked}</mark>}{after}</blockquote> : null
}

/** The stream that is meant, else the first picture, else the first. */
export function streamOf(item: ItemDetail, wanted: string | null) {
  const all = Object.entries(item.streams)
  return all.find(([name]) => name === wanted) ?? all.find(([, one]) => one.kind === 'image') ?? all[0]
}

export function sizeOf(facts: Readonly<Record<string, unknown>> | null | undefined): { width: number; height: number } | null {
  const [width, height] = [facts?.['width'], facts?.['height']]
  return typeof width === 'number' && typeof height === 'number' ? { width, height } : null
}

interface RegionProps { item: string; name: string; size: { width: number; height: number } | null; crop: Crop | null; drawn: Drawn | null; verdict: 'do' | 'dont'; fields: readonly Field[]; label: string }

function Region({ item, name, size, crop, drawn, verdict, fields, label }: RegionProps) {
  if (size === null) return <img alt={label} loading="lazy" src={items.streamAddress(item, name, 'preview')} />
  const outline = drawn ? outlineOf(fields.find((one) => one.key === drawn.field), drawn.kind, drawn.value) : []
  const frame = frameOf(outline)
  const shown = crop ?? (frame ? aired(frame, size) : ([0, 0, size.width, size.height] as Crop))
  const look = { fill: 'none', stroke: verdict === 'do' ? '#3fbf7f' : '#ff8a7a', strokeWidth: 2.5, strokeDasharray: verdict === 'do' ? undefined : '6 4' }
  return (
    <svg className="guide-crop" viewBox={shown.join(' ')} role="img" aria-label={label}>
      <image href={items.streamAddress(item, name)} width={size.width} height={size.height} />
      {outline.map((primitive, i) => <Shape key={`under ${i}`} primitive={primitive} {...look} stroke="#14130f" strokeDasharray={undefined} strokeWidth={4.5} strokeOpacity={0.7} />)}
      {outline.map((primitive, i) => <Shape key={i} primitive={primitive} {...look} />)}
    </svg>
  )
}
