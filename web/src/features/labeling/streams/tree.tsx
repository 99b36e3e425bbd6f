// A conversation that branches: one path of it, with the other replies to each message at hand.

import type { ReactNode } from 'react'
import { TreeSurface } from '../../../surfaces/talk/TreeSurface'
import { m } from '../messages'
import { Known, markOf, underPart } from './around'
import type { StreamProps } from './props'

export default function TreeStream({ screen, work, stream, content, text, announce, onControls, onActivity }: StreamProps): ReactNode {
  return (
    <TreeSurface
      text={text}
      part={screen.cells.partOn(stream)}
      under={underPart(stream, content)}
      label={m.treeOf(content.facts.each?.['message']?.keys?.length ?? 0)}
      head={<Known work={work} />}
      announce={announce}
      markOf={(key) => markOf(screen, work, stream, key)}
      onPart={(part, shown) => {
        screen.view.set({ here: part })
        screen.cells.goPart(stream, part, shown)
      }}
      onControls={onControls}
      onActivity={onActivity}
    />
  )
}
