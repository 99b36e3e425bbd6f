// What the pointer and the keyboard do on a picture: draw, select, move, resize, choose many, pan, zoom.

import type { Point } from '../../engine/gesture'
import { Running } from '../../engine/gesture'
import type { CanvasKind, Size } from '../../engine/kind'
import type { Field } from '../../engine/schema'
import { labelOf } from '../../engine/schema'
import type { Annotation, Id, Json } from '../../engine/types'
import type { View } from '../../engine/view'
import { type Camera, pan, toPicture, toScreen, zoomAt } from './camera'
import { hueOf, NO_HUE } from './hues'
import { type Brush, lookOf, paintHandles, paintShape } from './paint'
import { distanceToEdge, type Scene } from './scene'
import type { Stage } from './stage'

const TARGET_PX = 8
const EDGE_PX = 5
const CLICK_PX = 3

export interface HandHost {
  readonly scene: Scene
  readonly view: View
  readonly stage: Stage
  readonly picture: Size
  readonly leastScale: number
  /** The field that the current tool draws, with its kind. */
  drawing(): { readonly field: Field; readonly kind: CanvasKind; readonly label: string | null } | null
  look(camera: Camera): void
}

type Grip =
  | { readonly type: 'pan'; from: Point }
  | { readonly type: 'draw'; readonly running: Running<Json>; readonly field: Field; readonly kind: CanvasKind; readonly label: string | null; readonly from: Point }
  | { readonly type: 'resize'; readonly id: Id; readonly handle: string; readonly grab: Point; value: Json }
  | { readonly type: 'move'; readonly ids: readonly Id[]; readonly from: Point; values: ReadonlyMap<Id, Json>; moved: boolean }
  | { readonly type: 'many'; readonly from: Point; to: Point; readonly add: boolean }

/** One hand on one picture. It keeps what is under way and paints it on top. */
export class Hand {
  private grip: Grip | null = null
  /** The cross by which a box is placed without a pointer. */
  private cross: Point | null = null
  private spaceDown = false
  private lastClick: { readonly point: Point; readonly id: Id } | null = null

  constructor(private readonly host: HandHost) {}

  get isBusy(): boolean {
    return this.grip !== null || this.cross !== null
  }

  down(screen: Point, button: number, shift: boolean): void {
    const { view, stage } = this.host
    const point = toPicture(stage.camera, screen)
    this.cross = null
    if (button === 1 || this.spaceDown || view.state.tool === 'pan') this.grip = { type: 'pan', from: screen }
    else if (button === 0) this.grip = this.grasp(point, shift)
    stage.touchTop()
  }

  private grasp(point: Point, shift: boolean): Grip | null {
    const { scene, view, stage } = this.host
    const handle = view.state.redrawn === null ? this.handleAt(point) : null
    if (handle) return { type: 'resize', ...handle }
    const drawing = this.host.drawing()
    if (drawing !== null) {
      const inside = { x: Math.min(Math.max(point.x, 0), this.host.picture.width), y: Math.min(Math.max(point.y, 0), this.host.picture.height) }
      return { type: 'draw', running: new Running(drawing.kind.draw(inside, this.host.picture)), ...drawing, from: point }
    }
    const hit = this.hit(point)
    if (hit === null) return { type: 'many', from: point, to: point, add: shift }
    if (shift) view.toggle(hit.id)
    else if (!view.state.selection.has(hit.id)) view.select(hit.id)
    const ids = [...view.state.selection].filter((id) => scene.space.bounds(id) !== null)
    stage.touchTop()
    return shift ? null : { type: 'move', ids, from: point, values: new Map(), moved: false }
  }

  move(screen: Point): void {
    const { stage } = this.host
    const point = toPicture(stage.camera, screen)
    const { grip } = this
    if (grip === null) return this.hover(point)
    if (grip.type === 'pan') {
      this.host.look(pan(stage.camera, { x: screen.x - grip.from.x, y: screen.y - grip.from.y }, this.host.picture, stage.size))
      grip.from = screen
    }
    if (grip.type === 'draw') grip.running.send({ type: 'move', point })
    if (grip.type === 'resize') grip.value = this.resized(grip.id, grip.handle, { x: point.x + grip.grab.x, y: point.y + grip.grab.y }) ?? grip.value
    if (grip.type === 'move') this.drag(grip, point)
    if (grip.type === 'many') grip.to = point
    if (grip.type === 'resize' || (grip.type === 'move' && grip.moved)) stage.stepBack(true)
    stage.touchTop()
  }

  up(screen: Point): void {
    const { grip } = this
    const { stage, scene } = this.host
    const point = toPicture(stage.camera, screen)
    this.grip = null
    stage.stepBack(false)
    if (grip?.type === 'draw') this.finishDrawing(grip, point)
    if (grip?.type === 'resize') scene.work.setValues(new Map([[grip.id, grip.value]]))
    if (grip?.type === 'move') {
      if (grip.moved) scene.work.setValues(grip.values)
      else this.click(point)
    }
    if (grip?.type === 'many') this.chooseMany(grip, point)
    stage.touchTop()
  }

  /** Ends what is under way and leaves everything as it was. True when there was something. */
  cancel(): boolean {
    const busy = this.isBusy
    this.grip = null
    this.cross = null
    this.host.stage.stepBack(false)
    this.host.stage.touchTop()
    return busy
  }

  holdSpace(down: boolean): void {
    this.spaceDown = down
  }

  /** One notch of the wheel: zoom at the pointer. */
  wheel(screen: Point, delta: number): void {
    this.host.look(zoomAt(this.host.stage.camera, screen, Math.exp(-delta / 400), this.host.leastScale))
  }

  cursor(): string {
    const { tool } = this.host.view.state
    if (this.grip?.type === 'pan') return 'grabbing'
    if (this.spaceDown || tool === 'pan') return 'grab'
    return this.hoverCursor ?? (this.host.drawing() ? 'crosshair' : this.host.view.state.hover ? 'pointer' : 'default')
  }

  private hoverCursor: string | null = null

  private hover(point: Point): void {
    const { view, stage } = this.host
    this.hoverCursor = this.handleAt(point)?.cursor ?? null
    const hover = this.hit(point)?.id ?? null
    if (hover === view.state.hover) return
    view.set({ hover })
    stage.touchTop()
  }

  private hit(point: Point): Annotation | null {
    const { scene, view, stage } = this.host
    const found = scene.at(point, 4 / stage.camera.scale).filter((a) => !view.hides(a.id))
    return found.find((a) => view.state.selection.has(a.id)) ?? found[0] ?? null
  }

  /** The handle or edge under a point: 16 px for a corner, 10 for an edge, never more than a third of a small shape. */
  private handleAt(point: Point): { id: Id; handle: string; grab: Point; value: Json; cursor: string } | null {
    const { scene, view, stage } = this.host
    const annotation = view.single ? scene.work.store.get(view.single) : null
    const bounds = annotation && scene.space.bounds(annotation.id)
    if (!annotation || !bounds || view.hides(annotation.id)) return null
    const small = Math.min(bounds.maxX - bounds.minX, bounds.maxY - bounds.minY) * stage.camera.scale
    const reach = (px: number) => Math.min(px, Math.max(3, small / 3)) / stage.camera.scale
    const handles = scene.handles(annotation)
    const found =
      handles.find((h) => Math.hypot(point.x - h.point.x, point.y - h.point.y) <= reach(TARGET_PX)) ??
      handles.find((h) => h.from && h.to && distanceToEdge(point, h.from, h.to) <= reach(EDGE_PX))
    if (!found) return null
    return { id: annotation.id, handle: found.id, grab: { x: found.point.x - point.x, y: found.point.y - point.y }, value: annotation.value, cursor: found.cursor }
  }

  private resized(id: Id, handle: string, to: Point): Json | null {
    const annotation = this.host.scene.work.store.get(id)
    const kind = annotation && this.host.scene.kindOf(annotation)
    return annotation && kind ? kind.moveHandle(annotation.value, handle, to, this.host.picture) : null
  }

  private drag(grip: Extract<Grip, { type: 'move' }>, point: Point): void {
    const by = { x: point.x - grip.from.x, y: point.y - grip.from.y }
    if (!grip.moved && Math.hypot(by.x, by.y) * this.host.stage.camera.scale < CLICK_PX) return
    grip.moved = true
    grip.values = this.moved(grip.ids, by)
  }

  private moved(ids: readonly Id[], by: Point): Map<Id, Json> {
    const { scene, picture } = this.host
    const found = ids.map((id) => scene.work.store.get(id)).filter((a) => a !== null)
    return new Map(found.flatMap((a) => {
      const kind = scene.kindOf(a)
      return kind ? [[a.id, kind.moveBy(a.value, by, picture)] as const] : []
    }))
  }

  private finishDrawing(grip: Extract<Grip, { type: 'draw' }>, point: Point): void {
    const { scene, view, stage } = this.host
    grip.running.send({ type: 'up', point })
    const value = grip.running.result
    if (value !== null) {
      const id = scene.work.draw(grip.field, grip.label, value, view.state.redrawn)
      return view.set({ redrawn: null, selection: new Set([id]) })
    }
    if (Math.hypot(point.x - grip.from.x, point.y - grip.from.y) * stage.camera.scale < CLICK_PX * 2) this.click(point)
  }

  /** A click chooses the smallest shape under it; again at the same place, the next one. */
  private click(point: Point): void {
    const { scene, view, stage } = this.host
    const found = scene.at(point, 4 / stage.camera.scale).filter((a) => !view.hides(a.id))
    const again = this.lastClick !== null && Math.hypot(point.x - this.lastClick.point.x, point.y - this.lastClick.point.y) * stage.camera.scale < CLICK_PX
    const at = again ? found.findIndex((a) => a.id === this.lastClick?.id) + 1 : 0
    const chosen = found[at % Math.max(1, found.length)]
    this.lastClick = chosen ? { point, id: chosen.id } : null
    view.select(...(chosen ? [chosen.id] : []))
  }

  private chooseMany(grip: Extract<Grip, { type: 'many' }>, point: Point): void {
    const { scene, view, stage } = this.host
    if (Math.hypot(point.x - grip.from.x, point.y - grip.from.y) * stage.camera.scale < CLICK_PX) return this.click(point)
    const [minX, maxX] = [Math.min(grip.from.x, point.x), Math.max(grip.from.x, point.x)]
    const [minY, maxY] = [Math.min(grip.from.y, point.y), Math.max(grip.from.y, point.y)]
    const inside = scene.within({ minX, minY, maxX, maxY }).filter((a) => {
      const b = scene.space.bounds(a.id)
      return b && b.minX >= minX && b.maxX <= maxX && b.minY >= minY && b.maxY <= maxY && !view.hides(a.id)
    })
    view.select(...(grip.add ? view.state.selection : []), ...inside.map((a) => a.id))
  }

  /** Moves the selection, or the cross, by steps of a pixel of the picture. */
  nudge(by: Point): void {
    const { scene, view, stage, picture } = this.host
    if (this.cross !== null) {
      this.cross = { x: Math.min(Math.max(this.cross.x + by.x, 0), picture.width), y: Math.min(Math.max(this.cross.y + by.y, 0), picture.height) }
      if (this.grip?.type === 'draw') this.grip.running.send({ type: 'move', point: this.cross })
      return stage.touchTop()
    }
    scene.work.setValues(this.moved([...view.state.selection], by))
  }

  /** Moves the lower right corner of the selected shape. */
  stretch(by: Point): void {
    const { scene, view } = this.host
    const annotation = view.single ? scene.work.store.get(view.single) : null
    const corner = annotation && scene.handles(annotation).find((h) => h.id === 'bottom right')
    if (!annotation || !corner) return
    const value = this.resized(annotation.id, corner.id, { x: corner.point.x + by.x, y: corner.point.y + by.y })
    if (value !== null) scene.work.setValues(new Map([[annotation.id, value]]))
  }

  /** Enter: shows the cross, then sets the first corner, then the second. */
  placeByKey(): void {
    const { stage, picture } = this.host
    const drawing = this.host.drawing()
    if (drawing === null) return
    if (this.cross === null) {
      const middle = toPicture(stage.camera, { x: stage.size.width / 2, y: stage.size.height / 2 })
      this.cross = { x: Math.round(middle.x), y: Math.round(middle.y) }
    } else if (this.grip?.type === 'draw') {
      const { grip, cross } = this
      this.grip = null
      this.finishDrawing(grip, cross)
    } else {
      this.grip = { type: 'draw', running: new Running(drawing.kind.draw(this.cross, picture)), ...drawing, from: this.cross }
    }
    stage.touchTop()
  }

  /** Where the cross stands, for those who hear it. */
  get crossAt(): Point | null {
    return this.cross
  }

  paintTop(brush: Brush): void {
    const { scene, view } = this.host
    const { selection, hover } = view.state
    const values = this.valuesUnderWay()
    if (hover !== null && !selection.has(hover) && !view.hides(hover) && this.grip === null) this.paintHover(brush, hover)
    for (const id of selection) {
      const annotation = scene.work.store.get(id)
      if (annotation && !view.hides(id)) this.paintSelected(brush, values.has(id) ? { ...annotation, value: values.get(id) ?? null } : annotation)
    }
    const { grip } = this
    if (grip?.type === 'draw' && grip.running.preview !== null) {
      const index = labelOf(grip.field, grip.label)?.index
      paintShape(brush, grip.kind.outline(grip.running.preview), { hue: index === undefined ? NO_HUE : hueOf(index), fill: 0.1 })
    }
    if (grip?.type === 'many') paintMany(brush, grip.from, grip.to)
    if (this.cross !== null) paintCross(brush, this.cross, this.host.stage.size)
  }

  private valuesUnderWay(): ReadonlyMap<Id, Json> {
    if (this.grip?.type === 'resize') return new Map([[this.grip.id, this.grip.value]])
    return this.grip?.type === 'move' ? this.grip.values : new Map()
  }

  private paintHover(brush: Brush, id: Id): void {
    const { scene } = this.host
    const annotation = scene.work.store.get(id)
    if (annotation) paintShape(brush, scene.outline(annotation), { ...lookOf(scene, annotation), fill: 0.12 })
  }

  private paintSelected(brush: Brush, annotation: Annotation): void {
    const { scene } = this.host
    paintShape(brush, scene.outline(annotation), { ...lookOf(scene, annotation), fill: 0.06, inner: '#fff' })
    if (this.host.view.single !== null && this.grip?.type !== 'move') paintHandles(brush, scene, annotation)
  }
}

function paintMany({ ctx, camera }: Brush, from: Point, to: Point): void {
  const [a, b] = [toScreen(camera, from), toScreen(camera, to)]
  ctx.fillStyle = 'rgba(226, 176, 74, .12)'
  ctx.fillRect(a.x, a.y, b.x - a.x, b.y - a.y)
  ctx.strokeStyle = '#d3a33c'
  ctx.lineWidth = 1
  ctx.strokeRect(a.x, a.y, b.x - a.x, b.y - a.y)
}

function paintCross({ ctx, camera }: Brush, cross: Point, size: Size): void {
  const { x, y } = toScreen(camera, cross)
  for (const [colour, width] of [['rgba(0, 0, 0, .5)', 3], ['#fff', 1]] as const) {
    ctx.strokeStyle = colour
    ctx.lineWidth = width
    ctx.beginPath()
    ctx.moveTo(0, y)
    ctx.lineTo(size.width, y)
    ctx.moveTo(x, 0)
    ctx.lineTo(x, size.height)
    ctx.stroke()
  }
}
