// A workspace's own setup.
import { useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent, type ReactNode } from 'react'
import { people as api, type Membership } from '../../api'
import { Button, TextField, toast } from '../../ui'
import { m } from './messages'

/** `children`: what else is set up here. */
export function WorkspacePage({ workspace, children }: { workspace: Membership; children?: ReactNode }) {
  const client = useQueryClient()
  const [name, setName] = useState(workspace.name)
  const [wrong, setWrong] = useState('')
  const save = async (event: FormEvent) => {
    event.preventDefault()
    try {
      await api.renameWorkspace(workspace.id, name.trim())
      await client.invalidateQueries({ queryKey: ['me'] })
      setWrong('')
      toast(m.saved)
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error))
    }
  }
  return (
    <>
      <header className="top"><h1>{m.setup}</h1></header>
      <div className="page narrow">
        <section className="card" style={{ padding: 12 }}>
          <form className="col g3" style={{ maxWidth: 480 }} onSubmit={save}>
            <TextField label={m.workspaceName} value={name} onChange={(e) => setName(e.target.value)} wrong={wrong} required />
            <div><Button look="primary" type="submit" disabled={!name.trim() || name === workspace.name}>{m.save}</Button></div>
          </form>
        </section>
        {children}
      </div>
    </>
  )
}
