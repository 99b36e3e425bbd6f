// What a project brings itself: vocabularies and panels, where the schema names them, and a way to bring, replace and delete them.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { projects as api, Refusal } from '../../api'
import { Button, Confirm, format, Notice, Problems, Progress, SkeletonCard, TextField, toast } from '../../ui'
import { m } from './messages'

const t = m.resources
const NAME = /^[a-z0-9_-]{1,64}$/

interface Brought {
  readonly key: string
  readonly name: string
  readonly about: string
  readonly schema: string
  readonly used: readonly string[]
  readonly remove: () => Promise<unknown>
}

export function Resources({ project }: { project: string }): ReactNode {
  const panels = useQuery({ queryKey: ['panels', project], queryFn: () => api.panels(project) })
  const vocabularies = useQuery({ queryKey: ['vocabularies', project], queryFn: () => api.vocabularies(project) })
  const client = useQueryClient()
  const reread = (): Promise<unknown> => Promise.all(['panels', 'vocabularies'].map((what) => client.invalidateQueries({ queryKey: [what, project] })))
  const failure = panels.error ?? vocabularies.error
  const words = (vocabularies.data ?? []).map(({ name, entries, at, used_by }) => ({ key: name, name, about: `${t.entries(entries)}, ${format.day(at)}`, schema: `{kind: entity, vocabulary: ${name}}`, used: used_by ?? [], remove: () => api.removeVocabulary(project, name) }))
  const modules = (panels.data ?? []).map(({ module, size, at, used_by }) => ({ key: module, name: module.slice(0, 12), about: `${format.bytes(size)}, ${format.day(at)}`, schema: `module: ${module}`, used: used_by ?? [], remove: () => api.removePanel(project, module) }))
  return (
    <section className="card">
      <h2 className="ch">{t.title} <span className="c">{t.text}</span></h2>
      <div className="cb col g4">
        {failure && <Notice tone="bad">{failure.message}</Notice>}
        {(panels.isPending || vocabularies.isPending) && <SkeletonCard height={80} />}
        <div className="col g2">
          <h3 className="md">{t.vocabularies}</h3>
          <List called={t.vocabularies} all={words} onChange={reread} />
          <Bring choose={t.chooseVocabulary} accept=".csv,.jsonl,.ndjson,text/csv" taken={words.map((one) => one.name)} onBring={async (file, name) => { await api.bringVocabulary(project, name, file); await reread() }} />
        </div>
        <div className="col g2">
          <h3 className="md">{t.panels}</h3>
          <List called={t.panels} all={modules} onChange={reread} />
          <Bring choose={t.choosePanel} accept=".js,.mjs,text/javascript" onBring={async (file) => { await api.bringPanel(project, file); await reread() }} />
        </div>
      </div>
    </section>
  )
}

/** Those that are there, and the words by which a schema asks for each. */
function List({ called, all, onChange }: { called: string; all: readonly Brought[]; onChange: () => Promise<unknown> }): ReactNode {
  const [going, setGoing] = useState<Brought | null>(null)
  if (all.length === 0) return <p className="t2 f12">{t.none}</p>
  return (
    <>
      <ul className="col g2" aria-label={called} style={{ margin: 0, padding: 0, listStyle: 'none' }}>
        {all.map((one) => (
          <li key={one.key} className="row g3 f12 wrap">
            <span className="md">{one.name}</span>
            <span className="t2">{one.about}</span>
            <span className="t2">{one.used.length > 0 ? t.usedBy(one.used) : t.unused}</span>
            <code className="mono" style={{ overflowWrap: 'anywhere' }}>{one.schema}</code>
            <Button size="small" look="quiet" icon="trash" aria-label={t.deleteOne(one.name)} onClick={() => setGoing(one)} />
          </li>
        ))}
      </ul>
      {going && (
        <Confirm title={t.deleteTitle(going.name)} action={t.remove} danger onClose={() => setGoing(null)} onConfirm={async () => { await going.remove(); await onChange(); toast(t.deleted) }}>
          {going.used.length > 0 ? t.breaks(going.used) : t.deleteText}
        </Confirm>
      )}
    </>
  )
}

/** A file, and for vocabularies the name that it gets: the file's own until another is written. */
function Bring({ choose, accept, taken, onBring }: { choose: string; accept: string; taken?: readonly string[]; onBring: (file: File, name: string) => Promise<void> }): ReactNode {
  const [file, setFile] = useState<File | null>(null)
  const [name, setName] = useState('')
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState<unknown>(null)
  const take = (chosen: File | null): void => {
    setFile(chosen)
    setWrong(null)
    if (chosen) setName(chosen.name.replace(/\.[^.]*$/, '').toLowerCase().replace(/[^a-z0-9_-]+/g, '_').slice(0, 64))
  }
  const bring = async (): Promise<void> => {
    if (file === null) return
    setBusy(true)
    setWrong(null)
    try {
      await onBring(file, name)
      toast(t.brought)
    } catch (error) {
      setWrong(error)
    } finally {
      setBusy(false)
    }
  }
  const replaces = taken?.includes(name) === true
  return (
    <div className="col g2">
      {wrong !== null && <Notice tone="bad">{wrong instanceof Error ? wrong.message : String(wrong)}{wrong instanceof Refusal && <Problems problems={wrong.problems} />}</Notice>}
      <div className="row g3 wrap" style={{ alignItems: 'flex-end' }}>
        <label className="field"><span className="label">{choose}</span><input type="file" accept={accept} onChange={(e) => take(e.target.files?.[0] ?? null)} /></label>
        {taken && <TextField label={t.name} value={name} onChange={(e) => setName(e.target.value)} />}
        <Button icon="imp" busy={busy} disabled={file === null || (taken !== undefined && !NAME.test(name))} onClick={() => void bring()}>{replaces ? t.replace(name) : taken ? t.uploadVocabulary : t.uploadPanel}</Button>
      </div>
      {busy && file !== null && <Progress value={null} label={t.uploading(file.name, format.bytes(file.size))} />}
    </div>
  )
}
