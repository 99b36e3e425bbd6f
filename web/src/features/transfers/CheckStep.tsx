// Before anything is added: what the file holds, what each column becomes, what changes on the way, which rows are bad.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState } from 'react'
import { Refusal, transfers, type ImportPreview, type Mapping, type PreviewRow, type Problem, type SchemaDocument } from '../../api'
import { Button, Check, Failure, format, Go, Icon, Key, Notice, Problems, SkeletonRows, Ticked, useCommands } from '../../ui'
import { MappingTable } from './MappingTable'
import { m } from './messages'

export interface ImportChoice {
  format?: string
  mapping?: Mapping
  strict: boolean
  update: boolean
}

export function CheckStep({ project, schema, from, onBack, onRun, busy, refused }: { project: string; schema: SchemaDocument; from: transfers.From; onBack: () => void; onRun: (choice: ImportChoice) => void; busy: boolean; refused: unknown }) {
  const [chosen, setChosen] = useState<{ format?: string; mapping?: Mapping }>({})
  const [strict, setStrict] = useState(false)
  const [update, setUpdate] = useState(false)
  const preview = useQuery({ queryKey: ['import-preview', project, from, chosen], queryFn: () => transfers.previewImport(project, { ...from, ...chosen }), placeholderData: keepPreviousData, staleTime: Infinity, retry: false })
  const { data } = preview
  const title = 'uri' in from ? from.uri : (data?.files[0] ?? '')
  const run = () => onRun({ ...chosen, ...(data && hasMapping(data) ? { mapping: data.mapping } : {}), ...(data ? { format: data.format } : {}), strict, update })
  const ready = data !== undefined && data.rows.length > 0 && !preview.isFetching && !busy
  const start = useRef(run)
  useEffect(() => {
    start.current = run
  })
  useCommands(useMemo(() => (ready ? [{ id: 'import.run', title: m.run, group: m.import, icon: 'imp' as const, keys: 'Enter', run: () => start.current() }] : []), [ready]))
  return (
    <>
      <div className="page">
        {refused !== null && refused !== undefined && <Refused error={refused} />}
        {preview.isError && (preview.error instanceof Refusal && preview.error.status < 500 && preview.error.status !== 404 ? <Refused error={preview.error} /> : <Failure error={preview.error} onRetry={() => void preview.refetch()} />)}
        {preview.isPending && <section className="card"><p className="t2" style={{ padding: 12 }}>{m.checking}</p><SkeletonRows rows={6} height={32} /></section>}
        {data && (
          <>
            <section className="card fbar">
              <Icon name={'uri' in from ? 'link' : 'folder'} />
              <div className="grow"><p><span className="md">{title}</span> <span className="t2">{m.formatTitle[data.format] ?? data.format}, {m.files(format.count(data.files.length), data.files.length)}</span></p></div>
              <label className="row g2 f12 t2" title={m.formatHint}>{m.format}
                <select className="input" style={{ width: 'auto' }} value={data.format} onChange={(e) => setChosen({ format: e.target.value })}>
                  {[...new Set([data.format, ...data.formats])].map((f) => <option key={f} value={f}>{m.formatTitle[f] ?? f}</option>)}
                </select>
              </label>
              <Button look="quiet" onClick={onBack}>{m.change}</Button>
            </section>
            {(data.notes ?? []).map((note) => <Notice key={note} tone="info">{note}</Notice>)}
            {hasMapping(data) && <MappingTable columns={data.columns} mapping={data.mapping} schema={schema} onMapping={(mapping) => setChosen({ ...chosen, format: data.format, mapping })} />}
            <Losses preview={data} />
            <Rejects project={project} preview={data} />
            <Rows rows={data.rows} schema={schema} />
          </>
        )}
      </div>
      <div className="foot-bar">
        <Check checked={strict} onChange={setStrict}>{m.strict}</Check>
        <Check checked={update} onChange={setUpdate}>{m.update}</Check>
        <span className="grow" />
        <Button onClick={onBack}>{m.back}</Button>
        <Button look="primary" disabled={!ready} busy={busy} onClick={run}>{m.run} <Key>Enter</Key></Button>
      </div>
    </>
  )
}

function hasMapping(preview: ImportPreview): boolean {
  return preview.columns.length > 0
}

function Refused({ error }: { error: unknown }) {
  return <Notice tone="bad">{error instanceof Error ? error.message : String(error)}{error instanceof Refusal && <Problems problems={error.problems} />}</Notice>
}

function Losses({ preview }: { preview: ImportPreview }) {
  if (preview.losses.length === 0) return preview.rejects.length === 0 ? <Notice tone="ok">{m.nothingLost}</Notice> : null
  return (
    <section className="card">
      <h2 className="ch">{m.losses} <span className="c">{m.lossesText}</span></h2>
      <table className="cards wrapped">
        <thead><tr><th>{m.inFile}</th><th>{m.becomes}</th><th className="right">{m.count}</th><th>{m.do}</th></tr></thead>
        <tbody>
          {preview.losses.map((loss, i) => <tr key={i}><td className="md"><Ticked text={loss.what} /></td><td className="t2"><Ticked text={loss.becomes} /></td><td className="right warn md">{loss.count ? format.count(loss.count) : ''}</td><td className="t2"><Ticked text={loss.remedy ?? ''} /></td></tr>)}
        </tbody>
      </table>
    </section>
  )
}

function Rejects({ project, preview }: { project: string; preview: ImportPreview }) {
  if (preview.rejects.length === 0) return null
  return (
    <section className="card">
      <h2 className="ch">{m.rejected} <span className="c">{m.rejectedText(preview.rejects.length)}</span></h2>
      <table className="cards wrapped">
        <thead><tr><th>{m.where}</th><th className="right">{m.rowsCount}</th><th>{m.found}</th><th>{m.do}</th><th className="fit" /></tr></thead>
        <tbody>
          {groupsOf(preview).map((group) => (
            <tr key={group.key}>
              <td className="mono t2" style={{ width: '24%' }}>{group.where}</td>
              <td className="right bad md">{format.count(group.n)}</td>
              <td>{group.got.length > 0 && <><span className="mono">{group.got.slice(0, 6).join(', ')}</span>{group.got.length > 6 && ` ${m.andMore(group.got.length - 6)}`}, </>}{m.mustBe(group.problem.expected ?? '')}</td>
              <td className="t2"><Ticked text={group.problem.do ?? ''} /></td>
              <td>{/label|option/i.test(group.problem.do ?? '') && <Go to={`/p/${project}/setup`} className="btn small">{m.openSetup}</Go>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

interface RejectGroup {
  key: string
  where: string
  problem: Problem
  got: string[]
  n: number
}

/** Rows refused for the same reason as one line, with what stood in them. */
function groupsOf(preview: ImportPreview): RejectGroup[] {
  const groups = new Map<string, RejectGroup>()
  for (const { source, line, problems } of preview.rejects) {
    for (const problem of problems) {
      const key = `${source} ${problem.path.replace(/\d+/g, '#')} ${problem.expected} ${problem.do}`
      const group = groups.get(key) ?? { key, where: [source, line ? m.line(line) : '', problem.path].filter(Boolean).join(', '), problem, got: [], n: 0 }
      const got = problem.got === undefined || problem.got === null ? '' : typeof problem.got === 'string' ? problem.got.replace(/^"(.*)"$/, '$1') : JSON.stringify(problem.got)
      if (got && !group.got.includes(got)) group.got.push(got)
      group.n += 1
      groups.set(key, group)
    }
  }
  return [...groups.values()].toSorted((a, b) => b.n - a.n)
}

function Rows({ rows, schema }: { rows: readonly PreviewRow[]; schema: SchemaDocument }) {
  if (rows.length === 0) return <Notice tone="bad">{m.nothingFound}</Notice>
  const streams = Object.keys(schema.streams)
  return (
    <section className="card" style={{ overflowX: 'auto' }}>
      <h2 className="ch">{m.rows} <span className="c">{m.rowsText}</span></h2>
      <table className="cards">
        <thead><tr><th>{m.name}</th>{streams.map((s) => <th key={s}>{schema.streams[s]?.title || s}</th>)}<th>{m.metadata}</th><th>{m.answers}</th></tr></thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={i}>
              <td className="mono"><span className="tr" style={{ display: 'block', maxWidth: 180 }}>{row.item.key || '–'}</span></td>
              {streams.map((s) => <td key={s}><span className="tr" dir="auto" style={{ display: 'block', maxWidth: 420 }}>{contentOf(row, s)}</span></td>)}
              <td className="t2"><span className="tr" style={{ display: 'block', maxWidth: 280 }}>{Object.entries(row.item.metadata ?? {}).map(([k, v]) => `${k} ${String(v)}`).join(', ')}</span></td>
              <td className="t2">{answersOf(row)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function contentOf(row: PreviewRow, stream: string): string {
  const ref = row.item.streams[stream]?.ref
  return ref?.inline ?? ref?.uri ?? ref?.blob ?? ''
}

function answersOf(row: PreviewRow): string {
  const responses = row.responses ?? []
  const annotations = responses.reduce((sum, r) => sum + (r.annotations?.length ?? 0), 0)
  return responses.length === 0 ? m.nAnswers(0) : m.nAnswers(responses.length) + m.nAnnotations(annotations)
}
