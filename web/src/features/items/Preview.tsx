// One item beside the list: its content with what was said on it, by whom, and what was merged from it.
import { useQuery } from '@tanstack/react-query'
import { lazy, type ReactNode, Suspense, useMemo, useState } from 'react'
import { items as api, projects, type Annotation, type Consensus, type ItemDetail, type Response, type SchemaDocument } from '../../api'
import { Button, Face, PartFailure, format, Go, Icon, Key, LongKey, Mark, SkeletonCard, Tag } from '../../ui'
import { placeIn, shown } from './cells'
import { keysOf, nameOf } from '../../engine/parts'
import { readSchema } from '../../engine/schema'
import { Picture, Prose, type Layer } from './content'
import type { MakeGoldOf } from './BulkBar'
import { EditItem } from './EditItem'
import { toneOf } from './filter'
import { m } from './messages'
import { TableBox } from './TableBox'
import { Covered } from './veil'
import { partsInWords, questionsInWords } from './words'

const Talk = lazy(() => import('./Talk'))
const MOST_ODDS = 4

/** What reviewers said of an item's answers; another feature shows it. */
export type ReviewsOf = (item: string, schema: SchemaDocument) => ReactNode

interface PreviewProps {
  project: string
  id: string
  schema: SchemaDocument
  edits: boolean
  reviewsOf?: ReviewsOf | undefined
  makeGold?: MakeGoldOf | undefined
}

export function Preview({ project, id, schema, edits, reviewsOf, makeGold }: PreviewProps) {
  const item = useQuery({ queryKey: ['item', id], queryFn: () => api.one(id) })
  const consensus = useQuery({ queryKey: ['item', id, 'consensus'], queryFn: () => api.consensus(id) })
  if (item.isPending) return <aside className="pvw" aria-label={m.preview}><SkeletonCard height={190} /><SkeletonCard /></aside>
  if (item.isError) return <aside className="pvw" aria-label={m.preview}><PartFailure error={item.error} onRetry={() => void item.refetch()} /></aside>
  return <Whole key={id} project={project} item={item.data} consensus={consensus.data ?? []} schema={schema} edits={edits} reviewsOf={reviewsOf} makeGold={makeGold} />
}

function Whole({ project, item, consensus, schema, edits, reviewsOf, makeGold }: Omit<PreviewProps, 'id'> & { item: ItemDetail; consensus: readonly Consensus[] }) {
  const [only, setOnly] = useState<string | null>(null)
  const [editing, setEditing] = useState(false)
  const [gold, setGold] = useState<{ item: string; response?: string; revision?: number } | null>(null)
  const place = placeIn(schema)
  const fields = useMemo(() => readSchema(schema).fields, [schema])
  // What was merged is shown once, as the consensus.
  const responses = (item.response_list ?? []).filter((r) => typeof r.author === 'string' || r.author.type !== 'consensus')
  const layers = layersOf(responses, consensus)
  const drawn = only === null ? layers.filter((l) => l.key !== 'consensus') : layers.filter((l) => l.key === only)
  return (
    <aside className="pvw" aria-label={m.preview}>
      {Object.entries(item.streams).map(([name, stream]) => (
        <Covered key={name} item={item} stream={name}>
          {stream.kind === 'image' ? (
            <Picture item={item.id} name={name} stream={stream} layers={drawn} fields={fields} place={place} />
          ) : stream.kind === 'document' ? (
            <img alt="" loading="lazy" src={api.streamAddress(item.id, name, 'preview')} style={{ width: '100%', height: 'auto' }} />
          ) : stream.kind === 'table' ? (
            <TableBox item={item.id} name={name} />
          ) : ['dialogue', 'candidates', 'trace', 'tree'].includes(stream.kind) ? (
            <Suspense fallback={<SkeletonCard height={190} />}><Talk item={item.id} name={name} kind={stream.kind} /></Suspense>
          ) : (
            <Prose item={item.id} name={name} stream={stream} layers={drawn.map((l) => ({ ...l, annotations: l.annotations.filter((a) => !a.on || a.on.stream === name) }))} place={place} />
          )}
        </Covered>
      ))}
      <div className="row g2" style={{ flexWrap: 'wrap' }}>
        <span className="grow" style={{ minWidth: 96 }}><LongKey>{item.key}</LongKey></span>
        {makeGold && <Button look="quiet" size="small" icon="star" title={m.makeGold} onClick={() => setGold(keyOf(item, responses, only))}>{m.makeGold}</Button>}
        {edits && <Button look="quiet" size="small" onClick={() => setEditing(true)}>{m.edit}</Button>}
        <Go to={`/p/${project}/label/${item.id}`} className="btn quiet small" title={m.openFor}>{m.open} <Key>Enter</Key></Go>
      </div>
      <dl className="facts">
        <dt>{m.state}</dt><dd><Tag tone={toneOf[item.state]}>{m.states[item.state]}</Tag></dd>
        {typeof item.disagreement === 'number' && <><dt>{m.disagreement}</dt><dd className="md">{format.fraction(item.disagreement)}</dd></>}
        {typeof item.uncertainty === 'number' && <><dt>{m.uncertainty}</dt><dd className="md">{format.percent(item.uncertainty)}</dd></>}
        {Object.entries(item.metadata).map(([key, value]) => <Fact key={key} name={key} value={shown(value)} />)}
        {item.tags.length > 0 && <><dt>{m.tags}</dt><dd className="row g1 wrap">{item.tags.map((t) => <Tag key={t}>{t}</Tag>)}</dd></>}
      </dl>
      <h2>{m.responses} <span className="c">{layers.filter((l) => l.key !== 'consensus').length}</span></h2>
      {layers.length === 0 && <p className="t3 f12">{m.noResponses}</p>}
      {responses.map((response, index) => (
        <Said key={response.id} response={response} layer={layers[index]} item={item} schema={schema} several={responses.length > 1} on={only === response.id} onOnly={() => setOnly(only === response.id ? null : response.id)} />
      ))}
      {responses.length > 0 && reviewsOf?.(item.id, schema)}
      {consensus.length > 0 && (
        <>
          <button type="button" className="who" aria-pressed={only === 'consensus'} title={only === 'consensus' ? m.showAll : m.showOnly(m.consensus)} onClick={() => setOnly(only === 'consensus' ? null : 'consensus')}>
            <span className="face"><Icon name="merge" small /></span>
            <span className="grow tr">{m.consensus}</span>
            <span className="t3 f12">{consensus[0]?.method}</span>
          </button>
          <div className="said">
            {consensus.map((c) => (
              <div key={c.field} className="col">
                <span className="row g2">
                  <span className="grow"><Answers annotations={c.annotations} schema={schema} item={item} /></span>
                  {c.tie && <Tag tone="warn">{m.tie}</Tag>}
                  {c.score !== null && <span className="t3">{c.learned ? m.sure(format.percent(c.score)) : m.score(format.fraction(c.score))}</span>}
                </span>
                {c.probabilities && <SoftLabel odds={c.probabilities} field={c.field} schema={schema} />}
              </div>
            ))}
          </div>
        </>
      )}
      {gold && makeGold?.([gold], () => setGold(null), () => undefined)}
      {editing && <EditItem item={item} onClose={() => setEditing(false)} />}
    </aside>
  )
}

/** What an item becomes gold by: the answer that alone is shown, or the only one where there is no result; else its result. */
function keyOf(item: ItemDetail, responses: readonly Response[], only: string | null): { item: string; response?: string } {
  const chosen = responses.find((one) => one.id === only) ?? (item.state !== 'done' && responses.length === 1 ? responses[0] : undefined)
  return chosen ? { item: item.id, response: chosen.id } : { item: item.id }
}

/** Each option that may be right, the likeliest first, with how likely it is. */
function SoftLabel({ odds, field, schema }: { odds: Readonly<Record<string, number>>; field: string; schema: SchemaDocument }) {
  const place = placeIn(schema)
  const rows = Object.entries(odds).toSorted(([, a], [, b]) => b - a).slice(0, MOST_ODDS)
  const options = schema.fields[field]?.options
  return (
    <ul className="odds" aria-label={m.softLabel}>
      {rows.map(([option, p]) => (
        <li key={option}>
          <Mark index={place(field, option)} />
          <span className="tr name" title={options?.[option]?.title || option}>{options?.[option]?.title || option}</span>
          <span className="lbar" aria-hidden="true"><i style={{ width: `${p * 100}%` }} /></span>
          <span className="t2">{format.percent(p)}</span>
        </li>
      ))}
    </ul>
  )
}

function Fact({ name, value }: { name: string; value: string }) {
  return <><dt className="tr" title={name}>{name}</dt><dd className="tr" title={value} dir="auto">{value}</dd></>
}

function Said({ response, layer, item, schema, several, on, onOnly }: { response: Response; layer: Layer | undefined; item: ItemDetail; schema: SchemaDocument; several: boolean; on: boolean; onOnly: () => void }) {
  const name = layer?.name ?? ''
  const regions = response.annotations.filter(isWhere).length
  return (
    <div>
      <button type="button" className="who" aria-pressed={on} title={on ? m.showAll : m.showOnly(name)} onClick={onOnly}>
        <Face name={name} />
        <span className="grow tr">{name}</span>
        {several && !on && regions > 0 && <svg width="20" height="8" aria-hidden="true"><path d="M0 4h20" stroke={`var(--a${((layer?.place ?? 0) % 3) + 1})`} strokeWidth="2" strokeDasharray={[undefined, '6 3', '1 4'][(layer?.place ?? 0) % 3]} /></svg>}
        {response.state === 'skipped' && <Tag>{m.skipped}</Tag>}
        {response.excluded && <Tag tone="warn">{m.excluded}</Tag>}
        <span className="t3 f12">{response.active_ms ? format.duration(response.active_ms) : ''}</span>
        {regions > 0 && <span className="md">{regions}</span>}
      </button>
      <div className="said">{response.skip && <Why project={item.project} skip={response.skip} />}<Answers annotations={response.annotations} schema={schema} item={item} /></div>
    </div>
  )
}

/** Why somebody skipped it, in the words of the project's list. */
function Why({ project, skip }: { project: string; skip: NonNullable<Response['skip']> }) {
  const about = useQuery({ queryKey: ['project', project], queryFn: () => projects.one(project), staleTime: 60_000 })
  return <span dir="auto">{[about.data?.skipping.reasons[skip.reason] ?? skip.reason, skip.note].filter(Boolean).join(': ')}</span>
}

/** What-answers in words; where-annotations as marks with counts. */
function Answers({ annotations, schema, item }: { annotations: readonly Annotation[]; schema: SchemaDocument; item: ItemDetail }) {
  const place = placeIn(schema)
  const counts = new Map<string, { field: string; label: string; n: number }>()
  for (const a of annotations) {
    if (!isWhere(a)) continue
    const key = `${a.field} ${a.label}`
    counts.set(key, { field: a.field, label: a.label, n: (counts.get(key)?.n ?? 0) + 1 })
  }
  return (
    <>
      {counts.size > 0 && (
        <span className="row g3 wrap">
          {[...counts.values()].map((c) => <span key={`${c.field} ${c.label}`} className="row" style={{ gap: 5 }} title={c.label}><Mark index={place(c.field, c.label)} />{c.n}</span>)}
        </span>
      )}
      {annotations.filter((a) => !isWhere(a)).map((a) => <span key={a.id} className="tr" dir="auto"><span className="t3">{[schema.fields[a.field]?.title || a.field, partName(a, item)].filter(Boolean).join(' ')}</span> {answer(a, schema, item)}</span>)}
    </>
  )
}

/** A region with a label; answers have none. */
function isWhere(annotation: Annotation): annotation is Annotation & { label: string } {
  return typeof annotation.label === 'string'
}

function answer(annotation: Annotation, schema: SchemaDocument, item: ItemDetail): string {
  const named = partsInWords(annotation.kind, annotation.value, partsOf(item, schema.fields[annotation.field]?.on))
  if (named !== null) return named
  const listed = questionsInWords(annotation.kind, annotation.value, schema.fields[annotation.field])
  if (listed !== null) return listed
  const options = schema.fields[annotation.field]?.options
  const titled = (value: unknown) => (typeof value === 'string' ? options?.[value]?.title || value : shown(value))
  return Array.isArray(annotation.value) ? annotation.value.map(titled).join(', ') : titled(annotation.value)
}

/** The part that an answer is about, where its field is asked of each. */
function partName({ field, id, on }: Annotation, item: ItemDetail): string {
  if (on?.part == null || id !== `${field}/${on.part}`) return ''
  const { part } = on
  const all = Object.values(item.streams[on.stream]?.facts?.each ?? {})
  const parts = all.map(({ keys, count }) => (keys == null ? { count: count ?? 0 } : { keys }))
  const mine = parts.find((one) => keysOf(one).includes(part))
  return mine === undefined ? part : nameOf(mine, part)
}

function partsOf(item: ItemDetail, stream: string | undefined): readonly string[] {
  return (stream === undefined ? undefined : item.streams[stream]?.facts?.parts) ?? []
}

function layersOf(responses: readonly Response[], consensus: readonly Consensus[]): Layer[] {
  const said = responses.map((r, place) => ({ key: r.id, name: typeof r.author === 'string' ? r.author : r.author.name, annotations: r.annotations, place }))
  return consensus.length > 0 ? [...said, { key: 'consensus', name: m.consensus, annotations: consensus.flatMap((c) => c.annotations), place: said.length }] : said
}
