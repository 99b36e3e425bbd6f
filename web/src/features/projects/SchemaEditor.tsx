// Form and YAML are two views of one text; beside them the screen as it will be, and what each export would lose.
import { useQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { transfers, type Loss, type SchemaDocument } from '../../api'
import { Icon, Notice, Segmented, SkeletonRows, Ticked } from '../../ui'
import { m } from './messages'
import { SchemaForm } from './SchemaForm'
import type { Checked } from './useCheck'
import { YamlEditor } from './YamlEditor'

/** How the labeling screen is shown; given from outside, since a feature knows no other feature. */
export type ShowPreview = (schema: SchemaDocument) => ReactNode

export function SchemaEditor({ title, note, text, checked, onText, readOnly = false }: { title: string; note: string; text: string; checked: Checked; onText: (text: string) => void; readOnly?: boolean }) {
  const [view, setView] = useState<'form' | 'yaml'>('form')
  const { value } = checked.read
  const yaml = view === 'yaml' || readOnly
  return (
    <section className="ed" aria-label={title}>
      <div className="eh">
        <h2 className="tr">{title}</h2><span className="t3 f12 tr">{note}</span><span className="grow" />
        {checked.checking && <span className="t3 f12">{m.checking}</span>}
        {!readOnly && <Segmented label={m.schema} value={view} onChange={setView} options={[{ value: 'form', title: m.form }, { value: 'yaml', title: m.yaml }]} />}
      </div>
      {checked.failed && <div style={{ padding: '8px 20px' }}><Notice tone="bad">{checked.failed.message}</Notice></div>}
      {yaml || !value ? <YamlEditor text={text} problems={checked.problems} onText={onText} readOnly={readOnly} /> : <SchemaForm text={text} value={value} problems={checked.problems} onText={onText} />}
    </section>
  )
}

export function PreviewPane({ checked, preview }: { checked: Checked; preview: ShowPreview }) {
  const { good, problems } = checked
  const broken = problems[0]
  return (
    <aside className="pw" aria-label={m.preview} tabIndex={0}>
      <div className="ph">{m.preview} <span className="c">{broken ? m.previewOld(broken.line ? m.lineColumn(broken.line) : broken.path) : m.previewWorks}</span></div>
      <div className="mini">{good ? preview(good) : checked.checking ? <SkeletonRows rows={8} /> : <p className="t3" style={{ padding: 16 }}>{m.previewNone}</p>}</div>
      <Checks checked={checked} />
      <p className="t3 f12">{m.laterChange}</p>
    </aside>
  )
}

function Checks({ checked }: { checked: Checked }) {
  const { good, losses } = checked
  const known = useQuery(transfers.formatsQuery)
  const titled = (format: string) => transfers.titleOf(known.data, format)
  if (!good) return null
  const fields = Object.values(good.fields)
  const labels = fields.flatMap((f) => Object.values(f.labels ?? {}))
  const clash = fields.flatMap((f) => repeated(Object.values(f.labels ?? f.options ?? {}).map((l) => l.key).filter((k) => k !== undefined)))
  const defined = labels.filter((l) => l.definition).length
  const formats = Object.entries(losses)
  const whole = formats.filter(([, list]) => list.length === 0).map(([format]) => format)
  const allFields = formats.filter(([, list]) => list.length > 0 && ofSchema(list).length === 0)
  const losing = formats.filter(([, list]) => ofSchema(list).length > 0)
  return (
    <div className="card" style={{ padding: '0 12px' }}>
      <Line tone={clash.length ? 'warn' : 'ok'} title={m.checks.keys}>{clash.length ? m.keysClash(clash.join(', ')) : m.keysFine}</Line>
      {whole.length > 0 && <Line tone="ok" title={whole.map((format) => titled(format)).join(', ')}>{m.whole}</Line>}
      {allFields.length > 0 && <Line tone="ok" title={allFields.map(([format]) => titled(format)).join(', ')}>{m.allFields}</Line>}
      {losing.map(([format, list]) => (
        <Line key={format} tone="warn" title={titled(format)}>
          {m.wouldLose} {ofSchema(list).slice(0, 5).map((loss, i) => <span key={loss.what} title={[loss.becomes, loss.remedy].filter(Boolean).join('. ')}>{i > 0 && ', '}<Ticked text={loss.what} /></span>)}
          {ofSchema(list).length > 5 && <span title={ofSchema(list).slice(5).map((l) => l.what).join(', ')}> {m.andMore(ofSchema(list).length - 5)}</span>}
        </Line>
      ))}
      {labels.length > 0 && <Line tone={defined === labels.length ? 'ok' : 'info'} title={m.checks.definitions}>{defined === 0 ? m.definitionsNone(labels.length) : m.definitionsSome(defined, labels.length)}</Line>}
    </div>
  )
}

function Line({ tone, title, children }: { tone: 'ok' | 'warn' | 'info'; title: string; children: ReactNode }) {
  return (
    <div className="cs">
      <span className={tone === 'info' ? 't3' : tone}><Icon name={tone === 'ok' ? 'check' : tone === 'warn' ? 'alert' : 'infoc'} small /></span>
      <span>{title}</span>
      <span className="t2">{children}</span>
    </div>
  )
}

/** The losses that name a part of this schema. The rest, such as tags and skipped responses, a format never holds. */
function ofSchema(list: readonly Loss[]): Loss[] {
  return list.filter((loss) => loss.what.includes('`'))
}

function repeated(keys: readonly string[]): string[] {
  return [...new Set(keys.filter((key, i) => keys.indexOf(key) !== i))]
}
