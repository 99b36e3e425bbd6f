// Items that would wait where nobody can work: how many, where, and the ways out.
import type { ReactNode } from 'react'
import { Button, format, Go, Notice } from '../../../ui'
import { m } from './messages'
import type { Flow } from './policy'
import { openedToAll, type Stranding } from './stranding'

export function Stranded({ found, workspace, flow, onFlow }: { found: readonly Stranding[]; workspace: string; flow: Flow; onFlow: (flow: Flow) => void }): ReactNode {
  return found.map(({ stage, items }) => (
    <Notice key={stage} tone="bad" actions={<><Button size="small" onClick={() => onFlow(openedToAll(flow, stage))}>{m.openToAll(stage)}</Button> <Go to={`/w/${workspace}/people`} className="btn small" target="_blank">{m.toPeople}</Go></>}>
      {m.stranded(format.count(items), items, stage)}
    </Notice>
  ))
}
