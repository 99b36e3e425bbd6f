// Rows under a head that stays.

import type { ReactNode } from 'react'
import { TableSurface } from '../../../surfaces/table/TableSurface'
import { Known, underPart } from './around'
import type { StreamProps } from './props'

export default function TableStream({ screen, work, stream, content, text, announce, onControls, onActivity, onPart }: StreamProps): ReactNode {
  return <TableSurface text={text} part={screen.cells.partOn(stream)} onPart={onPart} under={underPart(stream, content)} head={<Known work={work} />} announce={announce} onControls={onControls} onActivity={onActivity} />
}
