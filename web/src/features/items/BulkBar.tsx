// What can be done with all chosen items at once: a job with progress, and undo.
import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useState, type ReactNode } from 'react'
import { items as api, projects, transfers, type Filter, type Job, type Operation } from '../../api'
import { make } from '../../api/gold'
import { Button, Confirm, Dialog, format, Go, Icon, IconButton, itemsPath, manyPath, Progress, TextField, toast, toastError } from '../../ui'
import { typed } from './filter'
import { m } from './messages'
import type { Chosen } from './useItems'

const makeGold = (project: string, ids: readonly string[]) => make(project, ids, 'hidden')
type Doing = 'tag' | 'untag' | 'metadata' | 'delete' | 'requeue'

export function BulkBar({ project, filter, chosen, known, onAll, onNone }: { project: string; filter: Filter; chosen: Chosen; known: number | null; onAll: () => void; onNone: () => void }) {
  const [doing, setDoing] = useState<Doing | null>(null)
  const [running, setRunning] = useState<{ operation: Operation; what: string } | null>(null)
  const said = chosen.all ? (known === null ? m.allChosen : format.count(known)) : format.count(chosen.ids.size)
  const start = async (action: api.BulkAction, what: string, value?: api.BulkValue) => {
    const begun = await api.bulk(project, action, chosen.all ? { filter } : { ids: [...chosen.ids] }, value)
    setRunning({ operation: begun, what })
  }
  const over = useCallback(() => {
    setRunning(null)
    onNone()
  }, [onNone])
  const exported = chosen.all ? filter.all : [{ ids: [...chosen.ids] }]
  return (
    <div className="floatbar selb" role="toolbar" aria-label={m.chosen(said)}>
      {running ? (
        <Working operation={running.operation} what={running.what} onOver={over} />
      ) : (
        <>
          <span className="b">{m.chosen(said)}</span>
          {!chosen.all && <button type="button" className="link" onClick={onAll}>{m.allMatching}</button>}
          <span className="sep" />
          <Go to={manyPath(project, exported)} className="btn quiet"><Icon name="grid" />{m.labelMany}</Go>
          <Button look="quiet" icon="tag" onClick={() => setDoing('tag')}>{m.tag}</Button>
          <Button look="quiet" onClick={() => setDoing('untag')}>{m.untag}</Button>
          <Button look="quiet" icon="pencil" onClick={() => setDoing('metadata')}>{m.setMetadata}</Button>
          <Button look="quiet" icon="refresh" onClick={() => setDoing('requeue')}>{m.requeue}</Button>
          {!chosen.all && <Button look="quiet" icon="star" onClick={() => void makeGold(project, [...chosen.ids]).then(({ made, left_out }) => { toast(m.madeGold(made.length, left_out.length)); onNone() }, toastError)}>{m.makeGold}</Button>}
          <Go to={itemsPath(project, exported).replace('/items', '/export')} className="btn quiet"><Icon name="exp" />{m.export}</Go>
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
      {doing === 'requeue' && <Confirm title={m.requeue} action={m.requeue} onClose={() => setDoing(null)} onConfirm={() => start('requeue', m.requeue, 1)}>{m.requeueText}</Confirm>}
    </div>
  )
}

/** Follows a change until it is over, then offers to undo it. Few items change at once, many in a job. */
export function Working({ operation, what, onOver }: { operation: Operation; what: string; onOver: () => void }) {
  const client = useQueryClient()
  const [now, setNow] = useState<Job | null>(null)
  const over = operation.job === null || (now !== null && transfers.isOver(now))
  useEffect(() => {
    if (!over) {
      const timer = setTimeout(() => transfers.job(operation.job ?? '').then(setNow, toastError), now === null ? 100 : 500)
      return () => clearTimeout(timer)
    }
    void reread(client)
    const { id } = operation
    if (now !== null && now.state !== 'done') toast(m.failed(now.problems?.[0]?.do ?? now.state), { tone: 'bad' })
    else toast(m.done(what), id && operation.can_undo !== false ? { undo: () => undo(client, id) } : {})
    onOver()
  }, [client, now, onOver, operation, over, what])

  const { done = 0, total = null } = now?.progress ?? {}
  return (
    <>
      <span className="b">{what}</span>
      <span style={{ width: 160 }}><Progress value={total ? done / total : null} label={m.working} /></span>
      <span className="t3 f12">{total ? `${format.count(done)} / ${format.count(total)}` : m.working}</span>
      {operation.job && <Button look="quiet" size="small" onClick={() => void transfers.cancelJob(operation.job ?? '').then(setNow, toastError)}>{m.cancel}</Button>}
    </>
  )
}

function reread(client: QueryClient): Promise<unknown> {
  return Promise.all(['items', 'item', 'facets', 'project', 'reports'].map((key) => client.invalidateQueries({ queryKey: [key] })))
}

function undo(client: QueryClient, operation: string): void {
  projects.undoOperation(operation).then(async (undone) => {
    await reread(client)
    toast(undone.kept > 0 ? m.partlyUndone(format.count(undone.kept)) : m.undone)
  }, toastError)
}

function Ask({ title, fields, run, onClose, note }: { title: string; fields: readonly string[]; run: (values: readonly string[]) => Promise<void>; onClose: () => void; note?: ReactNode }) {
  const [values, setValues] = useState(fields.map(() => ''))
  const [wrong, setWrong] = useState('')
  const apply = () => run(values).then(onClose, (error: unknown) => setWrong(error instanceof Error ? error.message : String(error)))
  return (
    <Dialog title={title} onClose={onClose} onEnter={() => values[0]?.trim() && apply()} width={400} footer={<><span className="grow" /><Button onClick={onClose}>{m.cancel}</Button><Button look="primary" disabled={!values[0]?.trim()} onClick={apply}>{m.apply}</Button></>}>
      {fields.map((field, index) => (
        <TextField key={field} label={field} value={values[index]} onChange={(e) => setValues((now) => now.map((v, i) => (i === index ? e.target.value : v)))} {...(index === 0 ? { 'data-autofocus': true, wrong } : {})} />
      ))}
      {note && <p className="t3 f12">{note}</p>}
    </Dialog>
  )
}
