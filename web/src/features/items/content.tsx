// What an item brings, seen small or whole: pictures with their shapes, texts with their spans.
import { useQuery } from '@tanstack/react-query'
import { useState, type CSSProperties } from 'react'
import { items as api, type Annotation, type ItemRow, type Stream } from '../../api'
import { hueVar, SkeletonRows } from '../../ui'
import type { Field } from '../../engine/schema'
import { m } from './messages'
import { outlineOf, Shape } from '../../kinds/Shape'
import { CoveredWords, useIsVeiled } from './veil'

/** The stream that stands for an item in a list: its first picture, else its first stream. */
export function faceOf(item: { streams: Record<string, Stream> }): [string, Stream] | undefined {
  const all = Object.entries(item.streams)
  return all.find(([, s]) => s.kind === 'image' || s.kind === 'document') ?? all[0]
}

export function textOf(stream: Stream): string | undefined {
  return stream.text ?? undefined
}

/** An item in a row: a thumbnail, or the beginning of its text. */
export function Small({ item }: { item: ItemRow }) {
  const face = faceOf(item)
  const veiled = useIsVeiled(item, face?.[0] ?? '')
  if (!face) return null
  const [name, stream] = face
  if (stream.kind === 'image' || stream.kind === 'document') return <img className={veiled ? 'thumb veil-thumb' : 'thumb'} loading="lazy" decoding="async" alt="" src={api.streamAddress(item.id, name, 'thumb')} />
  if (veiled) return <CoveredWords />
  return <span className="tr" dir="auto">{textOf(stream) ?? <LazyText item={item.id} stream={name} cut={200} />}</span>
}

export function LazyText({ item, stream, cut }: { item: string; stream: string; cut: number }) {
  const text = useQuery({ queryKey: ['text', item, stream], queryFn: ({ signal }) => api.streamText(item, stream, signal), staleTime: Infinity })
  return <>{text.data?.slice(0, cut) ?? (text.isError ? m.noText : '')}</>
}

export interface Layer {
  key: string
  name: string
  annotations: readonly Annotation[]
  /** Place among the authors: hue and stroke. */
  place: number
}

const DASHES = [undefined, '6 4', '1 4']

/** Where labels take their colour: the place of the label in its field. */
export type Place = (field: string, label: string | null | undefined) => number

/** A picture with the shapes of its layers. One layer is drawn in label hues, several in their authors'. */
export function Picture({ item, name, stream, layers, fields, place }: { item: string; name: string; stream: Stream; layers: readonly Layer[]; fields: readonly Field[]; place: Place }) {
  const [size, setSize] = useState<{ width: number; height: number } | null>(null)
  const [broken, setBroken] = useState(false)
  const width = numberOf(stream.facts?.['width']) ?? size?.width ?? 0
  const height = numberOf(stream.facts?.['height']) ?? size?.height ?? 0
  if (broken) return <p className="t3 f12">{m.noPicture}</p>
  return (
    <div className="pic-box">
      <img src={api.streamAddress(item, name)} alt="" onLoad={(e) => setSize({ width: e.currentTarget.naturalWidth, height: e.currentTarget.naturalHeight })} onError={() => setBroken(true)} />
      {width > 0 && (
        <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="xMidYMid meet" aria-hidden="true">
          {layers.flatMap((layer) =>
            layer.annotations.filter((a) => a.on === undefined || a.on === null || a.on.stream === name).flatMap((a) => {
              const hue = layers.length > 1 ? `var(--a${(layer.place % 3) + 1})` : hueVar(place(a.field, a.label))
              const look = { fill: hue, fillOpacity: layers.length > 1 ? 0 : 0.1, stroke: hue, strokeWidth: 1.75, strokeDasharray: layers.length > 1 ? DASHES[layer.place % 3] : undefined }
              return outlineOf(fields.find((f) => f.key === a.field), a.kind, a.value).map((primitive, i) => <Shape key={`${layer.key} ${a.id} ${i}`} primitive={primitive} {...look} />)
            }),
          )}
        </svg>
      )}
    </div>
  )
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}

const SHOWN = 4000

/** A text with the spans of its layers underlined; code points, so that emoji count once. */
export function Prose({ item, name, stream, layers, place }: { item: string; name: string; stream: Stream; layers: readonly Layer[]; place: Place }) {
  const whole = useQuery({ queryKey: ['text', item, name], queryFn: ({ signal }) => api.streamText(item, name, signal), staleTime: Infinity, enabled: typeof stream.text !== 'string' || stream.is_cut === true })
  const text = whole.data ?? stream.text ?? undefined
  if (text === undefined) return whole.isError ? <p className="t3 f12">{m.noText}</p> : <SkeletonRows rows={2} height={24} />
  const points = [...text.slice(0, SHOWN * 2)].slice(0, SHOWN)
  const spans = layers.flatMap((layer) => layer.annotations.flatMap((a) => spansOf(a.value).map(([from, to]) => ({ from, to, hue: layers.length > 1 ? `var(--a${(layer.place % 3) + 1})` : hueVar(place(a.field, a.label)) }))))
  const cuts = [...new Set([0, points.length, ...spans.flatMap((s) => [s.from, s.to])])].filter((c) => c <= points.length).toSorted((a, b) => a - b)
  return (
    <div className="txt-box" dir="auto">
      {cuts.slice(0, -1).map((from, i) => {
        const to = cuts[i + 1] ?? points.length
        const part = points.slice(from, to).join('')
        const over = spans.filter((s) => s.from <= from && s.to >= to)
        if (over.length === 0) return part
        return <mark key={from} style={underlined([...new Set(over.map((s) => s.hue))])}>{part}</mark>
      })}
      {points.length === SHOWN && <span className="t3 f12"> … {m.cut}</span>}
    </div>
  )
}

/** One line under the text for each author or label that covers it. */
function underlined(hues: readonly string[]): CSSProperties {
  return {
    backgroundImage: hues.map((hue) => `linear-gradient(${hue}, ${hue})`).join(', '),
    backgroundSize: '100% 2px',
    backgroundRepeat: 'no-repeat',
    backgroundPosition: hues.map((_, k) => `0 calc(100% - ${(hues.length - 1 - k) * 3}px)`).join(', '),
    paddingBottom: hues.length * 3 - 1,
  }
}

function spansOf(value: unknown): [number, number][] {
  return Array.isArray(value) ? value.filter((s): s is [number, number] => Array.isArray(s) && s.length === 2 && s.every((n) => typeof n === 'number')) : []
}
