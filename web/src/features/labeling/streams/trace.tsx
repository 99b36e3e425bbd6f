// What an agent did, step by step.

import type { ReactNode } from 'react'
import { TraceSurface } from '../../../surfaces/talk/TraceSurface'
import { m } from '../messages'
import { Known, markOf, underPart } from './around'
import type { StreamProps } from './props'

export default function TraceStream({ screen, work, stream, content, text, announce, onControls, onActivity, onPart }: StreamProps): ReactNode {
  return (
    <TraceSurface
      text={text}
      part={screen.cells.partOn(stream)}
      under={underPart(stream, content)}
      label={m.traceOf(content.facts.each?.['step']?.count ?? 0)}
      head={<Known work={work} />}
      announce={announce}
      markOf={(key) => markOf(screen, work, stream, key)}
      onPart={onPart}
      onControls={onControls}
      onActivity={onActivity}
    />
  )
}
