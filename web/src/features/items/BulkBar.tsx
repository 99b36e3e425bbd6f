// What can be done with all chosen items at once: a job with progress, and undo.
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState, type ReactNode } from 'react'
import { items as api, projects, transfers, type Filter, type Job } from '../../api'
import { Button, Confirm, Dialog, format, Go, IconButton, itemsPath, Progress, TextField, toast, toastError } from '../../ui'
import { typed } from './filter'
import { m } from './messages'
import type { Chosen } from './useItems'

type Doing = 'tag' | 'untag' | 'metadata' | 'delete' | 'requeue'

export function BulkBar({ project, filter, chosen, known, onAll, onNone }: { project: string; filter: Filter; chosen: Chosen; known: number | null; onAll: () => void; onNone: () => void }) {
  const [doing, setDoing] = useState<Doing | null>(null)
  const [job, setJob] = useState<{ job: Job; what: string } | null>(null)
  const said = chosen.all ? (known === null ? m.allChosen : format.count(known)) : format.count(chosen.ids.size)
  const start = async (action: api.BulkAction, what: string, value?: unknown) => {
    const begun = await api.bulk(project, action, chosen.all ? { filter } : { ids: [...chosen.ids] }, value)
    setJob({ job: begun, what })
  }
  const exported = chosen.all ? filter.all : [{ ids: [...chosen.ids] }]
  return (
    <div className="floatbar selb" role="toolbar" aria-label={m.chosen(said)}>
      {job ? (
        <Working job={job.job} what={job.what} onOver={() => { setJob(null); onNone() }} />
      ) : (
        <>
          <span className="b">{m.chosen(said)}</span>
          {!chosen.all && <button type="button" className="link" onClick={onAll}>{m.allMatching}</button>}
          <span className="sep" />
          <Button look="quiet" icon="tag" onClick={() => setDoing('tag')}>{m.tag}</Button>
          <Button look="quiet" onClick={() => setDoing('untag')}>{m.untag}</Button>
          <Button look="quiet" icon="pencil" onClick={() => setDoing('metadata')}>{m.setMetadata}</Button>
          <Button look="quiet" icon="refresh" onClick={() => setDoing('requeue')}>{m.requeue}</Button>
          <Go to={itemsPath(project, exported).replace('/items', '/export')} className="btn quiet">{m.export}</Go>
          <span className="sep" />
          <Button look="quiet" icon="trash" danger onClick={() => setDoing('delete')}>{m.remove}</Button>
          <IconButton icon="x" label={m.close} onClick={onNone} />
        </>
      )}
      {(doing === 'tag' || doing === 'untag') && (
        <Ask title={m[doing]} onClose={() => setDoing(null)} fields={[m.tagName]} run={([tag]) => start(doing, m[doing], tag?.trim())} />
      )}
      {doing === 'metadata' && (
        <Ask title={m.setMetadata} onClose={() => setDoing(null)} fields={[m.key, m.value]} run={([key, value]) => start('metadata', m.setMetadata, { [key?.trim() ?? '']: typed(value ?? '') })} note={m.metadataHint} />
      )}
      {doing === 'delete' && <Confirm title={m.removeTitle(said)} action={m.remove} danger onClose={() => setDoing(null)} onConfirm={() => start('delete', m.remove)}>{m.removeText}</Confirm>}
      {doing === 'requeue' && <Confirm title={m.requeue} action={m.requeue} onClose={() => setDoing(null)} onConfirm={() => start('requeue', m.requeue)}>{m.requeueText}</Confirm>}
    </div>
  )
}

/** Follows a job until it is over, then offers to undo it. */
export function Working({ job, what, onOver }: { job: Job; what: string; onOver: () => void }) {
  const client = useQueryClient()
  const [now, setNow] = useState(job)
  useEffect(() => {
    if (transfers.isOver(now)) {
      void Promise.all(['items', 'item', 'facets', 'project', 'reports'].map((key) => client.invalidateQueries({ queryKey: [key] })))
      const operation = now.result?.['operation']
      if (now.state === 'done') toast(m.done(what), typeof operation === 'string' ? { undo: () => undo(operation) } : {})
      else toast(m.failed(now.problems?.[0]?.do ?? now.state), { tone: 'bad' })
      onOver()
      return
    }
    const timer = setTimeout(() => transfers.job(now.id).then(setNow, toastError), 500)
    return () => clearTimeout(timer)
  }, [client, now, onOver, what])

  const undo = (operation: string) => {
    projects.undoOperation(operation).then(async () => {
      await Promise.all(['items', 'item', 'facets', 'project'].map((key) => client.invalidateQueries({ queryKey: [key] })))
      toast(m.undone)
    }, toastError)
  }
  const { done = 0, total = null } = now.progress ?? {}
  return (
    <>
      <span className="b">{what}</span>
      <span style={{ width: 160 }}><Progress value={total ? done / total : null} label={m.working} /></span>
      <span className="t3 f12">{total ? `${format.count(done)} / ${format.count(total)}` : m.working}</span>
      <Button look="quiet" size="small" onClick={() => void transfers.cancelJob(now.id).then(setNow, toastError)}>{m.cancel}</Button>
    </>
  )
}

function Ask({ title, fields, run, onClose, note }: { title: string; fields: readonly string[]; run: (values: readonly string[]) => Promise<void>; onClose: () => void; note?: ReactNode }) {
  const [values, setValues] = useState(fields.map(() => ''))
  const [wrong, setWrong] = useState('')
  const apply = () => run(values).then(onClose, (error: unknown) => setWrong(error instanceof Error ? error.message : String(error)))
  return (
    <Dialog title={title} onClose={onClose} width={400} footer={<><span className="grow" /><Button onClick={onClose}>{m.cancel}</Button><Button look="primary" disabled={!values[0]?.trim()} onClick={apply}>{m.apply}</Button></>}>
      {fields.map((field, index) => (
        <TextField key={field} label={field} value={values[index]} onChange={(e) => setValues((now) => now.map((v, i) => (i === index ? e.target.value : v)))} onKeyDown={(e) => { if (e.key === 'Enter' && values[0]?.trim()) void apply() }} {...(index === 0 ? { 'data-autofocus': true, wrong } : {})} />
      ))}
      {note && <p className="t3 f12">{note}</p>}
    </Dialog>
  )
}
