// What the pointer and the keyboard do on a picture: draw, select, move, resize, choose many, pan, zoom.

import type { Point } from '../../engine/gesture'
import type { CanvasKind, Handle, Primitive } from '../../engine/kind'
import type { Bounds } from '../../engine/space'
import type { Annotation, Id, Json } from '../../engine/types'
import { pan, toPicture, toScreen, zoomAt } from './camera'
import { type Brush, lookOf, paintHandles, paintName, paintShape } from './paint'
import { Painting } from './painting'
import { type HandHost, type Held, NO_KEYS, Pen } from './pen'
import { distanceToEdge, heldAt, nearestOnEdge } from './scene'
import { paintRuler } from './overlay'

const TARGET_PX = 8
const EDGE_PX = 5
const CLICK_PX = 3

/** What is held as long as a button is down. */
type Grip =
  | { readonly type: 'pan'; from: Point }
  | { readonly type: 'resize'; readonly id: Id; readonly handle: string; readonly from: Point; readonly grab: Point; value: Json; moved: boolean }
  | { readonly type: 'move'; readonly ids: readonly Id[]; readonly from: Point; values: ReadonlyMap<Id, Json>; moved: boolean }
  | { readonly type: 'many'; readonly from: Point; to: Point; readonly add: boolean }
  | { readonly type: 'measure'; readonly from: Point; to: Point }

/** One hand on one picture. It keeps what is under way and paints it on top. */
export class Hand {
  private grip: Grip | null = null
  /** The corner that was clicked: arrows and Delete mean it. */
  private corner: { readonly id: Id; readonly handle: string } | null = null
  private spaceDown = false
  /** What was measured last; it stays until Esc or another tool. */
  private ruler: Extract<Grip, { type: 'measure' }> | null = null
  private lastClick: { readonly point: Point; readonly id: Id } | null = null

  readonly pen: Pen
  readonly painting: Painting

  constructor(private readonly host: HandHost) {
    this.painting = new Painting(host)
    this.pen = new Pen(host, (point) => this.click(point))
  }

  get isBusy(): boolean {
    return this.grip !== null || this.pen.isBusy || this.painting.isBusy
  }

  get doing(): 'drawing' | 'corner' | null {
    if (this.pen.isDrawing) return 'drawing'
    return this.heldCorner() === null ? null : 'corner'
  }

  down(screen: Point, button: number, held: Held = NO_KEYS): void {
    const { view, stage } = this.host
    const point = toPicture(stage.camera, screen)
    this.pen.cross = null
    if (button === 1 || this.spaceDown || view.state.tool === 'pan') this.grip = { type: 'pan', from: screen }
    else if (button === 0 && view.state.tool === 'ruler') this.grip = this.ruler = { type: 'measure', from: point, to: point }
    else if (button === 0 && this.pen.isDrawing) this.pen.point('down', point, held)
    else if (button === 0) this.grip = this.grasp(point, held)
    else if (button === 2 && this.painting.tool !== null) this.paintWithSecond(point, held)
    else if (button === 2) this.second(point, held)
    stage.touchTop()
  }

  /** The second button paints the other way round: it takes away, or adds where the eraser is in hand. */
  private paintWithSecond(point: Point, held: Held): void {
    if (this.pen.isDrawing) this.pen.point('down', point, held)
    else this.draw(point, held, !this.host.view.state.brush.erases)
  }

  /** The second button: an act at a handle, or something said of what is drawn. */
  private second(point: Point, held: Held): void {
    const handle = this.pen.isDrawing ? null : this.handleAt(point)
    const act = handle && this.kindOf(handle.id)?.acts?.find((a) => a.second)
    if (handle && act) return this.act(act.id, point)
    const { second } = this.pen
    if (second && (this.pen.isDrawing || this.host.drawing()?.kind.arm)) this.pen.say(second.id, point, held)
  }

  /** Does an act of the selected shape's kind; `at` is where the pointer is. */
  act(id: string, at: Point): void {
    const { scene, view, stage } = this.host
    const annotation = view.single ? scene.work.store.get(view.single) : null
    const field = annotation && scene.work.field(annotation.field)
    const act = annotation && this.kindOf(annotation.id)?.acts?.find((a) => a.id === id)
    if (!annotation || !field || !act) return
    const value = act.run(annotation.value, field, this.handleAt(at)?.handle ?? this.heldCorner()?.id ?? null)
    if (value !== null) scene.work.setValues(new Map([[annotation.id, value]]))
    stage.touchTop()
  }

  private grasp(point: Point, held: Held): Grip | null {
    const { scene, view, stage } = this.host
    if (view.state.linking !== null) {
      const end = this.hit(point)
      if (end) view.choose(end.id)
      return null
    }
    const handle = view.state.redrawn === null ? this.handleAt(point) : null
    this.corner = null
    if (handle && held.altKey && this.dropCorner(handle.id, handle.handle)) return null
    if (handle) return { type: 'resize', ...handle, from: point, moved: false }
    if (this.host.drawing() !== null) {
      this.draw(point, held, view.state.brush.erases)
      return null
    }
    const line = this.host.linkAt(point)
    if (line !== null) {
      if (held.shiftKey) view.toggle(line)
      else view.select(line)
      return null
    }
    const hit = this.hit(point)
    if (hit === null) return { type: 'many', from: point, to: point, add: held.shiftKey }
    if (held.shiftKey) view.toggle(hit.id)
    else if (!view.state.selection.has(hit.id)) view.select(hit.id)
    const ids = [...view.state.selection].filter((id) => scene.space.bounds(id) !== null)
    stage.touchTop()
    return held.shiftKey ? null : { type: 'move', ids, from: point, values: new Map(), moved: false }
  }

  /** Begins a shape, or a stroke where the tool paints. */
  private draw(point: Point, held: Held, erases: boolean): void {
    const tool = this.host.drawing()
    if (tool === null) return
    if (this.paints && this.host.view.state.redrawn === null) this.painting.begin(tool, point, erases)
    else this.pen.begin(tool, point, held, this.painting.tool !== null && erases)
  }

  move(screen: Point, held: Held = NO_KEYS): void {
    const { stage } = this.host
    const point = toPicture(stage.camera, screen)
    const { grip } = this
    this.painting.pointer = screen
    if (grip?.type === 'pan') {
      this.host.look(pan(stage.camera, { x: screen.x - grip.from.x, y: screen.y - grip.from.y }, this.host.picture, stage.size))
      grip.from = screen
    } else if (this.pen.isDrawing) this.pen.point('move', point, held)
    else if (this.painting.isBusy) this.painting.move(point)
    else if (grip === null && this.paints) return this.hoverNothing()
    else if (grip === null) return this.hover(point, held)
    if (grip?.type === 'resize') this.resize(grip, point, held)
    if (grip?.type === 'move') this.drag(grip, point)
    if (grip?.type === 'many' || grip?.type === 'measure') grip.to = point
    if (grip && (grip.type === 'resize' || grip.type === 'move') && grip.moved) stage.stepBack(true)
    stage.touchTop()
  }

  up(screen: Point, held: Held = NO_KEYS): void {
    const { grip } = this
    const { stage, scene } = this.host
    const point = toPicture(stage.camera, screen)
    this.grip = null
    stage.stepBack(false)
    if (grip === null && this.pen.isDrawing) this.pen.point('up', point, held)
    if (this.painting.isBusy) this.painting.up(point)
    if (grip?.type === 'resize') this.let(grip, held)
    if (grip?.type === 'move') {
      if (grip.moved) scene.work.setValues(grip.values)
      else this.click(point)
    }
    if (grip?.type === 'many') this.chooseMany(grip, point)
    this.pen.snap = null
    stage.touchTop()
  }

  /** Ends what is under way and leaves everything as it was. True when there was something. */
  cancel(): boolean {
    const busy = this.isBusy || this.heldCorner() !== null || this.ruler !== null
    this.ruler = null
    this.grip = null
    this.pen.drop()
    this.painting.drop()
    this.corner = null
    this.host.stage.stepBack(false)
    this.host.stage.touchTop()
    return busy
  }

  /** The press was no press: a second finger came, or the system took the pointer. A shape of many clicks stays. */
  letGo(): void {
    if (this.pen.presses < 2) return void this.cancel()
    this.grip = null
    this.pen.back()
  }

  /** The pointer left the picture. */
  leave(): void {
    this.painting.pointer = null
    this.host.stage.touchTop()
  }

  holdSpace(down: boolean): void {
    this.spaceDown = down
  }

  /** A notch of the wheel with Alt or Ctrl: the size of the brush, if one is in hand. */
  resizeBrush(by: 1 | -1): boolean {
    if (this.painting.tool !== 'brush') return false
    this.painting.resize(by)
    return true
  }

  /** One notch of the wheel: zoom at the pointer. */
  wheel(screen: Point, delta: number): void {
    this.host.look(zoomAt(this.host.stage.camera, screen, Math.exp(-delta / 400), this.host.leastScale))
  }

  cursor(): string {
    const { tool } = this.host.view.state
    if (this.grip?.type === 'pan') return 'grabbing'
    if (this.spaceDown || tool === 'pan') return 'grab'
    if (this.pen.isDrawing || tool === 'ruler') return 'crosshair'
    return this.hoverCursor ?? this.painting.cursor() ?? (this.host.drawing() ? 'crosshair' : this.host.view.state.hover ? 'pointer' : 'default')
  }

  private hoverCursor: string | null = null
  /** The handle under the pointer that has a name. */
  private named: Handle | null = null

  /** Whether a press paints at once, by brush or by colour. */
  private get paints(): boolean {
    return this.painting.tool === 'brush' || this.painting.tool === 'alike'
  }

  /** A brush means no shape: it paints wherever it is pressed. */
  private hoverNothing(): void {
    this.hoverCursor = null
    if (this.host.view.state.hover !== null) this.host.view.set({ hover: null })
    this.host.stage.touchTop()
  }

  private hover(point: Point, held: Held): void {
    const { view, stage } = this.host
    const near = this.handleAt(point)
    this.hoverCursor = near?.cursor ?? null
    const wasNamed = this.named
    this.named = (near && this.host.scene.handlesOf(near.id).find((h) => h.id === near.handle && h.name)) ?? null
    if (wasNamed !== this.named) stage.touchTop()
    const was = this.pen.snap
    if (this.hoverCursor === null) this.pen.aimed(point, held)
    else this.pen.snap = null
    const { snap } = this.pen
    const hover = this.hit(point)?.id ?? null
    if (hover === view.state.hover && was?.x === snap?.x && was?.y === snap?.y) return
    if (hover !== view.state.hover) view.set({ hover })
    stage.touchTop()
  }

  private kindOf(id: Id): CanvasKind | null {
    const annotation = this.host.scene.work.store.get(id)
    return annotation && this.host.scene.kindOf(annotation)
  }

  private hit(point: Point): Annotation | null {
    const { scene, view, stage } = this.host
    const found = scene.at(point, 4 / stage.camera.scale).filter((a) => view.takes(a.id))
    return found.find((a) => view.state.selection.has(a.id)) ?? found[0] ?? null
  }

  /** The nearest handle or edge to a point: 16 px for a corner, 10 for an edge, never more than a third of a small shape. */
  private handleAt(point: Point): { id: Id; handle: string; grab: Point; value: Json; cursor: string } | null {
    const { scene, view, stage } = this.host
    const annotation = view.single ? scene.work.store.get(view.single) : null
    const bounds = annotation && scene.space.bounds(annotation.id)
    if (!annotation || !bounds || view.hides(annotation.id) || !view.allows(annotation.id)) return null
    const size = roomOf(scene.outline(annotation), bounds) * stage.camera.scale
    const reach = (px: number) => Math.min(px, Math.max(3, size / 3)) / stage.camera.scale
    const handles = scene.handles(annotation)
    const away = (h: Handle): number => {
      const place = heldAt(h, stage.camera.scale)
      return Math.hypot(point.x - place.x, point.y - place.y)
    }
    const found =
      nearest(handles.filter((h) => h.stem), away, TARGET_PX / stage.camera.scale) ??
      nearest(handles.filter((h) => !h.adds && !h.stem), away, reach(TARGET_PX)) ??
      nearest(handles, (h) => (h.from && h.to ? distanceToEdge(point, h.from, h.to) : Infinity), reach(EDGE_PX))
    if (!found) return null
    const at = found.from && found.to ? nearestOnEdge(point, found.from, found.to) : heldAt(found, stage.camera.scale)
    return { id: annotation.id, handle: found.id, grab: { x: at.x - point.x, y: at.y - point.y }, value: annotation.value, cursor: found.cursor }
  }

  private resized(id: Id, handle: string, to: Point, { shiftKey } = NO_KEYS): Json | null {
    const annotation = this.host.scene.work.store.get(id)
    const kind = annotation && this.host.scene.kindOf(annotation)
    return annotation && kind ? kind.moveHandle(annotation.value, handle, to, this.host.picture, { shift: shiftKey }) : null
  }

  private resize(grip: Extract<Grip, { type: 'resize' }>, point: Point, held: Held): void {
    if (!grip.moved && this.isClick(grip.from, point)) return
    grip.moved = true
    const to = this.pen.aimed({ x: point.x + grip.grab.x, y: point.y + grip.grab.y }, held, grip.id)
    grip.value = this.resized(grip.id, grip.handle, to, held) ?? grip.value
  }

  /** A handle is let go: it stays where it was dragged. One that was only clicked is held; with a tool, drawing begins there. */
  private let(grip: Extract<Grip, { type: 'resize' }>, held: Held): void {
    const { scene } = this.host
    if (grip.moved) return scene.work.setValues(new Map([[grip.id, grip.value]]))
    const kind = this.kindOf(grip.id)
    const tool = this.host.drawing()
    if (tool?.kind.snaps) return this.pen.begin(tool, grip.from, held)
    const handle = scene.handlesOf(grip.id).find((h) => h.id === grip.handle)
    if (kind?.removeHandle && handle && !handle.adds) this.corner = { id: grip.id, handle: grip.handle }
    else if (handle?.adds) this.click(grip.from)
  }

  private isClick(from: Point, to: Point): boolean {
    return Math.hypot(to.x - from.x, to.y - from.y) * this.host.stage.camera.scale < CLICK_PX
  }

  /** The corner that is held, as long as its shape is the selected one and has it. */
  private heldCorner(): Handle | null {
    const { corner } = this
    if (corner === null || this.host.view.single !== corner.id) return null
    return this.host.scene.handlesOf(corner.id).find((h) => h.id === corner.handle) ?? null
  }

  /** Removes the corner that is held; the one before it is held then. */
  removeCorner(): void {
    const { corner } = this
    if (corner !== null && this.heldCorner() !== null) this.dropCorner(corner.id, corner.handle)
  }

  private dropCorner(id: Id, handle: string): boolean {
    const { scene, stage } = this.host
    const annotation = scene.work.store.get(id)
    const value = annotation && this.kindOf(id)?.removeHandle?.(annotation.value, handle)
    this.corner = null
    if (value === null || value === undefined) return false
    scene.work.setValues(new Map([[id, value]]))
    stage.touchTop()
    return true
  }

  private drag(grip: Extract<Grip, { type: 'move' }>, point: Point): void {
    const by = { x: point.x - grip.from.x, y: point.y - grip.from.y }
    if (!grip.moved && this.isClick(grip.from, point)) return
    grip.moved = true
    grip.values = this.moved(grip.ids, by)
  }

  private moved(ids: readonly Id[], by: Point): Map<Id, Json> {
    const { scene, picture, view } = this.host
    const found = ids.filter((id) => view.allows(id) && !view.state.pinned.has(id)).map((id) => scene.work.store.get(id)).filter((a) => a !== null)
    return new Map(found.flatMap((a) => {
      const kind = scene.kindOf(a)
      return kind ? [[a.id, kind.moveBy(a.value, by, picture)] as const] : []
    }))
  }

  /** A click chooses the smallest shape under it; again at the same place, the next one. */
  private click(point: Point): void {
    const { scene, view, stage } = this.host
    const found = scene.at(point, 4 / stage.camera.scale).filter((a) => view.takes(a.id))
    const again = this.lastClick !== null && Math.hypot(point.x - this.lastClick.point.x, point.y - this.lastClick.point.y) * stage.camera.scale < CLICK_PX
    const at = again ? found.findIndex((a) => a.id === this.lastClick?.id) + 1 : 0
    const chosen = found[at % Math.max(1, found.length)]
    this.lastClick = chosen ? { point, id: chosen.id } : null
    view.select(...(chosen ? [chosen.id] : []))
  }

  private chooseMany(grip: Extract<Grip, { type: 'many' }>, point: Point): void {
    const { scene, view } = this.host
    if (this.isClick(grip.from, point)) return this.click(point)
    const [minX, maxX] = [Math.min(grip.from.x, point.x), Math.max(grip.from.x, point.x)]
    const [minY, maxY] = [Math.min(grip.from.y, point.y), Math.max(grip.from.y, point.y)]
    const inside = scene.within({ minX, minY, maxX, maxY }).filter((a) => {
      const b = scene.space.bounds(a.id)
      return b && b.minX >= minX && b.maxX <= maxX && b.minY >= minY && b.maxY <= maxY && view.takes(a.id)
    })
    view.select(...(grip.add ? view.state.selection : []), ...inside.map((a) => a.id))
  }

  /** Moves the selection, or the cross, by steps of a pixel of the picture. */
  nudge(by: Point): void {
    const { scene, view } = this.host
    if (this.pen.moveCross(by)) return
    const held = this.heldCorner()
    const { single } = view
    if (held && single !== null) {
      const value = this.resized(single, held.id, { x: held.point.x + by.x, y: held.point.y + by.y })
      return value === null ? undefined : scene.work.setValues(new Map([[single, value]]))
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

  paintTop(brush: Brush): void {
    const { scene, view } = this.host
    const { selection, hover } = view.state
    const values = this.valuesUnderWay()
    if (hover !== null && !selection.has(hover) && !view.hides(hover) && this.grip === null && !this.pen.isDrawing) this.paintHover(brush, hover)
    const isBelow = this.host.stage.hasManySelected && values.size === 0
    for (const id of isBelow ? [] : selection) {
      const annotation = scene.work.store.get(id)
      if (annotation && !view.hides(id) && id !== this.painting.painted) this.paintSelected(brush, values.has(id) ? { ...annotation, value: values.get(id) ?? null } : annotation)
    }
    const { grip } = this
    if (grip?.type === 'many') paintMany(brush, grip.from, grip.to)
    this.painting.paint(brush)
    if (grip === null && this.named?.name && !this.pen.isDrawing) paintName(brush, this.named.point, this.named.name)
    if (this.ruler !== null) paintRuler(brush, this.ruler.from, this.ruler.to)
    this.pen.paint(brush)
  }

  private valuesUnderWay(): ReadonlyMap<Id, Json> {
    if (this.grip?.type === 'resize' && this.grip.moved) return new Map([[this.grip.id, this.grip.value]])
    return this.grip?.type === 'move' ? this.grip.values : new Map()
  }

  /** While a shape turns, its handles would only jump about. */
  private isTurning(id: Id): boolean {
    const { grip } = this
    return grip?.type === 'resize' && grip.moved && this.host.scene.handlesOf(id).some((h) => h.id === grip.handle && h.stem !== undefined)
  }

  private paintHover(brush: Brush, id: Id): void {
    const { scene } = this.host
    const annotation = scene.work.store.get(id)
    if (annotation) paintShape(brush, scene.outline(annotation), { ...lookOf(scene, annotation), fill: 0.12 })
  }

  private paintSelected(brush: Brush, annotation: Annotation): void {
    const { scene } = this.host
    paintShape(brush, scene.outline(annotation), { ...lookOf(scene, annotation), fill: 0.06, inner: '#fff', detail: this.host.stage.hasManySelected ? 'fine' : 'full' })
    if (this.host.view.single !== null && this.grip?.type !== 'move' && !this.isTurning(annotation.id) && !this.pen.isDrawing) paintHandles(brush, scene, annotation, this.heldCorner()?.id ?? null)
  }
}

/** How large a shape is to a hand, in pixels of the picture: an area as its shorter side, a line as its longer one, a dot any. */
function roomOf(outline: readonly Primitive[], { minX, minY, maxX, maxY }: Bounds): number {
  const [width, height] = [maxX - minX, maxY - minY]
  if (width === 0 && height === 0) return Infinity
  return outline.every((p) => p.type === 'dot' || (p.type === 'path' && !p.closed)) ? Math.max(width, height) : Math.min(width, height)
}

/** The nearest of some things within reach. */
function nearest<T>(things: readonly T[], distance: (thing: T) => number, reach: number): T | null {
  let [best, least]: [T | null, number] = [null, reach]
  for (const thing of things) {
    const away = distance(thing)
    if (away <= least) [best, least] = [thing, away]
  }
  return best
}

function paintMany({ ctx, camera }: Brush, from: Point, to: Point): void {
  const [a, b] = [toScreen(camera, from), toScreen(camera, to)]
  ctx.fillStyle = 'rgba(226, 176, 74, .12)'
  ctx.fillRect(a.x, a.y, b.x - a.x, b.y - a.y)
  ctx.strokeStyle = '#d3a33c'
  ctx.lineWidth = 1
  ctx.strokeRect(a.x, a.y, b.x - a.x, b.y - a.y)
}
