// Writing an example: an item by its key, what on it is meant, and what it shows.
import { useQuery } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useId, useRef, useState, type PointerEvent } from 'react'
import { items, type GuidelineDraft, type ItemDetail } from '../../api'
import type { Field } from '../../engine/schema'
import { frameOf, outlineOf, Shape } from '../../kinds/Shape'
import { IconButton, SelectField, TextField } from '../../ui'
import { sizeOf, streamOf } from './ExampleShown'
import { m } from './messages'
import { aired, between, within, type Crop } from './regions'

export type NewExample = NonNullable<GuidelineDraft['examples']>[number]
type Said = ItemDetail['response_list'] extends readonly (infer R)[] | undefined ? R : never

interface Props { project: string; example: NewExample; fields: readonly Field[]; onChange: (change: Partial<NewExample>) => void; onRemove: () => void }

export function ExampleEdit({ project, example, fields, onChange, onRemove }: Props) {
  const list = useId()
  const item = useQuery({ queryKey: ['item', example.item], queryFn: () => items.one(example.item), enabled: example.item !== '' })
  const [typed, setTyped] = useState<string | null>(null)
  const key = typed ?? item.data?.key ?? ''
  const found = useQuery({ queryKey: ['items', project, 'by-key', typed], queryFn: ({ signal }) => items.page(project, { filter: { all: [{ key: { op: 'contains', value: typed ?? '' } }] } as never, sort: 'key', descending: false }, null, signal), enabled: typed !== null && typed.trim().length > 0 })
  const rows = found.data?.items ?? []
  // The keys come a moment after they were typed.
  const exact = typed === null ? undefined : rows.find((one) => one.key === typed)?.id
  const change = useEffectEvent((id: string) => { if (id !== example.item) onChange({ item: id, response: null, annotation: null, field: null, label: null, crop: null, stream: null }) })
  useEffect(() => { if (exact !== undefined) change(exact) }, [exact])
  const isUnknown = typed !== null && found.isSuccess && rows.length === 0
  return (
    <div className="guide-example-edit">
      <div className="guide-row">
        <SelectField label={m.verdict} value={example.verdict} onChange={(e) => onChange({ verdict: e.target.value as 'do' | 'dont' })}>
          <option value="do">{m.do}</option>
          <option value="dont">{m.dont}</option>
        </SelectField>
        <TextField label={m.exampleItem} list={list} value={key} onChange={(e) => setTyped(e.target.value)} {...(isUnknown ? { wrong: m.noSuchItem } : {})} />
        <datalist id={list}>{rows.slice(0, 20).map((one) => <option key={one.id} value={one.key ?? ''} />)}</datalist>
        <TextField label={m.exampleNote} value={example.note ?? ''} onChange={(e) => onChange({ note: e.target.value })} dir="auto" />
        <IconButton icon="trash" label={m.remove} onClick={onRemove} />
      </div>
      {item.data && <What item={item.data} example={example} fields={fields} onChange={onChange} />}
    </div>
  )
}

/** What on the item is meant: one annotation, a region that is drawn, or all of it. */
function What({ item, example, fields, onChange }: { item: ItemDetail; example: NewExample; fields: readonly Field[]; onChange: (change: Partial<NewExample>) => void }) {
  const said = (item.response_list ?? []) as readonly Said[]
  const choices = said.flatMap((response) => {
    const counts = new Map<string, number>()
    return response.annotations.flatMap((one) => {
      const field = fields.find((known) => known.key === one.field)
      if (!field || one.label === null || one.label === undefined) return []
      const nth = (counts.get(one.label) ?? 0) + 1
      counts.set(one.label, nth)
      const author = typeof response.author === 'string' ? response.author : response.author.name
      return [{ key: `${response.id} ${one.id}`, title: `${one.label} ${nth}, ${author}`, response: response.id, annotation: one, field }]
    })
  })
  const entry = streamOf(item, example.stream ?? null)
  if (!entry) return null
  const [name, stream] = entry
  const size = stream.kind === 'image' ? sizeOf(stream.facts) : null
  const chosen = choices.find((one) => one.response === example.response && one.annotation.id === example.annotation)
  const choose = (key: string) => {
    const one = choices.find((choice) => choice.key === key)
    if (!one) return onChange({ response: null, annotation: null, field: null, label: null, crop: null, stream: null })
    const on = one.annotation.on?.stream ?? one.field.on ?? null
    const frame = size ? frameOf(outlineOf(one.field, one.annotation.kind, one.annotation.value)) : null
    onChange({ response: one.response, annotation: one.annotation.id, field: one.field.key, label: one.annotation.label ?? null, stream: on, crop: frame && size ? aired(frame, size) : null })
  }
  return (
    <div className="guide-what">
      <SelectField label={m.exampleWhat} value={chosen?.key ?? ''} onChange={(e) => choose(e.target.value)} hint={size ? m.exampleDraw : undefined}>
        <option value="">{example.crop ? m.exampleRegion : m.exampleWhole}</option>
        {choices.map((one) => <option key={one.key} value={one.key}>{one.title}</option>)}
      </SelectField>
      {size && <Picker item={item.id} name={name} size={size} crop={(example.crop as Crop | null | undefined) ?? null} verdict={example.verdict} outline={chosen ? outlineOf(chosen.field, chosen.annotation.kind, chosen.annotation.value) : []} onCrop={(crop) => onChange({ crop, stream: name })} />}
    </div>
  )
}

/** The picture, on which a region is drawn. By keys the annotations in the list choose one. */
function Picker({ item, name, size, crop, verdict, outline, onCrop }: { item: string; name: string; size: { width: number; height: number }; crop: Crop | null; verdict: 'do' | 'dont'; outline: ReturnType<typeof outlineOf>; onCrop: (crop: Crop) => void }) {
  const from = useRef<{ x: number; y: number } | null>(null)
  const [drawing, setDrawing] = useState<Crop | null>(null)
  const at = (event: PointerEvent<SVGSVGElement>) => {
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(event.currentTarget.getScreenCTM()?.inverse())
    return { x, y }
  }
  const shown = drawing ?? crop
  const end = () => {
    if (drawing && drawing[2] > 4 && drawing[3] > 4) onCrop(within(drawing, size))
    from.current = null
    setDrawing(null)
  }
  return (
    <svg
      className="guide-pick"
      viewBox={`0 0 ${size.width} ${size.height}`}
      role="img"
      aria-label={m.exampleDraw}
      onPointerDown={(event) => { event.currentTarget.setPointerCapture(event.pointerId); from.current = at(event) }}
      onPointerMove={(event) => { if (from.current) setDrawing(between(from.current, at(event))) }}
      onPointerUp={end}
      onPointerCancel={end}
    >
      <image href={items.streamAddress(item, name)} width={size.width} height={size.height} />
      {shown && <path d={`M0 0H${size.width}V${size.height}H0ZM${shown[0]} ${shown[1]}v${shown[3]}h${shown[2]}v${-shown[3]}Z`} fill="#000" fillOpacity={0.5} fillRule="evenodd" />}
      {outline.map((primitive, i) => <Shape key={i} primitive={primitive} fill="none" stroke={verdict === 'do' ? '#3fbf7f' : '#ff8a7a'} strokeWidth={2} />)}
    </svg>
  )
}
