// What changed in the guideline since it was read, to be confirmed before the next item.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { guidance as api, type Guideline } from '../../api'
import { Button, Dialog, PartFailure, SkeletonCard, toastError } from '../../ui'
import { Markdown } from '../../ui/Markdown'
import { Diff } from './Diff'
import { Examples } from './ExampleShown'
import { m } from './messages'
import { shownText } from './text'
import './guidance.css'

/** Over the screen where somebody is at work, else in its place. */
export function GuidelineGate({ project, guideline, over, onLater }: { project: string; guideline: Guideline; over?: boolean; onLater?: () => void }) {
  const client = useQueryClient()
  const [busy, setBusy] = useState(false)
  const confirm = async () => {
    setBusy(true)
    try {
      client.setQueryData(['guideline', project], await api.confirmRead(project, guideline.version))
      // A changed guideline may send somebody back to the course.
      void client.invalidateQueries({ queryKey: ['course', project] })
    } catch (error) {
      toastError(error)
      setBusy(false)
    }
  }
  const done = <Button look="primary" busy={busy} onClick={confirm} data-autofocus>{m.read}</Button>
  if (over) {
    return (
      <Dialog title={m.gate} width={760} locked onClose={() => undefined} footer={<><Button look="quiet" onClick={onLater}>{m.later}</Button><span className="grow" />{done}</>}>
        <p className="t2">{m.gateText}</p>
        <Since project={project} guideline={guideline} />
      </Dialog>
    )
  }
  return (
    <main className="guide-gate" id="main" tabIndex={-1}>
      <h1>{guideline.read === 0 ? m.guideline : m.gate}</h1>
      <p className="t2">{guideline.read === 0 ? m.gateFirst : m.gateText}</p>
      <Since project={project} guideline={guideline} />
      <div>{done}</div>
    </main>
  )
}

function Since({ project, guideline }: { project: string; guideline: Guideline }) {
  const isNew = guideline.read === 0
  const changes = useQuery({ queryKey: ['guideline', project, 'changes', guideline.read, guideline.version], queryFn: () => api.changes(project), enabled: !isNew })
  if (isNew) return <section className="card"><div className="cb"><Markdown text={shownText(guideline.text)} /><Definitions guideline={guideline} />{guideline.examples.length > 0 && <h2 style={{ margin: '16px 0 8px' }}>{m.examples}</h2>}<Examples project={project} examples={guideline.examples} /></div></section>
  if (changes.isPending) return <SkeletonCard />
  if (changes.isError) return <PartFailure error={changes.error} onRetry={() => void changes.refetch()} />
  return (
    <>
      {changes.data.notes.map((note, i) => <p key={i} dir="auto">{note}</p>)}
      <Diff changes={changes.data} />
    </>
  )
}

export function Definitions({ guideline }: { guideline: Guideline }) {
  if (guideline.definitions.length === 0) return null
  return (
    <>
      <h2 style={{ margin: '16px 0 8px' }}>{m.definitions}</h2>
      <dl className="guide-defs">
        {guideline.definitions.map((one) => (
          <div key={`${one.field}/${one.label ?? ''}`} style={{ display: 'contents' }}>
            <dt dir="auto">{one.label ?? one.field}</dt>
            <dd dir="auto">{one.text}</dd>
          </div>
        ))}
      </dl>
    </>
  )
}
