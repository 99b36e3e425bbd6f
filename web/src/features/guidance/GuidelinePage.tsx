// The guideline: read, searched, written, and what changed from version to version.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { guidance as api, projects, type Guideline, type GuidelineDraft } from '../../api'
import { readSchema } from '../../engine/schema'
import { Button, Empty, Failure, format, PartFailure, SkeletonCard, Tag, toast, toastError } from '../../ui'
import { Markdown } from '../../ui/Markdown'
import { Diff } from './Diff'
import { Definitions } from './Gate'
import { Examples } from './ExampleShown'
import { GuidelineEditor } from './GuidelineEditor'
import { m } from './messages'
import { matching, shownText } from './text'
import { named } from './words'
import './guidance.css'

export function GuidelinePage({ project, manages }: { project: string; manages: boolean }) {
  const client = useQueryClient()
  const guideline = useQuery({ queryKey: ['guideline', project], queryFn: () => api.guideline(project) })
  const about = useQuery({ queryKey: ['project', project], queryFn: () => projects.one(project) })
  const drawn = useMemo(() => (about.data ? readSchema(about.data.schema).fields : []), [about.data])
  const [editing, setEditing] = useState(false)
  const [typed, setTyped] = useState('')
  if (guideline.isError) return <Failure error={guideline.error} onRetry={() => void guideline.refetch()} />
  const { data } = guideline
  const publish = async (draft: GuidelineDraft) => {
    const made = await api.change(project, data?.newest ?? 0, draft)
    client.setQueryData(['guideline', project], made)
    await client.invalidateQueries({ queryKey: ['guideline', project] })
    toast(m.published(made.version))
    setEditing(false)
  }
  const confirm = async (version: number) => {
    try {
      client.setQueryData(['guideline', project], await api.confirmRead(project, version))
    } catch (error) {
      toastError(error)
    }
  }
  return (
    <>
      <header className="top">
        <h1>{m.guideline}</h1>
        {data && data.version > 0 && <span className="t3 f12">{m.version(data.version)}{data.at ? `, ${format.ago(data.at)}` : ''}</span>}
        <span className="grow" />
        {manages && !editing && data && data.version > 0 && <Button icon="pencil" onClick={() => setEditing(true)}>{m.edit}</Button>}
      </header>
      <div className="page">
        {!data && <SkeletonCard height={320} />}
        {data && editing && <GuidelineEditor project={project} guideline={data} drawn={drawn} fields={named(about.data?.schema ?? {})} onCancel={() => setEditing(false)} onPublish={publish} />}
        {data?.version === 0 && !editing && (
          <Empty title={m.none} actions={manages ? <Button look="primary" onClick={() => setEditing(true)}>{m.write}</Button> : undefined}>{manages ? m.noneText : m.noneRead}</Empty>
        )}
        {data && data.version > 0 && !editing && (
          <>
            {data.read > 0 && data.read < data.version && <Unread project={project} guideline={data} onRead={() => void confirm(data.version)} />}
            {data.read === 0 && <div className="row g2"><span className="t2">{m.gateFirst}</span><Button size="small" onClick={() => void confirm(data.version)}>{m.read}</Button></div>}
            <div className="guide-page">
              <section className="card">
                <div className="cb">
                  <input className="input beside-find" type="search" value={typed} onChange={(e) => setTyped(e.target.value)} placeholder={m.search} aria-label={m.search} />
                  {typed.trim() === '' ? <Whole project={project} guideline={data} /> : <Found project={project} guideline={data} typed={typed} />}
                </div>
              </section>
              <Versions project={project} />
            </div>
          </>
        )}
      </div>
    </>
  )
}

function Whole({ project, guideline }: { project: string; guideline: Guideline }) {
  return (
    <>
      <Markdown text={shownText(guideline.text)} />
      <Definitions guideline={guideline} />
      {guideline.examples.length > 0 && <h2 style={{ margin: '16px 0 8px' }}>{m.examples}</h2>}
      <Examples project={project} examples={guideline.examples} />
    </>
  )
}

function Found({ project, guideline, typed }: { project: string; guideline: Guideline; typed: string }) {
  const clauses = matching(guideline.clauses, typed)
  const definitions = matching(guideline.definitions, typed)
  const examples = matching(guideline.examples.map((example) => ({ example, label: example.label ?? null, text: example.note ?? '' })), typed).map(({ example }) => example)
  if (clauses.length + definitions.length + examples.length === 0) return <p className="t3" style={{ marginTop: 8 }}>{m.nothingFound}</p>
  return (
    <>
      {clauses.map((one) => <Markdown key={one.id} text={`## ${one.title}\n${one.text}`} />)}
      {definitions.length > 0 && <Definitions guideline={{ ...guideline, definitions }} />}
      <Examples project={project} examples={examples} />
    </>
  )
}

function Unread({ project, guideline, onRead }: { project: string; guideline: Guideline; onRead: () => void }) {
  const changes = useQuery({ queryKey: ['guideline', project, 'changes', guideline.read, guideline.version], queryFn: () => api.changes(project) })
  return (
    <section className="card">
      <h2 className="ch">{m.changes} <span className="c">{m.since(guideline.read)}</span></h2>
      <div className="cb guide-edit">
        {changes.isError && <PartFailure error={changes.error} onRetry={() => void changes.refetch()} />}
        {changes.data?.notes.map((note, i) => <p key={i} dir="auto">{note}</p>)}
        {changes.data && <Diff changes={changes.data} />}
        <div><Button look="primary" onClick={onRead}>{m.read}</Button></div>
      </div>
    </section>
  )
}

function Versions({ project }: { project: string }) {
  const list = useQuery({ queryKey: ['guideline', project, 'versions'], queryFn: () => api.versions(project) })
  const [open, setOpen] = useState<number | null>(null)
  const changes = useQuery({ queryKey: ['guideline', project, 'changes', 'at', open], queryFn: () => api.changes(project, (open ?? 1) - 1, open ?? 1), enabled: open !== null })
  return (
    <section className="card">
      <h2 className="ch">{m.versions}</h2>
      <ul className="cb" style={{ listStyle: 'none', display: 'flex', flexDirection: 'column', gap: 8 }}>
        {list.data?.items.map((one) => (
          <li key={one.version}>
            <button type="button" className="link" aria-expanded={open === one.version} onClick={() => setOpen(open === one.version ? null : one.version)}>{m.version(one.version)}</button>{' '}
            {one.must_read && <Tag tone="gold">{m.mustRead}</Tag>}
            <p className="t3 f12">{m.byAt(one.by, format.ago(one.at))}</p>
            {one.note && <p className="f12" dir="auto">{one.note}</p>}
            {open === one.version && changes.data && <Diff changes={changes.data} />}
          </li>
        ))}
      </ul>
    </section>
  )
}
