// What can be done with all chosen items at once: a job with progress, and undo.
import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useState, type ReactNode } from 'react'
import { items as api, projects, transfers, work, type Filter, type Job, type Operation } from '../../api'
import { Button, Confirm, Dialog, format, Go, Icon, IconButton, itemsPath, manyPath, Menu, Progress, TextField, toast, toastError } from '../../ui'
import { typed } from './filter'
import { GiveDialog } from './GiveDialog'
import { m } from './messages'
import type { Chosen } from './useItems'

/** Asks what items are to be gold for, and makes them so; another feature shows it. */
export type MakeGoldOf = (keys: readonly { item: string; response?: string }[], onClose: () => void, onMade: () => void) => ReactNode
type Doing = 'tag' | 'untag' | 'metadata' | 'delete' | 'requeue' | 'give' | 'gold'

/** A change that was begun: the job that does it where the items are many, and how it is taken back. */
export interface Begun {
  job: string | null
  said: string
  undo?: ((client: QueryClient) => void) | undefined
}

export function BulkBar({ project, workspace, filter, chosen, known, onAll, onNone, makeGold }: { makeGold?: MakeGoldOf | undefined; project: string; workspace: string; filter: Filter; chosen: Chosen; known: number | null; onAll: () => void; onNone: () => void }) {
  const [doing, setDoing] = useState<Doing | null>(null)
  const [running, setRunning] = useState<Begun | null>(null)
  const said = chosen.all ? (known === null ? m.allChosen : format.count(known)) : format.count(chosen.ids.size)
  const start = async (action: api.BulkAction, what: string, value?: api.BulkValue) => {
    const begun = await api.bulk(project, action, chosen.all ? { filter } : { ids: [...chosen.ids] }, value)
    setRunning(begunOf(begun, what))
  }
  const give = async (giving: work.Giving) => {
    const batch = await work.give(project, chosen.all ? { filter } : { ids: [...chosen.ids] }, giving)
    const n = format.count(batch.items)
    const what = batch.to === 'anybody' ? m.moved(n) : m.gave(n, batch.name)
    setRunning({ job: batch.job, said: batch.job ? m.give : what, undo: (client) => void work.release(batch.id).then(() => reread(client)).then(() => toast(m.undone), toastError) })
  }
  const over = useCallback(() => {
    setRunning(null)
    onNone()
  }, [onNone])
  const exported = chosen.all ? filter.all : [{ ids: [...chosen.ids] }]
  return (
    <div className="floatbar selb" role="toolbar" aria-label={m.chosen(said)}>
      {running ? (
        <Working begun={running} onOver={over} />
      ) : (
        <>
          <span className="b">{m.chosen(said)}</span>
          {!chosen.all && <button type="button" className="link" onClick={onAll}>{m.allMatching}</button>}
          <span className="sep" />
          <Go to={manyPath(project, exported)} className="btn quiet"><Icon name="grid" />{m.labelMany}</Go>
          <Button look="quiet" icon="users" onClick={() => setDoing('give')}>{m.assign}</Button>
          <Button look="quiet" icon="tag" onClick={() => setDoing('tag')}>{m.tag}</Button>
          <Menu
            position="top-start"
            control={<Button look="quiet" icon="more">{m.moreActions}</Button>}
            entries={[
              { title: m.untag, icon: 'tag', run: () => setDoing('untag') },
              { title: m.setMetadata, icon: 'pencil', run: () => setDoing('metadata') },
              { title: m.requeue, icon: 'refresh', run: () => setDoing('requeue') },
              ...(chosen.all || !makeGold ? [] : [{ title: m.makeGold, icon: 'star' as const, run: () => setDoing('gold') }]),
            ]}
          />
          <Go to={itemsPath(project, exported).replace('/items', '/export')} className="btn quiet"><Icon name="exp" />{m.export}</Go>
          <span className="sep" />
          <Button look="quiet" icon="trash" danger onClick={() => setDoing('delete')}>{m.remove}</Button>
          <IconButton icon="x" label={m.close} onClick={onNone} />
        </>
      )}
      {(doing === 'tag' || doing === 'untag') && (
        <Ask title={m[doing]} onClose={() => setDoing(null)} fields={[m.tagName]} run={([tag]) => start(doing, m[doing], tag?.trim())} />
      )}
      {doing === 'gold' && makeGold?.([...chosen.ids].map((item) => ({ item })), () => setDoing(null), onNone)}
      {doing === 'metadata' && (
        <Ask title={m.setMetadata} onClose={() => setDoing(null)} fields={[m.key, m.value]} run={([key, value]) => start('metadata', m.setMetadata, { [key?.trim() ?? '']: typed(value ?? '') })} note={m.metadataHint} />
      )}
      {doing === 'give' && <GiveDialog workspace={workspace} said={said} onGive={give} onClose={() => setDoing(null)} />}
      {doing === 'delete' && <Confirm title={m.removeTitle(said)} action={m.remove} danger onClose={() => setDoing(null)} onConfirm={() => start('delete', m.remove)}>{m.removeText}</Confirm>}
      {doing === 'requeue' && <Confirm title={m.requeue} action={m.requeue} onClose={() => setDoing(null)} onConfirm={() => start('requeue', m.requeue, 1)}>{m.requeueText}</Confirm>}
    </div>
  )
}

/** Follows a change until it is over, then offers to undo it. Few items change at once, many in a job. */
export function Working({ begun, onOver }: { begun: Begun; onOver: () => void }) {
  const client = useQueryClient()
  const [now, setNow] = useState<Job | null>(null)
  const over = begun.job === null || (now !== null && transfers.isOver(now))
  useEffect(() => {
    if (!over) {
      const timer = setTimeout(() => transfers.job(begun.job ?? '').then(setNow, toastError), now === null ? 100 : 500)
      return () => clearTimeout(timer)
    }
    void reread(client)
    const { said, undo } = begun
    if (now !== null && now.state !== 'done') toast(m.failed(now.problems?.[0]?.do ?? now.state), { tone: 'bad' })
    else toast(said, undo ? { undo: () => undo(client) } : {})
    onOver()
  }, [begun, client, now, onOver, over])

  const { done = 0, total = null } = now?.progress ?? {}
  return (
    <>
      <span className="b">{begun.said}</span>
      <span style={{ width: 160 }}><Progress value={total ? done / total : null} label={m.working} /></span>
      <span className="t3 f12">{total ? `${format.count(done)} / ${format.count(total)}` : m.working}</span>
      {begun.job && <Button look="quiet" size="small" onClick={() => void transfers.cancelJob(begun.job ?? '').then(setNow, toastError)}>{m.cancel}</Button>}
    </>
  )
}

function reread(client: QueryClient): Promise<unknown> {
  return Promise.all(['items', 'item', 'facets', 'project', 'reports', 'batches', 'held'].map((key) => client.invalidateQueries({ queryKey: [key] })))
}

/** A change of items as it is followed. */
export function begunOf({ id, job, can_undo }: Operation, what: string): Begun {
  return { job, said: m.done(what), ...(id && can_undo !== false ? { undo: (client: QueryClient) => undo(client, id) } : {}) }
}

/** Takes a change back; what takes long goes on by itself, and says so. */
function undo(client: QueryClient, operation: string): void {
  projects.undoOperation(operation).then(async (undone) => {
    if (undone.job !== null) return toast(m.undoing)
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
