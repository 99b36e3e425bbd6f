// A conversation, or the answers to one prompt with where they come from, as the list's preview shows them.

import { useQuery } from '@tanstack/react-query'
import type { CSSProperties } from 'react'
import { items as api } from '../../api'
import { candidatesOf, letterOf, turnsOf } from '../../engine/talk'
import { type Step, stepsOf } from '../../engine/trace'
import { Tree } from '../../engine/tree'
import { StepView } from '../../surfaces/talk/StepView'
import { TurnView } from '../../surfaces/talk/TurnView'
import '../../surfaces/talk/talk.css'
import '../../surfaces/talk/trace.css'
import '../../surfaces/talk/tree.css'
import { SkeletonRows } from '../../ui'
import { m } from './messages'

const MOST = 60

export default function Talk({ item, name, kind }: { item: string; name: string; kind: string }) {
  const text = useQuery({ queryKey: ['text', item, name], queryFn: ({ signal }) => api.streamText(item, name, signal), staleTime: Infinity })
  if (text.data === undefined) return text.isError ? <p className="t3 f12">{m.noText}</p> : <SkeletonRows rows={2} height={24} />
  if (kind === 'dialogue') return <Turns turns={turnsOf(text.data)} />
  if (kind === 'trace') return <Steps steps={stepsOf(text.data)} />
  if (kind === 'tree') return <Branches tree={Tree.read(text.data)} />
  return (
    <div className="talk-box">
      {candidatesOf(text.data).map((candidate, i) => (
        <section key={candidate.key} aria-label={letterOf(i)}>
          <h4 className="row g2"><span className="letter">{letterOf(i)}</span><span className="grow tr">{candidate.source}</span><code className="t3 f12">{candidate.key}</code></h4>
          <Turns turns={candidate.turns} />
        </section>
      ))}
    </div>
  )
}

function Turns({ turns }: { turns: ReturnType<typeof turnsOf> }) {
  return (
    <div className="talk-box">
      {turns.slice(0, MOST).map((turn, i) => <TurnView key={i} turn={turn} number={i + 1} />)}
      {turns.length > MOST && <p className="t3 f12">{m.cut}</p>}
    </div>
  )
}

/** All messages below one another, each further in than the one that it answers. */
function Branches({ tree }: { tree: Tree }) {
  return (
    <div className="talk-box tree-box">
      {tree.nested().slice(0, MOST).map(({ message, depth }) => (
        <div key={message.key} style={{ '--depth': Math.min(8, depth) } as CSSProperties}><TurnView turn={message} number={tree.placeOf(message.key) + 1} /></div>
      ))}
      {tree.messages.length > MOST && <p className="t3 f12">{m.cut}</p>}
    </div>
  )
}

function Steps({ steps }: { steps: readonly Step[] }) {
  return (
    <div className="talk-box trace">
      {steps.slice(0, MOST).map((step, i) => <StepView key={i} step={step} number={i + 1} />)}
      {steps.length > MOST && <p className="t3 f12">{m.cut}</p>}
    </div>
  )
}
