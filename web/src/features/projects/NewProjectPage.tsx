// A new project: from a template, from a data file, from a schema file or from nothing.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useMemo, useState } from 'react'
import { projects as api, Refusal, transfers, upload, type Template } from '../../api'
import { KINDS } from '../../kinds'
import { Button, DropArea, Go, Icon, type IconName, Key, Notice, Problems, SkeletonRows, useCommands, useFileDialog, useGo, type NamedFile } from '../../ui'
import { m } from './messages'
import { PreviewPane, SchemaEditor, type ShowPreview } from './SchemaEditor'
import { EMPTY } from './schemaText'
import { useCheck } from './useCheck'
import './projects.css'

interface Start {
  id: string
  title: string
  text: string
  /** The file that the schema was proposed from, imported next. */
  upload?: string
}

export function NewProjectPage({ workspace, preview }: { workspace: string; preview: ShowPreview }) {
  const go = useGo()
  const client = useQueryClient()
  const templates = useQuery({ queryKey: ['templates'], queryFn: api.templates, staleTime: Infinity })
  const first = templates.data?.[0]
  const [start, setStart] = useState<Start | null>(null)
  const [text, setText] = useState<string | null>(null)
  const [title, setTitle] = useState('')
  const [overlap, setOverlap] = useState(1)
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState<Error | null>(null)
  const chosen = start ?? (first ? { id: first.id, title: first.title, text: first.schema_yaml } : null)
  const shown = text ?? chosen?.text ?? ''
  const checked = useCheck(shown)
  const errors = checked.problems.length
  const ready = errors === 0 && checked.good !== null && title.trim() !== '' && !checked.checking

  const take = (next: Start) => {
    setStart(next)
    setText(null)
    setWrong(null)
  }
  const create = useCallback(async () => {
    setBusy(true)
    try {
      const made = await api.make(workspace, { title: title.trim(), schema_yaml: shown, overlap })
      await client.invalidateQueries({ queryKey: ['projects'] })
      go(`/p/${made.id}/import${chosen?.upload ? `?upload=${chosen.upload}` : ''}`)
    } catch (error) {
      setWrong(error instanceof Error ? error : new Error(String(error)))
      setBusy(false)
    }
  }, [chosen?.upload, client, go, overlap, shown, title, workspace])
  useCommands(useMemo(() => (ready ? [{ id: 'new.create', title: m.create, group: m.newProject, icon: 'check' as const, keys: 'Ctrl Enter', run: () => void create() }] : []), [create, ready]))

  return (
    <main className="np" id="main" tabIndex={-1}>
      <header className="top">
        <Icon name="logo" />
        <h1>{m.newProject}</h1>
        <input className="input" style={{ width: 220 }} aria-label={m.title} placeholder={m.titlePlaceholder} value={title} onChange={(e) => setTitle(e.target.value)} autoFocus />
        <label className="row g2 f12 t2" title={m.overlapText}>{m.overlap}
          <input className="input s" style={{ width: 44 }} inputMode="numeric" value={overlap} onChange={(e) => setOverlap(Math.max(1, Math.min(99, Number(e.target.value) || 1)))} />
        </label>
        <span className="grow" />
        <Go to={`/w/${workspace}/projects`} className="btn quiet">{m.cancel}</Go>
        <Button look="primary" busy={busy} disabled={!ready} onClick={() => void create()}>
          {errors > 0 ? m.createErrors(errors) : title.trim() === '' ? m.createUntitled : <>{m.create} <Key>Ctrl Enter</Key></>}
        </Button>
      </header>
      <Templates workspace={workspace} templates={templates.data} current={chosen?.id ?? ''} onTake={take} onWrong={setWrong} />
      {chosen ? (
        <SchemaEditor key={chosen.id} title={chosen.title} note={text !== null && text !== chosen.text ? m.changedFrom : ''} text={shown} checked={checked} onText={setText} />
      ) : (
        <section className="ed"><SkeletonRows rows={10} /></section>
      )}
      <div style={{ display: 'contents' }}>
        {wrong ? (
          <aside className="pw" style={{ paddingTop: 16 }}>
            <Notice tone="bad"><p className="md">{m.createFailed}</p><p>{wrong.message}</p>{wrong instanceof Refusal && <Problems problems={wrong.problems} />}</Notice>
            <PreviewPane checked={checked} preview={preview} />
          </aside>
        ) : (
          <PreviewPane checked={checked} preview={preview} />
        )}
      </div>
    </main>
  )
}

function Templates({ workspace, templates, current, onTake, onWrong }: { workspace: string; templates: readonly Template[] | undefined; current: string; onTake: (start: Start) => void; onWrong: (error: Error | null) => void }) {
  const [words, setWords] = useState('')
  const [reading, setReading] = useState<string | null>(null)
  const fits = (templates ?? []).filter((t) => `${t.title} ${t.group}`.toLowerCase().includes(words.toLowerCase()))
  const groups = [...new Set(fits.map((t) => t.group))]

  const propose = async (files: NamedFile[]) => {
    const [one] = files
    if (!one) return
    if (files.length === 1 && /\.ya?ml$/i.test(one.name)) {
      onTake({ id: one.name, title: one.name, text: await one.file.text() })
      return
    }
    const name = one.name.split('/')[0] ?? one.name
    setReading(name)
    onWrong(null)
    try {
      const { id } = await transfers.beginFreeUpload(workspace)
      await upload(id, files, () => undefined, new AbortController().signal)
      const { yaml } = await api.proposeSchema(workspace, id)
      onTake({ id: `file ${name}`, title: m.proposed(name), text: yaml, upload: id })
    } catch (error) {
      onWrong(error instanceof Error ? error : new Error(String(error)))
    } finally {
      setReading(null)
    }
  }
  const { inputs, openFiles, openFolder } = useFileDialog((files) => void propose(files))

  return (
    <nav className="tl" aria-label={m.startFrom}>
      <span className="input frame" style={{ flex: 'none' }}>
        <Icon name="search" small />
        <input aria-label={m.findTemplate} placeholder={m.findTemplate} value={words} onChange={(e) => setWords(e.target.value)} />
      </span>
      {!templates && <SkeletonRows rows={6} height={28} />}
      {groups.map((group) => [
        <h2 key={group}>{group}</h2>,
        ...fits.filter((t) => t.group === group).map((t) => (
          <button key={t.id} type="button" className={`t ${t.id === current ? 'on' : ''}`} aria-pressed={t.id === current} title={t.about} onClick={() => onTake({ id: t.id, title: t.title, text: t.schema_yaml })}>
            <Icon name={iconFor(t)} /><span className="tr">{t.title}</span>
          </button>
        )),
      ])}
      <h2>{m.startFrom}</h2>
      <button type="button" className={`t ${current === 'nothing' ? 'on' : ''}`} onClick={() => onTake({ id: 'nothing', title: m.nothing, text: EMPTY })}><Icon name="plus" />{m.nothing}</button>
      <button type="button" className="t" onClick={openFiles}><Icon name="copy" />{m.schemaFile}</button>
      <DropArea className="drop" onFiles={(files) => void propose(files)}>
        {() => (
          <>
            <span className="row g1 t2 f12 md" style={{ marginBottom: 4 }}><Icon name="imp" small />{reading ? m.reading(reading) : m.aFile}</span>
            {m.aFileText}
            <span className="row g1" style={{ marginTop: 6 }}>
              <Button size="small" busy={reading !== null} onClick={openFiles}>{m.files}</Button>
              <Button size="small" busy={reading !== null} onClick={openFolder}>{m.folder}</Button>
            </span>
          </>
        )}
      </DropArea>
      {inputs}
    </nav>
  )
}

/** The tool of what is drawn on a picture; else what is looked at. */
function iconFor(template: Template): IconName {
  const [stream] = template.streams
  if (stream === 'text') return 'text'
  const kinds = [...template.schema_yaml.matchAll(/kind: (\w+)/g)].map(([, name]) => KINDS.get(name ?? ''))
  const drawn = kinds.find((kind) => kind?.surface === 'canvas')
  return drawn?.surface === 'canvas' ? (drawn.tool.icon as IconName) : stream === 'image' ? 'image' : 'layers'
}
