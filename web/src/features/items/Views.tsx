// Saved views: a named filter with its order and columns, for all who see this table.
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState } from 'react'
import { items as api, type View } from '../../api'
import { Button, Confirm, Dialog, IconButton, Menu, TextField, toast, toastError, useCommands } from '../../ui'
import { m } from './messages'

/** What a view is saved from: the table as it stands. */
export type Standing = Omit<api.NewView, 'name'>

/** Whether the table stands otherwise than the view says. */
export function differs(view: View, now: Standing, ownColumns: boolean): boolean {
  return ownColumns || JSON.stringify(view.filter['all'] ?? []) !== JSON.stringify(now.filter.all) || view.sort !== now.sort || view.descending !== now.descending
}

const FEW = 4

export function ViewTabs({ project, views, view, changed, manages, onOpen }: { project: string; views: readonly View[]; view: View | undefined; changed: boolean; manages: boolean; onOpen: (view: View | null) => void }) {
  const client = useQueryClient()
  const [renaming, setRenaming] = useState(false)
  const [ending, setEnding] = useState(false)
  if (views.length === 0) return null
  const first = views.slice(0, FEW)
  const tabs = view && !first.includes(view) ? [...first.slice(0, FEW - 1), view] : first
  const reread = () => client.invalidateQueries({ queryKey: ['views', project] })
  return (
    <>
      <nav className="row views" aria-label={m.views}>
        <Tab on={!view} title={m.allItems} onOpen={() => onOpen(null)} />
        {tabs.map((one) => <Tab key={one.id} on={one === view} title={one.name} changed={one === view && changed} onOpen={() => onOpen(one)} />)}
        <Menu
          control={<IconButton size="small" icon="cd" label={m.everyView} />}
          entries={[
            { label: m.views },
            { title: m.allItems, on: !view, run: () => onOpen(null) },
            ...views.map((one) => ({ title: one.name, on: one === view, note: one.by, run: () => onOpen(one) })),
            ...(view && manages ? ['line' as const, { title: m.renameView, icon: 'pencil' as const, run: () => setRenaming(true) }, { title: m.deleteView, icon: 'trash' as const, danger: true, run: () => setEnding(true) }] : []),
          ]}
        />
      </nav>
      {renaming && view && <NameDialog title={m.renameView} name={view.name} onClose={() => setRenaming(false)} onName={(name) => api.changeView(project, view.id, { ...view, name }).then(reread)} />}
      {ending && view && (
        <Confirm title={m.deleteViewTitle(view.name)} action={m.deleteView} danger onClose={() => setEnding(false)} onConfirm={async () => { await api.deleteView(project, view.id); onOpen(null); await reread() }}>
          {m.deleteViewText}
        </Confirm>
      )}
    </>
  )
}

function Tab({ on, title, changed = false, onOpen }: { on: boolean; title: string; changed?: boolean; onOpen: () => void }) {
  return (
    <button type="button" className="tab" aria-current={on ? 'page' : undefined} title={changed ? m.viewChanged : undefined} onClick={onOpen}>
      <span className="tr">{title}</span>
      {changed && <span className="gold" role="img" aria-label={m.viewChanged}>•</span>}
    </button>
  )
}

/** Offered once the table stands otherwise than any view says. */
export function SaveView({ project, view, changed, standing, onSaved, onBack }: { project: string; view: View | undefined; changed: boolean; standing: Standing; onSaved: (view: View) => void; onBack: () => void }) {
  const client = useQueryClient()
  const [naming, setNaming] = useState(false)
  const done = async (saved: View) => {
    await client.invalidateQueries({ queryKey: ['views', project] })
    onSaved(saved)
    toast(m.viewSaved(saved.name))
  }
  const keep = () => {
    if (view && changed) void api.changeView(project, view.id, { ...standing, name: view.name }).then(done, toastError)
    else setNaming(true)
  }
  const latest = useRef(keep)
  useEffect(() => {
    latest.current = keep
  })
  useCommands(useMemo(() => [{ id: 'items.saveView', title: m.saveView, group: m.items, icon: 'table' as const, keys: 'Ctrl S', run: () => latest.current() }], []))
  return (
    <>
      {view ? (
        <Menu
          position="bottom-end"
          control={<Button look="quiet" size="small" keys="Ctrl S">{m.saveView}</Button>}
          entries={[{ title: m.saveIn(view.name), run: keep }, { title: m.saveAsNew, run: () => setNaming(true) }, 'line', { title: m.backToView, icon: 'undo', run: onBack }]}
        />
      ) : (
        <Button look="quiet" size="small" keys="Ctrl S" onClick={keep}>{m.saveView}</Button>
      )}
      {naming && <NameDialog title={m.saveView} hint={m.viewHint} onClose={() => setNaming(false)} onName={(name) => api.makeView(project, { ...standing, name }).then(done)} />}
    </>
  )
}

function NameDialog({ title, name: before = '', hint, onName, onClose }: { title: string; name?: string; hint?: string; onName: (name: string) => Promise<unknown>; onClose: () => void }) {
  const [name, setName] = useState(before)
  const [wrong, setWrong] = useState('')
  const save = () => onName(name.trim()).then(onClose, (error: unknown) => setWrong(error instanceof Error ? error.message : String(error)))
  return (
    <Dialog title={title} width={400} onClose={onClose} onEnter={() => name.trim() && save()} footer={<><span className="grow" /><Button onClick={onClose}>{m.cancel}</Button><Button look="primary" disabled={!name.trim()} onClick={save}>{m.save}</Button></>}>
      <TextField label={m.viewName} hint={hint} value={name} onChange={(e) => setName(e.target.value)} wrong={wrong} maxLength={60} data-autofocus />
    </Dialog>
  )
}
