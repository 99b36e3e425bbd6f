// Export: what, whose, of which items; what the format cannot hold, said before; the files with their hashes.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { items, projects, Refusal, transfers, type Filter, type Job, type Loss, type Project } from '../../api'
import { Button, Empty, Failure, format, Go, itemsPath, Notice, PartFailure, Problems, SelectField, SkeletonCard, SkeletonRows, TextField, Ticked } from '../../ui'
import { JobActions, JobBar, JobFiles, JobProblems, resultOf, StateTag, useJob } from './JobView'
import { m } from './messages'
import './transfers.css'

/** What holds everything comes first, and is what an export is in until somebody chooses. */
const WHOLE = 'jsonl'
const WHICH = ['all', 'consensus', 'author'] as const

export interface ExportSearch {
  filter?: Filter | undefined
  author?: string | undefined
}

export function ExportPage({ project: id, search }: { project: string; search: ExportSearch }) {
  const project = useQuery({ queryKey: ['project', id], queryFn: () => projects.one(id) })
  return (
    <>
      <header className="top"><h1>{m.export}</h1>{project.data && <span className="t3 f12">{project.data.title}</span>}</header>
      {project.isPending && <div className="page"><SkeletonCard height={360} /></div>}
      {project.isError && <Failure error={project.error} onRetry={() => void project.refetch()} />}
      {project.data && <div className="page"><Body project={project.data} search={search} /></div>}
    </>
  )
}

function Body({ project, search }: { project: Project; search: ExportSearch }) {
  const { id } = project
  const facets = useQuery({ queryKey: ['facets', id], queryFn: () => items.facets(id) })
  const [fileFormat, setFormat] = useState(WHOLE)
  const [which, setWhich] = useState<(typeof WHICH)[number]>(search.author ? 'author' : 'all')
  const [author, setAuthor] = useState(search.author ?? '')
  const [since, setSince] = useState('')
  const [running, setRunning] = useState<string>()
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState<unknown>(null)
  const formats = useQuery(transfers.formatsQuery)
  const written = (formats.data ?? []).filter((f) => f.writes).toSorted((a, b) => Number(b.name === WHOLE) - Number(a.name === WHOLE))
  const losses = useQuery({ queryKey: ['export-losses', id, fileFormat, which], queryFn: () => transfers.exportLosses(id, fileFormat, which) })
  const conditions = search.filter?.all ?? []
  const chosenAuthor = author || facets.data?.authors[0]?.id || ''
  const run = async () => {
    setBusy(true)
    setWrong(null)
    try {
      const job = await transfers.runExport(id, { format: fileFormat, which, ...(which === 'author' ? { author: chosenAuthor } : {}), ...(conditions.length ? { filter: { all: conditions } } : {}), ...(since ? { since: new Date(since).toISOString() } : {}) })
      setRunning(job.id)
    } catch (error) {
      setWrong(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <div className="side-by">
      <section className="card">
        <h2 className="ch">{m.whatToExport}</h2>
        <div className="cb col g4">
          <fieldset>
            <legend className="f12 t2" style={{ paddingBottom: 4 }}>{m.format}</legend>
            <div className="pick pairs">
              {written.map((f) => (
                <label key={f.name}><input className="radio" type="radio" name="format" checked={f.name === fileFormat} onChange={() => setFormat(f.name)} /><span>{f.title}<small>{f.about}</small></span></label>
              ))}
            </div>
          </fieldset>
          <fieldset>
            <legend className="f12 t2" style={{ paddingBottom: 4 }}>{m.which}</legend>
            <div className="pick">
              {WHICH.map((w) => (
                <label key={w}><input className="radio" type="radio" name="which" checked={w === which} onChange={() => setWhich(w)} /><span>{m.whichTitle[w]}<small>{m.whichText[w]}</small></span></label>
              ))}
            </div>
          </fieldset>
          {which === 'author' && (
            <SelectField label={m.author} value={chosenAuthor} onChange={(e) => setAuthor(e.target.value)}>
              {(facets.data?.authors ?? []).map((a) => <option key={a.id} value={a.id}>{a.name}</option>)}
            </SelectField>
          )}
          <div className="field">
            <span className="label">{m.items}</span>
            {conditions.length === 0 ? (
              <span>{m.allItems}. <Go to={itemsPath(id)} className="link">{m.setFilter}</Go></span>
            ) : (
              <span>{m.filtered(conditions.length)}. <Go to={`/p/${id}/export`} className="link">{m.takeFilterOff}</Go></span>
            )}
          </div>
          <TextField label={m.since} hint={m.sinceHint} type="datetime-local" value={since} onChange={(e) => setSince(e.target.value)} />
          {losses.data && <Notice tone={losses.data.length === 0 ? 'ok' : 'warn'}>{losses.data.length === 0 ? m.whole : m.someLost(losses.data.length)}</Notice>}
          {losses.error && <Notice tone="bad">{losses.error.message}{losses.error instanceof Refusal && <Problems problems={losses.error.problems} />}</Notice>}
          {wrong !== null && <Notice tone="bad">{wrong instanceof Error ? wrong.message : String(wrong)}{wrong instanceof Refusal && <Problems problems={wrong.problems} />}</Notice>}
          <div><Button look="primary" size="big" icon="exp" busy={busy} disabled={losses.isError || (which === 'author' && !chosenAuthor)} onClick={() => void run()}>{m.runExport}</Button></div>
        </div>
      </section>
      <div className="col g3">
        {losses.data && losses.data.length > 0 && <Losses losses={losses.data} format={transfers.titleOf(formats.data, fileFormat)} />}
        <Exports project={id} running={running} />
      </div>
    </div>
  )
}

function Losses({ losses, format: name }: { losses: readonly Loss[]; format: string }) {
  return (
    <section className="card">
      <h2 className="ch">{m.wouldLose(name)} <span className="c">{m.counted}</span></h2>
      <table className="cards wrapped">
        <thead><tr><th>{m.whatIsLost}</th><th>{m.inFile}</th><th>{m.do}</th></tr></thead>
        <tbody>
          {alike(losses).map((group) => (
            <tr key={group[0]?.what}>
              <td className="md">{group.map((loss, i) => <span key={loss.what}>{i > 0 && ', '}<Ticked text={loss.what} /></span>)}</td>
              <td className="t2" style={{ width: '24%' }}><Ticked text={group[0]?.becomes ?? ''} /></td>
              <td className="t2" style={{ width: '28%' }}><Ticked text={group[0]?.remedy ?? ''} /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** Losses of one fate as one row. */
function alike(losses: readonly Loss[]): Loss[][] {
  const groups = new Map<string, Loss[]>()
  for (const loss of losses) {
    const key = `${loss.becomes} ${loss.remedy}`
    groups.set(key, [...(groups.get(key) ?? []), loss])
  }
  return [...groups.values()]
}

function Exports({ project, running }: { project: string; running: string | undefined }) {
  const jobs = useQuery({ queryKey: ['jobs', project, running], queryFn: () => transfers.jobs({ project, kind: 'export' }), placeholderData: keepPreviousData })
  const exports = jobs.data?.items ?? []
  return (
    <section className="col g3">
      <h2 className="ch" style={{ padding: 0 }}>{m.exports} <span className="c">{m.exportsText}</span></h2>
      {jobs.isPending && <div className="card"><SkeletonRows rows={3} /></div>}
      {jobs.isError && <div className="card"><PartFailure error={jobs.error} onRetry={() => void jobs.refetch()} /></div>}
      {jobs.isSuccess && exports.length === 0 && <div className="card" style={{ display: 'flex' }}><Empty title={m.noExports}>{m.noExportsText}</Empty></div>}
      {exports.map((job, i) => <One key={job.id} first={job} open={i === 0} />)}
    </section>
  )
}

function One({ first, open }: { first: Job; open: boolean }) {
  const [unfolded, setUnfolded] = useState(open)
  const over = transfers.isOver(first)
  const query = useJob(over && !unfolded ? undefined : first.id)
  const job = query.data ?? first
  const result = resultOf(job)
  return (
    <article className="card">
      <h3 className="ch">
        <button type="button" className="row g2" aria-expanded={unfolded} onClick={() => setUnfolded(!unfolded)}>{format.moment(job.created_at)}</button>
        <StateTag state={job.state} />
        <span className="c tr">{result}</span>
        <span className="grow" /><JobActions job={job} />
      </h3>
      {!transfers.isOver(job) && <div className="cb"><JobBar job={job} /></div>}
      {unfolded && <><div className={job.problems?.length ? 'cb' : ''}><JobProblems job={job} /></div><JobFiles job={job} /></>}
    </article>
  )
}
