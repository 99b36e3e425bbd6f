// What a screen can ask of the surface in its middle, whatever it shows.

import type { Point } from './gesture'
import type { Range } from './kind'
import type { Bounds } from './space'
import type { Suggestion } from './suggesting'
import type { Id } from './types'

export interface SurfaceControls {
  focus(): void
  /** The whole item in sight. */
  fit(): void
  zoom(factor: number): void
  /** Brings the selection near; false when it is there already, or nothing is selected. */
  zoomToSelection(): boolean
  /** Chooses the next or previous annotation in reading order. */
  step(by: 1 | -1): void
  /** What is in sight, in reading order. */
  inSight(): readonly Id[]
  /** Brings an annotation into sight. */
  reveal(id: Id): void
  /** An arrow: moves what is selected, the cross, or the caret. */
  arrow(by: Point, held: { readonly shift: boolean; readonly ctrl: boolean; readonly alt: boolean }): void
  /** Makes something without a pointer: sets a corner of a box, or marks the selected text. */
  enter(): void
  /** Ends what is under way. True when there was something. */
  cancel(): boolean
  /** What a key means first: a shape that is being drawn, or a corner that was clicked. */
  doing(): 'drawing' | 'corner' | null
  /** Whether one of a kind's sayings would be heard now: something of that kind is drawn, or can begin with it. */
  hears?(kind: string, saying: string): boolean
  say?(saying: string): void
  /** Does one of the acts of the selected shape's kind. */
  act?(id: string): void
  /** Follows the border of a neighbour the other way round. */
  otherWay?(): void
  /** Takes back the last point of what is being drawn. */
  back(): void
  /** Removes the corner that was clicked. */
  removeCorner(): void
  /** Space held: a drag pans. True when the surface cares. */
  holdSpace(down: boolean): boolean
  /** The brush one notch larger or smaller, where a surface has one. */
  resizeBrush?(by: 1 | -1): void
  /** Where an annotation lies on the picture. */
  boundsOf?(id: Id): Bounds | null
  /** Where the pointer is, or the selection, on the surface. */
  pointer(): Point
  /** What lists of words suggest in sight, in the order of the text. */
  suggested?(): readonly Suggestion[]
  /** Whether a caret stands in a text, which arrows move. */
  hasCaret?(): boolean
  /** The text that is marked and not yet labeled. */
  marked(): Range | null
}
