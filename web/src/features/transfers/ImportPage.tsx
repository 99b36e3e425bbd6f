// Import in three steps: the file, the check, the job. The address keeps the step, so that leaving loses nothing.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { projects, transfers, type Project } from '../../api'
import { Button, Copyable, Dialog, DropArea, Empty, Failure, format, Go, Icon, itemsPath, Notice, SkeletonCard, TextField, Ticked, useFileDialog, type NamedFile } from '../../ui'
import { CheckStep, type AddLabels, type ImportChoice } from './CheckStep'
import { Download, JobActions, JobBar, JobFiles, JobProblems, StateTag, useJob } from './JobView'
import { m } from './messages'
import { Sender } from './Sending'
import './transfers.css'

export interface ImportSearch {
  upload?: string | undefined
  uri?: string | undefined
  job?: string | undefined
}

export function ImportPage({ project: id, search, onSearch, addLabels }: { project: string; search: ImportSearch; onSearch: (search: ImportSearch) => void; addLabels: AddLabels }) {
  const project = useQuery({ queryKey: ['project', id], queryFn: () => projects.one(id) })
  const step = search.job ? 2 : search.upload || search.uri ? 1 : 0
  return (
    <>
      <header className="top">
        <h1>{m.import}</h1>{project.data && <span className="t3 f12">{project.data.title}</span>}
        <span className="grow" />
        <ol className="stp">
          {([m.steps.file, m.steps.check, m.steps.run] as const).map((title, i) => (
            <li key={title} className={i === step ? 'on' : i < step ? 'was' : ''} aria-current={i === step ? 'step' : undefined}>{i < step ? <Icon name="check" small /> : i + 1} {title}</li>
          ))}
        </ol>
      </header>
      {project.isPending && <div className="page"><SkeletonCard height={320} /></div>}
      {project.isError && <Failure error={project.error} onRetry={() => void project.refetch()} />}
      {project.data && project.data.state !== 'active' && <div className="page"><Empty title={m.closed} actions={<Go to={`/p/${id}/setup`} className="btn primary big">{m.openSetup}</Go>}>{m.closedText}</Empty></div>}
      {project.data?.state === 'active' && <Steps project={project.data} search={search} onSearch={onSearch} addLabels={addLabels} />}
    </>
  )
}

function Steps({ project, search, onSearch, addLabels }: { project: Project; search: ImportSearch; onSearch: (search: ImportSearch) => void; addLabels: AddLabels }) {
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<unknown>(null)
  const from = search.upload ? { upload: search.upload } : search.uri ? { uri: search.uri } : null
  if (search.job) return <Running id={search.job} project={project.id} onAnother={() => onSearch({})} />
  if (!from) return <FileStep project={project} onUpload={(upload) => onSearch({ upload })} onUri={(uri) => onSearch({ uri })} />
  const run = async (choice: ImportChoice) => {
    setBusy(true)
    setRefused(null)
    try {
      const job = await transfers.runImport(project.id, { ...from, ...choice })
      onSearch({ job: job.id })
    } catch (error) {
      setRefused(error)
    } finally {
      setBusy(false)
    }
  }
  return <CheckStep project={project} addLabels={addLabels} from={from} onBack={() => onSearch({})} onRun={(choice) => void run(choice)} busy={busy} refused={refused} />
}

function FileStep({ project, onUpload, onUri }: { project: Project; onUpload: (upload: string) => void; onUri: (uri: string) => void }) {
  const [files, setFiles] = useState<NamedFile[] | null>(null)
  const [asksUri, setAsksUri] = useState(false)
  const { inputs, openFiles, openFolder } = useFileDialog(setFiles)
  if (files) {
    return (
      <div className="page">
        <Sender begin={() => transfers.beginUpload(project.id)} files={files} onSent={onUpload} onChange={() => setFiles(null)} />
      </div>
    )
  }
  return (
    <div className="em">
      <DropArea className="dz" onFiles={setFiles}>
        {() => (
          <Empty
            title={m.drop}
            actions={
              <>
                <Button look="primary" size="big" icon="imp" onClick={openFiles} autoFocus>{m.chooseFiles}</Button>
                <Button size="big" icon="folder" onClick={openFolder}>{m.chooseFolder}</Button>
                <Button size="big" onClick={() => setAsksUri(true)}>{m.fromStore}</Button>
              </>
            }
          >
            {m.dropText}<br /><span className="t3 f12">{m.formats}</span>
          </Empty>
        )}
      </DropArea>
      <div className="card ways">
        <div><p className="md">{m.commandLine}</p><Copyable text={m.command(project.title)} /></div>
        <div><p className="md">{m.python}</p><Copyable text={m.pythonCode(project.title)} /></div>
        <div><p className="md">{m.earlier}</p><p className="t2" style={{ marginTop: 6 }}><Go to={`/w/${project.workspace}/jobs?project=${project.id}&kind=import`} className="link">{m.allJobs}</Go></p></div>
      </div>
      {inputs}
      {asksUri && <UriDialog onUri={onUri} onClose={() => setAsksUri(false)} />}
    </div>
  )
}

function UriDialog({ onUri, onClose }: { onUri: (uri: string) => void; onClose: () => void }) {
  const [uri, setUri] = useState('')
  const go = () => uri.trim() && onUri(uri.trim())
  return (
    <Dialog title={m.fromStore} onClose={onClose} onEnter={go} footer={<><span className="grow" /><Button look="primary" keys="Enter" disabled={!uri.trim()} onClick={go}>{m.next}</Button></>}>
      <TextField label={m.address} hint={m.addressHint} value={uri} onChange={(e) => setUri(e.target.value)} data-autofocus />
    </Dialog>
  )
}

function Running({ id, project, onAnother }: { id: string; project: string; onAnother: () => void }) {
  const query = useJob(id)
  const job = query.data
  if (query.isError) return <Failure error={query.error} onRetry={() => void query.refetch()} />
  if (!job) return <div className="page"><SkeletonCard /></div>
  const result = job.result ?? {}
  const sums = [['added', 'items_added'], ['same', 'items_skipped'], ['updated', 'items_updated'], ['responses', 'responses_added'], ['rejected', 'rejects']] as const
  const number = (key: string) => (typeof result[key] === 'number' ? result[key] : 0)
  return (
    <div className="page">
      <section className="card">
        <h2 className="ch">{job.state === 'done' ? m.done : job.state === 'failed' ? m.failed : job.state === 'cancelled' ? m.cancelled : m.running} <StateTag state={job.state} /><span className="grow" /><JobActions job={job} /></h2>
        <div className="cb"><JobBar job={job} />{!transfers.isOver(job) && <p className="t3 f12" style={{ marginTop: 8 }}>{m.keepsRunning}</p>}</div>
      </section>
      <JobProblems job={job} />
      {job.state === 'done' && (
        <>
          <section className="card sums">
            {sums.map(([name, key]) => {
              const n = number(key)
              const look = name === 'rejected' && n > 0 ? 'bad' : ''
              return <div key={name}><span className="t2 f12">{m.sums[name]}</span><span className={`f20 b ${look}`}>{format.count(n)}</span><span className="t3 f12">{n > 0 ? m.sumNotes[name] : ''}</span></div>
            })}
          </section>
          <LossList result={result} />
          {number('rejects') > 0 && <Notice tone="warn" actions={<Download job={id} name="rejects.jsonl">{m.rejectsFile}</Download>}>{m.someRejected(format.count(number('rejects')), number('rejects'))}</Notice>}
          <JobFiles framed job={job} only={(file) => file.name !== 'rejects.jsonl' && file.size > EMPTY_LIST} />
          <div className="row g2">
            <Go to={itemsPath(project, [], { sort: 'created', descending: true })} className="btn primary big">{m.seeItems}</Go>
            <Go to={`/p/${project}/label`} className="btn big">{m.startLabeling}</Go>
            <Button size="big" look="quiet" onClick={onAnother}>{m.another}</Button>
          </div>
        </>
      )}
      {(job.state === 'failed' || job.state === 'cancelled') && <div><Button size="big" onClick={onAnother}>{m.another}</Button></div>}
    </div>
  )
}

/** The bytes of a list in which nothing stands. */
const EMPTY_LIST = 3

function LossList({ result }: { result: Record<string, unknown> }) {
  const losses = Array.isArray(result['losses']) ? (result['losses'] as { what: string; count: number; becomes: string; remedy: string }[]) : []
  if (losses.length === 0) return null
  return (
    <section className="card">
      <h2 className="ch">{m.losses} <span className="c">{m.lossesText}</span></h2>
      <table className="cards wrapped">
        <thead><tr><th>{m.inFile}</th><th>{m.becomes}</th><th className="right">{m.count}</th><th>{m.do}</th></tr></thead>
        <tbody>{losses.map((loss, i) => <tr key={i}><td className="md"><Ticked text={loss.what} /></td><td className="t2"><Ticked text={loss.becomes} /></td><td className="right warn md">{format.count(loss.count)}</td><td className="t2"><Ticked text={loss.remedy ?? ''} /></td></tr>)}</tbody>
      </table>
    </section>
  )
}
