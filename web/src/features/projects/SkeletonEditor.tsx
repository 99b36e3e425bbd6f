// The template of keypoints as a picture and a list: points are dragged, and joined by clicking one after the other.
import { useRef, useState, type PointerEvent } from 'react'
import type { Field } from '../../api'
import { READY, readyFor, skeletonFrom, templateFrom } from '../../kinds/skeleton'
import type { Json } from '../../engine/types'
import { IconButton } from '../../ui'
import { m } from './messages'
import { Adder, Key } from './Options'
import { put, type Path } from './schemaText'
import { type Edited, fromReady, movedPoint, paired, renamedPoint, toggledEdge, withoutPoint, withPoints } from './template'

const CLICK = 0.02

export function SkeletonEditor({ text, at, field, onText }: { text: string; at: Path; field: Field; onText: (text: string) => void }) {
  const template = editedFrom(field)
  const ready = readyFor(template.points)
  const write = (next: Edited) => next !== template && onText(written(text, at, next))
  const chosen = Object.entries(READY).find(([, one]) => one === ready)?.[0] ?? ''
  return (
    <div className="skel">
      <div className="col g2">
        <select className="input s" aria-label={m.readyMade} value={chosen} onChange={(e) => { const one = READY[e.target.value]; if (one) write(fromReady(one)) }}>
          {chosen === '' && <option value="">{m.ownTemplate(template.points.length)}</option>}
          {Object.entries(READY).map(([key, one]) => <option key={key} value={key}>{one.title}</option>)}
        </select>
        <TemplatePicture template={template} onChange={write} />
        <p className="t3 f12">{m.skeletonHow}</p>
      </div>
      <div className="col g1" role="list" aria-label={m.points}>
        {template.points.map((name, index) => <PointRow key={name} template={template} index={index} name={name} onChange={write} />)}
        <span className="opts"><Adder keys={template.points} label={m.point} onAdd={(names) => write(withPoints(template, names))} /></span>
      </div>
    </div>
  )
}

function PointRow({ template, index, name, onChange }: { template: Edited; index: number; name: string; onChange: (next: Edited) => void }) {
  const pair = template.pairs.find((one) => one.includes(name))
  const other = pair?.find((one) => one !== name) ?? ''
  return (
    <div className="pr" role="listitem">
      <span className="t3 n2">{index + 1}</span>
      <Key label={`${m.point} ${index + 1}`} value={name} onChange={(next) => onChange(renamedPoint(template, index, next))} />
      <select className="input s" aria-label={m.pairOf(name)} value={other} onChange={(e) => onChange(paired(template, index, e.target.value || null))}>
        <option value="">{m.noPair}</option>
        {template.points.filter((one) => one !== name).map((one) => <option key={one} value={one}>{one}</option>)}
      </select>
      <IconButton size="small" icon="x" label={m.remove1(name)} disabled={template.points.length < 2} onClick={() => onChange(withoutPoint(template, index))} />
    </div>
  )
}

/** A press that moves drags a point; a click chooses it, and the next click joins the two or takes their line away. */
function TemplatePicture({ template, onChange }: { template: Edited; onChange: (next: Edited) => void }) {
  const svg = useRef<SVGSVGElement>(null)
  const [first, setFirst] = useState<number | null>(null)
  const [drag, setDrag] = useState<{ readonly index: number; readonly x: number; readonly y: number; readonly moved: boolean } | null>(null)
  const shown = drag?.moved ? movedPoint(template, drag.index, drag.x, drag.y) : template
  const { places, edges, second } = skeletonFrom(shown)
  const place = (event: PointerEvent): { x: number; y: number } => {
    const box = svg.current?.getBoundingClientRect()
    return box ? { x: ((event.clientX - box.left) / box.width) * 1.12 - 0.06, y: ((event.clientY - box.top) / box.height) * 1.12 - 0.06 } : { x: 0, y: 0 }
  }
  const choose = (index: number) => {
    if (first !== null && first !== index) onChange(toggledEdge(template, first, index))
    setFirst(first === null ? index : null)
  }
  const move = (event: PointerEvent) => {
    const was = drag && places[drag.index]
    if (!drag || !was) return
    const to = place(event)
    setDrag({ index: drag.index, ...to, moved: drag.moved || Math.hypot(to.x - was.x, to.y - was.y) > CLICK })
  }
  const up = () => {
    if (drag?.moved) onChange(movedPoint(template, drag.index, drag.x, drag.y))
    else if (drag) choose(drag.index)
    setDrag(null)
  }
  return (
    <svg ref={svg} className="skelp" viewBox="-0.06 -0.06 1.12 1.12" role="group" aria-label={m.templatePicture} onPointerMove={move} onPointerUp={up} onPointerCancel={() => setDrag(null)}>
      {edges.map(([a, b], i) => <line key={i} className={second.has(a) || second.has(b) ? 'light' : ''} x1={places[a]?.x} y1={places[a]?.y} x2={places[b]?.x} y2={places[b]?.y} />)}
      {places.map(({ x, y }, index) => (
        <circle
          key={template.points[index]}
          className={`${index === first ? 'on' : ''} ${second.has(index) ? 'light' : ''}`}
          cx={x}
          cy={y}
          r={0.026}
          role="button"
          tabIndex={0}
          aria-label={m.joinFrom(template.points[index] ?? '')}
          aria-pressed={index === first}
          onPointerDown={(event) => { event.currentTarget.ownerSVGElement?.setPointerCapture(event.pointerId); setDrag({ index, x, y, moved: false }) }}
          onKeyDown={(event) => { if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); choose(index) } }}
        >
          <title>{template.points[index]}</title>
        </circle>
      ))}
    </svg>
  )
}

function editedFrom(field: Field): Edited {
  // The options of a field are JSON, read from YAML.
  const options = field as unknown as Readonly<Record<string, Json | undefined>>
  const sigmas = Object.entries((options['sigmas'] ?? {}) as Readonly<Record<string, Json>>).filter((entry): entry is [string, number] => typeof entry[1] === 'number')
  return { ...templateFrom(options), sigmas: Object.fromEntries(sigmas) }
}

/** The text with the template in it; empty parts are left out. */
function written(text: string, at: Path, { points, edges, pairs, sigmas, places }: Edited): string {
  const parts = { points, edges, pairs, sigmas, places }
  return Object.entries(parts).reduce((now, [key, part]) => put(now, [...at, key], Object.keys(part).length > 0 ? part : undefined), text)
}
