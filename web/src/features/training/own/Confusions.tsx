// What somebody says where the key says otherwise: how often, with items that may be shown, and the hint.
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { items as api } from '../../../api'
import type { Learning } from '../../../api/training'
import type { Schema } from '../../../engine/schema'
import { format, Go, Icon, Mark } from '../../../ui'
import { m } from './messages'

type Row = Learning['confusions'][number]

export function Confusions({ project, schema, rows }: { project: string; schema: Schema; rows: readonly Row[] }): ReactNode {
  return (
    <ul className="confusions">
      {rows.map((row) => (
        <li key={`${row.field} ${row.said} ${row.key}`}>
          <span className="what"><Said schema={schema} row={row} of={row.said} /><span className="t3" aria-label={m.scores.key}><Icon name="right" small /></span><Said schema={schema} row={row} of={row.key} /></span>
          <span className="tn">{m.scores.times(format.count(row.n), format.count(row.of))} <span className="t3">{format.percent(row.share.low ?? 0)}–{format.percent(row.share.high ?? 1)}</span></span>
          <span className="faces">{row.items.map((item) => <Go key={item} to={`/p/${project}/label/${item}`} aria-label={item.slice(0, 8)}><Small item={item} schema={schema} /></Go>)}</span>
          <span className="t2 tr" dir="auto" title={row.hint}>{row.hint}</span>
        </li>
      ))}
    </ul>
  )
}

function Said({ schema, row, of }: { schema: Schema; row: Row; of: string | null }): ReactNode {
  const field = schema.fields.find((one) => one.key === row.field)
  if (of === null) return <span className="t3">{m.scores.nothing}</span>
  const labels = field?.labels ?? []
  const place = labels.findIndex((label) => label.key === of)
  const options = (field?.options['options'] ?? {}) as Readonly<Record<string, { title?: string } | null>>
  const title = labels[place]?.title ?? options[of]?.title ?? of
  return <span className="row g1">{place >= 0 && <Mark index={place} />}<span className="tr">{title}</span></span>
}

/** An item in a few pixels: its picture, or how its text begins. */
function Small({ item, schema }: { item: string; schema: Schema }): ReactNode {
  const face = schema.streams.find((one) => one.kind === 'image' || one.kind === 'document') ?? schema.streams[0]
  if (!face) return null
  if (face.kind === 'image' || face.kind === 'document') return <img className="thumb" loading="lazy" decoding="async" alt="" src={api.streamAddress(item, face.key, 'thumb')} />
  return <Words item={item} stream={face.key} />
}

function Words({ item, stream }: { item: string; stream: string }): ReactNode {
  const text = useQuery({ queryKey: ['text', item, stream], queryFn: ({ signal }) => api.streamText(item, stream, signal), staleTime: Infinity, retry: false })
  return <span className="words tr" dir="auto">{text.data?.slice(0, 60) ?? item.slice(0, 8)}</span>
}
