// Rows under a head that stays.

import type { ReactNode } from 'react'
import { TableSurface } from '../../../surfaces/table/TableSurface'
import { Known } from './around'
import type { StreamProps } from './props'

export default function TableStream({ work, text, announce, onControls, onActivity }: StreamProps): ReactNode {
  return <TableSurface text={text} head={<Known work={work} />} announce={announce} onControls={onControls} onActivity={onActivity} />
}
