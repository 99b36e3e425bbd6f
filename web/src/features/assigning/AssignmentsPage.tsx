// Who works on what: the items given out by hand with how far they are, and what people hold now.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { work as api } from '../../api'
import { Empty, Failure, format, Go, Icon, Segmented, SkeletonRows } from '../../ui'
import { GivenOut } from './GivenOut'
import { HeldNow } from './HeldNow'
import { m } from './messages'
import './assigning.css'

const AGAIN_MS = 15_000

export function AssignmentsPage({ project, workspace }: { project: string; workspace: string }) {
  const [view, setView] = useState<'given' | 'held'>('given')
  const given = useQuery({ queryKey: ['batches', project], queryFn: () => api.batches(project) })
  const held = useQuery({ queryKey: ['held', project], queryFn: () => api.held(project), refetchInterval: AGAIN_MS })
  const shown = view === 'given' ? given : held
  const standing = given.data?.filter((one) => one.ended_at === null).length
  const give = <Go to={`/p/${project}/items`} className="btn primary"><Icon name="right" />{m.give}</Go>
  return (
    <>
      <header className="top">
        <h1>{m.title}</h1>
        <Segmented label={m.view} value={view} onChange={setView} options={[{ value: 'given', title: <>{m.given} <Count n={standing} /></> }, { value: 'held', title: <>{m.held} <Count n={held.data?.length} /></> }]} />
        <span className="grow" />
        {give}
      </header>
      <div className="page">
        {shown.isPending && <section className="card"><SkeletonRows rows={6} /></section>}
        {shown.isError && <Failure error={shown.error} onRetry={() => void shown.refetch()} />}
        {view === 'given' && given.data && (given.data.length === 0 ? <Empty title={m.noneGiven}>{m.noneGivenText}</Empty> : <GivenOut batches={given.data} />)}
        {view === 'held' && held.data && (held.data.length === 0 ? <Empty title={m.noneHeld}>{m.noneHeldText}</Empty> : <HeldNow project={project} workspace={workspace} held={held.data} />)}
      </div>
    </>
  )
}

function Count({ n }: { n: number | undefined }) {
  return n ? <span className="t3">{format.count(n)}</span> : null
}
