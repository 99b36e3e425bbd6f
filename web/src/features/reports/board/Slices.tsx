// How well each slice of the items is covered, by a key of their metadata: the thinnest first.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { conditionsOf } from '../../../api'
import * as api from '../../../api/boards'
import { Door, format, itemsPath, PartFailure, Progress, SkeletonRows } from '../../../ui'
import { m } from './messages'

const SHOWN = 8

export function Slices({ project }: { project: string }) {
  const coverage = useQuery({ queryKey: ['reports', project, 'coverage'], queryFn: () => api.coverage(project) })
  const [chosen, setChosen] = useState<string | null>(null)
  const keys = coverage.data?.keys ?? []
  const key = keys.find((one) => one.key === chosen) ?? keys[0]
  return (
    <>
      <h2 className="ch">
        {m.slices} <span className="c">{m.slicesText}</span><span className="grow" />
        {keys.length > 1 && key && (
          <select className="input s" style={{ width: 'auto', height: 24 }} aria-label={m.sliceKey} value={key.key} onChange={(e) => setChosen(e.target.value)}>
            {keys.map((one) => <option key={one.key} value={one.key}>{one.key}</option>)}
          </select>
        )}
      </h2>
      {coverage.isPending && <SkeletonRows rows={4} height={32} />}
      {coverage.isError && <PartFailure error={coverage.error} onRetry={() => void coverage.refetch()} />}
      {coverage.data && (key ? <Table project={project} of={key} /> : <p className="t3 cb">{m.sliceNone}</p>)}
      {coverage.data && coverage.data.wide.length > 0 && <p className="t3 f12 cb" style={{ paddingTop: 4 }}>{m.wide(coverage.data.wide.join(', '))}</p>}
    </>
  )
}

function Table({ project, of }: { project: string; of: api.SliceKey }) {
  const door = ({ n, filter }: api.Items) => <Door to={itemsPath(project, conditionsOf(filter))}>{format.count(n)}</Door>
  return (
    <>
      <table className="cards pe">
        <thead><tr><th>{of.key}</th><th className="right">{m.items}</th><th className="right">{m.answered}</th><td style={{ width: '25%' }} /><th className="right">{m.done}</th></tr></thead>
        <tbody>
          {of.slices.slice(0, SHOWN).map((one) => (
            <tr key={String(one.value)}>
              <td className="tr" style={{ maxWidth: 160 }} title={String(one.value)}>{String(one.value)}</td>
              <td className="right">{door(one.items)}</td>
              <td className="right md">{door(one.answered)}</td>
              <td><Progress value={one.items.n > 0 ? one.answered.n / one.items.n : 0} label={String(one.value)} /></td>
              <td className="right">{door(one.done)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {(of.values > SHOWN || of.without.n > 0) && <p className="t3 f12 cb" style={{ paddingTop: 6 }}>{of.values > SHOWN && `${m.moreValues(format.count(of.values - SHOWN))}${of.without.n > 0 ? ', ' : ''}`}{of.without.n > 0 && <Door to={itemsPath(project, conditionsOf(of.without.filter))}>{m.without(format.count(of.without.n))}</Door>}</p>}
    </>
  )
}
