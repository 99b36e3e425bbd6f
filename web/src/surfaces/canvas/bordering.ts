// Following the borders of neighbours: between two clicks on one border, its corners come along.

import type { Point } from '../../engine/gesture'
import { bordersOf, cornersBetween, type Spot, spotsAt } from './borders'
import { toScreen } from './camera'
import type { Brush } from './paint'
import type { HandHost } from './pen'

const HUE = '#e2b04a'

export class Bordering {
  /** The last place that was set, and where it lies on borders. */
  private from: { readonly point: Point; readonly spots: readonly Spot[] } | null = null
  /** What would come along to where the pointer is. */
  private ahead: { readonly to: Point; readonly corners: readonly Point[] } | null = null
  private isOther = false
  /** How many points each click set: one step back takes all of it. */
  private steps: number[] = []

  constructor(private readonly host: HandHost) {}

  get isOn(): boolean {
    return this.host.view.state.borders
  }

  forget(): void {
    this.from = null
    this.ahead = null
    this.isOther = false
    this.steps = []
  }

  /** The pointer is at a place that was drawn to a shape, or at none. */
  look(to: Point | null): void {
    this.ahead = to === null ? null : { to, corners: this.cornersTo(to) }
  }

  /** A place is set: the corners that come before it. */
  take(point: Point): readonly Point[] {
    const corners = this.cornersTo(point)
    this.from = { point, spots: this.spotsAt(point) }
    this.ahead = null
    this.isOther = false
    this.steps.push(corners.length + 1)
    return corners
  }

  /** How many points one step back takes. */
  back(): number {
    this.from = null
    this.ahead = null
    return this.steps.pop() ?? 1
  }

  /** The border is followed the other way round. */
  turn(): void {
    this.isOther = !this.isOther
    this.look(this.ahead?.to ?? null)
    this.host.stage.touchTop()
  }

  private cornersTo(to: Point): readonly Point[] {
    const { from } = this
    const { scene } = this.host
    if (!this.isOn || from === null || from.spots.length === 0) return []
    const ways = this.spotsAt(to).flatMap((spot) => {
      const start = from.spots.find((s) => s.id === spot.id && s.border === spot.border)
      const annotation = scene.work.store.get(spot.id)
      const border = start && annotation && bordersOf(scene.outline(annotation))[spot.border]
      return border ? [cornersBetween(border, start, spot, this.isOther)] : []
    })
    return ways.toSorted((a, b) => a.length - b.length)[0] ?? []
  }

  private spotsAt(point: Point): Spot[] {
    const { scene, view } = this.host
    return this.isOn ? spotsAt(point, scene, (a) => view.hides(a.id) || a.id === view.state.redrawn?.id) : []
  }

  paint({ ctx, camera }: Brush): void {
    const { from, ahead } = this
    if (from === null || ahead === null || ahead.corners.length === 0) return
    ctx.strokeStyle = HUE
    ctx.lineWidth = 3
    ctx.beginPath()
    for (const [i, point] of [from.point, ...ahead.corners, ahead.to].entries()) {
      const { x, y } = toScreen(camera, point)
      if (i === 0) ctx.moveTo(x, y)
      else ctx.lineTo(x, y)
    }
    ctx.stroke()
  }
}
