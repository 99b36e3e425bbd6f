// What the pointer is over while nothing is pressed: a handle and its name, a shape, or where the next point would go.

import type { Point } from '../../engine/gesture'
import type { Handle } from '../../engine/kind'
import type { Choosing } from './choosing'
import type { Handles } from './handles'
import { type Brush, paintName } from './paint'
import type { HandHost, Held, Pen } from './pen'

export class Hovering {
  /** Of the handle under the pointer. */
  cursor: string | null = null
  /** The handle under the pointer that has a name. */
  private named: Handle | null = null

  constructor(
    private readonly host: HandHost,
    private readonly pen: Pen,
    private readonly handles: Handles,
    private readonly choosing: Choosing,
  ) {}

  over(point: Point, held: Held): void {
    const { view, stage } = this.host
    const near = this.handles.at(point)
    this.cursor = near?.cursor ?? null
    const wasNamed = this.named
    this.named = this.handles.named(near)
    if (wasNamed !== this.named) stage.touchTop()
    const was = this.pen.snap
    if (this.cursor === null) this.pen.aimed(point, held)
    else this.pen.snap = null
    const { snap } = this.pen
    const hover = this.choosing.at(point)?.id ?? null
    if (hover === view.state.hover && was?.x === snap?.x && was?.y === snap?.y) return
    if (hover !== view.state.hover) view.set({ hover })
    stage.touchTop()
  }

  /** A brush means no shape: it paints wherever it is pressed. */
  overNothing(): void {
    this.cursor = null
    if (this.host.view.state.hover !== null) this.host.view.set({ hover: null })
    this.host.stage.touchTop()
  }

  paint(brush: Brush): void {
    if (this.named?.name) paintName(brush, this.named.point, this.named.name)
  }
}
