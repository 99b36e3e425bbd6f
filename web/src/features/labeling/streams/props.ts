// What the part of the screen that shows one stream is given.

import type { SurfaceControls } from '../../../engine/surface'
import type { TaskStream } from '../../../engine/types'
import type { Work } from '../../../engine/work'
import type { Screen } from '../screen'

export interface StreamProps {
  readonly screen: Screen
  readonly work: Work
  readonly stream: string
  readonly content: TaskStream
  /** What stands in the item itself; empty where the stream is a file. */
  readonly text: string
  /** How many annotations lie on it. */
  readonly count: number
  readonly announce: string
  readonly onControls: (controls: SurfaceControls | null) => void
  readonly onActivity: () => void
  /** A part of it is turned to: a turn, an answer, a step. */
  readonly onPart: (part: string) => void
}
