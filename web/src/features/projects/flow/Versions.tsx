// The versions of the workflow: who wrote them and when, what they changed, and back to the editor with one.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { workflow as api } from '../../../api'
import { Button, format, PartFailure, SkeletonRows, Tag } from '../../../ui'
import { m } from './messages'
import { asFlow, type Flow } from './policy'
import { Difference } from './SaveDialog'

export function Versions({ project, version, onTake }: { project: string; version: number; onTake: (flow: Flow, version: number) => void }) {
  const versions = useQuery({ queryKey: ['policies', project, version], queryFn: () => api.versions(project) })
  const [shown, setShown] = useState<number | null>(null)
  return (
    <section className="card">
      <h2 className="ch">{m.versions}</h2>
      {versions.isPending && <SkeletonRows rows={3} height={32} />}
      {versions.isError && <PartFailure error={versions.error} onRetry={() => void versions.refetch()} />}
      <ul className="wf-versions">
        {versions.data?.map((one, index) => {
          const earlier = versions.data[index + 1]
          return (
            <li key={one.version}>
              <div className="row g2">
                <span className="md">{m.version(one.version)}</span>{one.version === version && <Tag tone="ok">{m.inForce}</Tag>}
                <span className="t2">{one.by}, {format.moment(one.at)}</span><span className="grow" />
                {earlier && <Button size="small" look="quiet" aria-expanded={shown === one.version} onClick={() => setShown(shown === one.version ? null : one.version)}>{m.textChanges}</Button>}
                {one.version !== version && <Button size="small" onClick={() => onTake(asFlow(one.policy as never), one.version)}>{m.take}</Button>}
              </div>
              {shown === one.version && earlier && <Difference before={asFlow(earlier.policy as never)} after={asFlow(one.policy as never)} />}
            </li>
          )
        })}
      </ul>
    </section>
  )
}
