// Before anything is added: what the file holds, what each column becomes, what changes on the way, which rows are bad.
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState } from 'react'
import { projects, Refusal, transfers, type ImportPreview, type Mapping, type PreviewRow, type Problem, type Project } from '../../api'
import { Button, Check, Failure, format, Go, Icon, Key, LongKey, Notice, Problems, SkeletonRows, Ticked, toast, useCommands } from '../../ui'
import { MappingTable } from './MappingTable'
import { m } from './messages'
import { unknownLabels, unknownOf, type UnknownLabel } from './unknownLabels'

export interface ImportChoice {
  format?: string
  mapping?: Mapping
  strict: boolean
  update: boolean
}

/** A schema's text with labels that it did not know; given from outside, since a feature knows no other feature. */
export type AddLabels = (yaml: string, wanted: readonly UnknownLabel[]) => Promise<string>

export function CheckStep({ project: { id: project, schema, schema_version }, addLabels, from, onBack, onRun, busy, refused }: { project: Project; addLabels: AddLabels; from: transfers.From; onBack: () => void; onRun: (choice: ImportChoice) => void; busy: boolean; refused: unknown }) {
  const [chosen, setChosen] = useState<{ format?: string; mapping?: Mapping }>({})
  const [strict, setStrict] = useState(false)
  const [update, setUpdate] = useState(false)
  const preview = useQuery({ queryKey: ['import-preview', project, schema_version, from, chosen], queryFn: () => transfers.previewImport(project, { ...from, ...chosen }), placeholderData: keepPreviousData, staleTime: Infinity, retry: false })
  const { data } = preview
  const formats = useQuery(transfers.formatsQuery)
  const title = 'uri' in from ? from.uri : titleOf(data?.files ?? [])
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
              <div className="grow"><p><span className="md">{title}</span> <span className="t2">{transfers.titleOf(formats.data, data.format)}, {m.files(format.count(data.files.length), data.files.length)}</span></p></div>
              <label className="row g2 f12 t2" title={m.formatHint}>{m.format}
                <select className="input" style={{ width: 'auto' }} value={data.format} onChange={(e) => setChosen({ format: e.target.value })}>
                  {[...new Set([data.format, ...data.formats])].map((f) => <option key={f} value={f}>{transfers.titleOf(formats.data, f)}</option>)}
                </select>
              </label>
              <Button look="quiet" onClick={onBack}>{m.change}</Button>
            </section>
            {(data.notes ?? []).map((note) => <Notice key={note} tone="info">{note}</Notice>)}
            {hasMapping(data) && <MappingTable columns={data.columns} mapping={data.mapping} schema={schema} onMapping={(mapping) => setChosen({ ...chosen, format: data.format, mapping })} />}
            <Losses preview={data} />
            <Rejects project={project} schema={schema} preview={data} addLabels={addLabels} />
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

/** The file, or the folder that all files lie in. */
function titleOf(files: readonly string[]): string {
  const first = files[0] ?? ''
  const folder = first.split('/')[0] ?? ''
  return files.length > 1 && first.includes('/') && files.every((name) => name.startsWith(`${folder}/`)) ? folder : first
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

function Rejects({ project, schema, preview, addLabels }: { project: string; schema: Project['schema']; preview: ImportPreview; addLabels: AddLabels }) {
  const { add, busy, wrong } = useAdding(project, addLabels)
  if (preview.rejects.length === 0) return null
  const unknown = unknownLabels(preview, schema)
  const groups = groupsOf(preview)
  return (
    <section className="card">
      <h2 className="ch">
        {m.rejected} <span className="c">{m.rejectedText(preview.rejects.length)}</span><span className="grow" />
        {unknown.length > 1 && groups.length > 1 && <Button size="small" icon="plus" busy={busy} onClick={() => void add(unknown)}>{m.addAll(unknown.length)}</Button>}
      </h2>
      {wrong !== null && <div style={{ padding: '0 12px 12px' }}><Refused error={wrong} /></div>}
      <table className="cards wrapped">
        <thead><tr><th>{m.where}</th><th className="right">{m.rowsCount}</th><th>{m.found}</th><th>{m.do}</th><td className="fit" /></tr></thead>
        <tbody>
          {groups.map((group) => {
            const mine = unknown.filter((one) => group.problems.some((p) => isOf(unknownOf(p, preview, schema), one)))
            return (
              <tr key={group.key}>
                <td className="mono t2" style={{ width: '24%' }}>{group.where}</td>
                <td className="right bad md">{format.count(group.problems.length)}</td>
                <td>{group.got.length > 0 && <><span className="mono">{group.got.slice(0, 6).join(', ')}</span>{group.got.length > 6 && ` ${m.andMore(group.got.length - 6)}`}, </>}<Ticked text={m.mustBe(group.problem.expected ?? '')} /></td>
                <td className="t2"><Ticked text={group.problem.do ?? ''} /></td>
                <td className="right">
                  {mine.length > 0 ? (
                    <Button size="small" icon="plus" busy={busy} title={m.addTitle(mine.map((one) => one.label).join(', '))} onClick={() => void add(mine)}>{m.add(mine.length)}</Button>
                  ) : (
                    /label|option/i.test(group.problem.do ?? '') && <Go to={`/p/${project}/setup`} className="btn small">{m.openSetup}</Go>
                  )}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </section>
  )
}

const isOf = (one: UnknownLabel | null, other: UnknownLabel) => one?.field === other.field && one.label === other.label

/** Puts labels into the schema as it stands now; a new version of it makes the check run again. */
function useAdding(id: string, addLabels: AddLabels) {
  const client = useQueryClient()
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState<unknown>(null)
  const add = async (wanted: readonly UnknownLabel[]) => {
    setBusy(true)
    setWrong(null)
    try {
      const now = await projects.one(id)
      await projects.changeSchema(id, now.etag, await addLabels(now.schema_yaml, wanted))
      await client.invalidateQueries({ queryKey: ['project', id] })
      toast(m.added(wanted.length))
    } catch (error) {
      setWrong(error)
    } finally {
      setBusy(false)
    }
  }
  return { add, busy, wrong }
}

interface RejectGroup {
  key: string
  where: string
  problem: Problem
  got: string[]
  /** Each of them, in the order of the file. */
  problems: Problem[]
}

/** Rows refused for the same reason as one line, with what stood in them. */
function groupsOf(preview: ImportPreview): RejectGroup[] {
  const groups = new Map<string, RejectGroup>()
  for (const { source, line, problems } of preview.rejects) {
    for (const problem of problems) {
      const key = `${source} ${problem.path.replace(/\d+/g, '#')} ${problem.expected} ${problem.do}`
      const group = groups.get(key) ?? { key, where: [source, line ? m.line(line) : '', problem.path].filter(Boolean).join(', '), problem, got: [], problems: [] }
      const got = problem.got === undefined || problem.got === null ? '' : typeof problem.got === 'string' ? problem.got.replace(/^"(.*)"$/, '$1') : JSON.stringify(problem.got)
      if (got && !group.got.includes(got)) group.got.push(got)
      group.problems.push(problem)
      groups.set(key, group)
    }
  }
  return [...groups.values()].toSorted((a, b) => b.problems.length - a.problems.length)
}

function Rows({ rows, schema }: { rows: readonly PreviewRow[]; schema: Project['schema'] }) {
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
              <td style={{ maxWidth: 200 }}>{row.item.key ? <LongKey>{row.item.key}</LongKey> : '–'}</td>
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
