// Which shapes a press chooses: the one under it, the next one when it is pressed again, or all within a rectangle.

import type { Point } from '../../engine/gesture'
import type { Annotation, Id } from '../../engine/types'
import { toScreen } from './camera'
import type { Brush } from './paint'
import type { HandHost } from './pen'

/** A pointer that moved less than this was not dragged, in pixels of the screen. */
const CLICK_PX = 3
/** A shape is meant so far beside its lines, in pixels of the screen. */
const BESIDE_PX = 4

/** A rectangle that is drawn round what is to be chosen, by its corners in pixels of the picture. */
export interface Frame {
  readonly type: 'many'
  readonly from: Point
  to: Point
  /** What was selected before stays selected. */
  readonly add: boolean
}

export class Choosing {
  private lastClick: { readonly point: Point; readonly id: Id } | null = null

  constructor(private readonly host: HandHost) {}

  /** The shape that a point means: one that is selected already, or the smallest. */
  at(point: Point): Annotation | null {
    const found = this.under(point)
    return found.find((a) => this.host.view.state.selection.has(a.id)) ?? found[0] ?? null
  }

  /** A click chooses the smallest shape under it; again at the same place, the next one. */
  click(point: Point): void {
    const found = this.under(point)
    const again = this.lastClick !== null && isClick(this.lastClick.point, point, this.host.stage.camera.scale)
    const at = again ? found.findIndex((a) => a.id === this.lastClick?.id) + 1 : 0
    const chosen = found[at % Math.max(1, found.length)]
    this.lastClick = chosen ? { point, id: chosen.id } : null
    this.host.view.select(...(chosen ? [chosen.id] : []))
  }

  /** A frame is let go at a point: what lies wholly in it is chosen. One that was not drawn open was a click. */
  enclose(frame: Frame, point: Point): void {
    const { scene, view, stage } = this.host
    if (isClick(frame.from, point, stage.camera.scale)) return this.click(point)
    const [minX, maxX] = [Math.min(frame.from.x, point.x), Math.max(frame.from.x, point.x)]
    const [minY, maxY] = [Math.min(frame.from.y, point.y), Math.max(frame.from.y, point.y)]
    const inside = scene.within({ minX, minY, maxX, maxY }).filter((a) => {
      const b = scene.space.bounds(a.id)
      return b && b.minX >= minX && b.maxX <= maxX && b.minY >= minY && b.maxY <= maxY && view.takes(a.id)
    })
    view.select(...(frame.add ? view.state.selection : []), ...inside.map((a) => a.id))
  }

  /** The shapes under a point that can be chosen, the smallest first. */
  private under(point: Point): Annotation[] {
    const { scene, view, stage } = this.host
    return scene.at(point, BESIDE_PX / stage.camera.scale).filter((a) => view.takes(a.id))
  }
}

/** Whether a pointer that was pressed at one point and let go at another was only clicked; `scale` is the camera's. */
export function isClick(from: Point, to: Point, scale: number): boolean {
  return Math.hypot(to.x - from.x, to.y - from.y) * scale < CLICK_PX
}

export function paintFrame({ ctx, camera }: Brush, { from, to }: Frame): void {
  const [a, b] = [toScreen(camera, from), toScreen(camera, to)]
  ctx.fillStyle = 'rgba(226, 176, 74, .12)'
  ctx.fillRect(a.x, a.y, b.x - a.x, b.y - a.y)
  ctx.strokeStyle = '#d3a33c'
  ctx.lineWidth = 1
  ctx.strokeRect(a.x, a.y, b.x - a.x, b.y - a.y)
}
