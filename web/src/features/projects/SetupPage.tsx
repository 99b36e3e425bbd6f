// A project's setup: its words, how many people answer each item, its schema, and putting it away.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { projects as api, Refusal, type Project } from '../../api'
import { AreaField, Button, Failure, format, Notice, Problems, SelectField, SkeletonCard, TextField, toast, useGo } from '../../ui'
import { ProjectDialog, type Doing } from './dialogs'
import { m } from './messages'
import { PreviewPane, SchemaEditor, type ShowPreview } from './SchemaEditor'
import { Resources } from './Resources'
import { useCheck } from './useCheck'
import './projects.css'

export function SetupPage({ id, preview }: { id: string; preview: ShowPreview }) {
  const project = useQuery({ queryKey: ['project', id], queryFn: () => api.one(id) })
  return (
    <>
      <header className="top"><h1>{m.setup}</h1>{project.data && <span className="t3 f12">{m.version(project.data.schema_version)}</span>}</header>
      {project.isPending && <div className="page"><SkeletonCard height={220} /><SkeletonCard height={320} /></div>}
      {project.isError && <Failure error={project.error} onRetry={() => void project.refetch()} />}
      {project.data && <Setup key={project.data.etag} project={project.data} preview={preview} />}
    </>
  )
}

function Setup({ project, preview }: { project: Project; preview: ShowPreview }) {
  const go = useGo()
  const client = useQueryClient()
  const [doing, setDoing] = useState<Doing | null>(null)
  const some = { id: project.id, title: project.title, items: project.counts?.items ?? 0 }
  const restore = () => setDoing('restore')
  return (
    <div className="page">
      {project.state !== 'active' && <Notice tone="warn" icon="archive" actions={<Button size="small" onClick={restore}>{m.restore}</Button>}>{project.state === 'archived' ? m.archivedNote : m.binNote(project.purged_at ? format.day(project.purged_at) : '')}</Notice>}
      <General project={project} />
      <Schema project={project} preview={preview} />
      {project.state === 'active' && <Resources project={project.id} />}
      <section className="card">
        <h2 className="ch">{m.dangerous}</h2>
        <div className="cb row g2">
          <Button icon="copy" onClick={() => setDoing('clone')}>{m.clone}</Button>
          {project.state === 'active' && <Button icon="archive" onClick={() => setDoing('archive')}>{m.archive}</Button>}
          {project.state !== 'bin' && <Button icon="trash" danger onClick={() => setDoing('remove')}>{m.remove}</Button>}
        </div>
      </section>
      {doing && <ProjectDialog project={some} doing={doing} onClose={() => { setDoing(null); void client.invalidateQueries({ queryKey: ['project', project.id] }) }} onGone={() => go(`/w/${project.workspace}/projects`)} />}
    </div>
  )
}

/** What a refused change says; a change by someone else in between asks for reading again. */
function useSaving(project: Project) {
  const client = useQueryClient()
  const [wrong, setWrong] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const reread = () => Promise.all([client.invalidateQueries({ queryKey: ['project', project.id] }), client.invalidateQueries({ queryKey: ['projects'] })])
  const save = async (change: () => Promise<unknown>, said: string) => {
    setBusy(true)
    setWrong(null)
    try {
      await change()
      await reread()
      toast(said)
    } catch (error) {
      setWrong(error)
    } finally {
      setBusy(false)
    }
  }
  const conflict = wrong instanceof Refusal && wrong.status === 412
  const notice = wrong !== null && (
    <Notice tone="bad" actions={conflict && <Button size="small" onClick={() => void reread()}>{m.reread}</Button>}>
      {conflict ? m.conflict : wrong instanceof Error ? wrong.message : String(wrong)}
      {wrong instanceof Refusal && <Problems problems={wrong.problems} />}
    </Notice>
  )
  return { save, busy, notice }
}

function General({ project }: { project: Project }) {
  const [title, setTitle] = useState(project.title)
  const [description, setDescription] = useState(project.description ?? '')
  const was = project.overlap ?? project.policy?.stages['label']?.overlap ?? 1
  const [overlap, setOverlap] = useState(String(was))
  const beginWas = project.policy?.stages[project.policy.start ?? 'label']?.begin ?? 'nothing'
  const [begin, setBegin] = useState(beginWas)
  const { save, busy, notice } = useSaving(project)
  const n = Number(overlap)
  const changed = title !== project.title || description !== (project.description ?? '') || n !== was || begin !== beginWas
  const run = () => save(() => api.change(project.id, project.etag, { title: title.trim(), description, ...(n === was ? {} : { overlap: n }), ...(begin === beginWas ? {} : { begin: begin.trim() }) }), m.saved)
  return (
    <section className="card">
      <h2 className="ch">{m.general}</h2>
      <div className="cb col g3" style={{ maxWidth: 560 }}>
        {notice}
        <TextField label={m.title} value={title} onChange={(e) => setTitle(e.target.value)} required />
        <AreaField label={m.description} value={description} onChange={(e) => setDescription(e.target.value)} />
        <div style={{ maxWidth: 240 }}><TextField label={m.overlap} hint={m.overlapText} inputMode="numeric" value={overlap} onChange={(e) => setOverlap(e.target.value.replace(/\D/g, ''))} /></div>
        <Beginning begin={begin} onBegin={setBegin} />
        <div><Button look="primary" busy={busy} disabled={!changed || !title.trim() || !(n >= 1 && n <= 99)} onClick={() => void run()}>{m.save}</Button></div>
      </div>
    </section>
  )
}

const OF_MODEL = 'model '

/** What answers begin as: nothing, what was imported, or what a model said. */
function Beginning({ begin, onBegin }: { begin: string; onBegin: (begin: string) => void }) {
  const isModel = begin.startsWith(OF_MODEL)
  return (
    <div className="row g3" style={{ alignItems: 'flex-end' }}>
      <SelectField label={m.begin} hint={m.beginText} value={isModel ? OF_MODEL : begin} onChange={(e) => onBegin(e.target.value)}>
        {Object.entries(m.begins).map(([value, title]) => <option key={value} value={value}>{title}</option>)}
      </SelectField>
      {isModel && <TextField label={m.beginModel} value={begin.slice(OF_MODEL.length)} onChange={(e) => onBegin(`${OF_MODEL}${e.target.value}`)} required />}
    </div>
  )
}

function Schema({ project, preview }: { project: Project; preview: ShowPreview }) {
  const [text, setText] = useState(project.schema_yaml)
  const checked = useCheck(text)
  const { save, busy, notice } = useSaving(project)
  const changed = text !== project.schema_yaml
  return (
    <section className="card" style={{ overflow: 'hidden' }}>
      <h2 className="ch">
        {m.schema} <span className="c">{m.schemaText(project.schema_version)}</span><span className="grow" />
        <Button look={changed ? 'primary' : 'plain'} size="small" busy={busy} disabled={!changed || checked.problems.length > 0} onClick={() => void save(() => api.changeSchema(project.id, project.etag, text), m.schemaSaved)}>
          {checked.problems.length > 0 ? m.errors(checked.problems.length) : m.saveSchema}
        </Button>
      </h2>
      {notice && <div style={{ padding: '0 12px 12px' }}>{notice}</div>}
      <div className="se">
        <SchemaEditor title={m.fields} note={changed ? m.changedFrom : ''} text={text} checked={checked} onText={setText} />
        <PreviewPane checked={checked} preview={preview} />
      </div>
    </section>
  )
}
