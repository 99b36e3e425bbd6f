// What the pointer does on a picture: by tool and by button it draws, paints, chooses, moves, pulls a handle, measures or pans.

import type { Point } from '../../engine/gesture'
import type { Annotation, Id, Json } from '../../engine/types'
import { pan, toPicture, zoomAt } from './camera'
import { Choosing, type Frame, paintFrame } from './choosing'
import { Handles, type Pull } from './handles'
import { Hovering } from './hovering'
import { type Drag, drag, grasp, moved } from './moving'
import { paintRuler } from './overlay'
import { type Brush, lookOf, paintHandles, paintShape } from './paint'
import { Painting } from './painting'
import { type HandHost, type Held, NO_KEYS, Pen } from './pen'

interface Measure {
  readonly type: 'measure'
  readonly from: Point
  to: Point
}

/** What is held as long as a button is down. A pan counts in pixels of the screen, all others in those of the picture. */
type Grip = { readonly type: 'pan'; from: Point } | Pull | Drag | Frame | Measure

/** One hand on one picture. It keeps what is under way and paints it on top. */
export class Hand {
  private grip: Grip | null = null
  private spaceDown = false
  /** What was measured last; it stays until Esc or another tool. */
  private ruler: Measure | null = null

  readonly pen: Pen
  readonly painting: Painting
  readonly handles: Handles
  private readonly choosing: Choosing
  private readonly hovering: Hovering

  constructor(private readonly host: HandHost) {
    this.choosing = new Choosing(host)
    this.painting = new Painting(host)
    this.pen = new Pen(host, (point) => this.choosing.click(point))
    this.handles = new Handles(host, this.pen, this.choosing)
    this.hovering = new Hovering(host, this.pen, this.handles, this.choosing)
  }

  get isBusy(): boolean {
    return this.grip !== null || this.pen.isBusy || this.painting.isBusy
  }

  get doing(): 'drawing' | 'corner' | null {
    if (this.pen.isDrawing) return 'drawing'
    return this.handles.held === null ? null : 'corner'
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
    const act = this.pen.isDrawing ? null : this.handles.second(point)
    if (act !== null) return this.handles.act(act, point)
    const { second } = this.pen
    if (second && (this.pen.isDrawing || this.host.drawing()?.kind.arm)) this.pen.say(second.id, point, held)
  }

  private grasp(point: Point, held: Held): Grip | null {
    const { view } = this.host
    if (view.state.linking !== null) {
      const end = this.choosing.at(point)
      if (end) view.choose(end.id)
      return null
    }
    const pull = view.state.redrawn === null ? this.handles.at(point) : null
    this.handles.forget()
    if (pull && held.altKey && this.handles.remove(pull.id, pull.handle)) return null
    if (pull) return pull
    if (this.host.drawing() !== null) {
      this.draw(point, held, view.state.brush.erases)
      return null
    }
    return this.choose(point, held)
  }

  /** A press without a tool chooses a link or a shape, which can be dragged at once, or begins a frame. */
  private choose(point: Point, held: Held): Grip | null {
    const { view, stage } = this.host
    const line = this.host.linkAt(point)
    if (line !== null) {
      if (held.shiftKey) view.toggle(line)
      else view.select(line)
      return null
    }
    const hit = this.choosing.at(point)
    if (hit === null) return { type: 'many', from: point, to: point, add: held.shiftKey }
    if (held.shiftKey) view.toggle(hit.id)
    else if (!view.state.selection.has(hit.id)) view.select(hit.id)
    stage.touchTop()
    return held.shiftKey ? null : grasp(this.host, point)
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
    else if (grip === null && this.paints) return this.hoverPainting(point)
    else if (grip === null) return this.hovering.over(point, held)
    if (grip?.type === 'resize') this.handles.pull(grip, point, held)
    if (grip?.type === 'move') drag(this.host, grip, point)
    if (grip?.type === 'many' || grip?.type === 'measure') grip.to = point
    if (grip && (grip.type === 'resize' || grip.type === 'move') && grip.moved) stage.stepBack(true)
    stage.touchTop()
  }

  private hoverPainting(point: Point): void {
    this.painting.move(point)
    this.hovering.overNothing()
  }

  up(screen: Point, held: Held = NO_KEYS): void {
    const { grip } = this
    const { stage, scene } = this.host
    const point = toPicture(stage.camera, screen)
    this.grip = null
    stage.stepBack(false)
    if (grip === null && this.pen.isDrawing) this.pen.point('up', point, held)
    if (this.painting.isBusy) this.painting.up(point)
    if (grip?.type === 'resize') this.handles.release(grip, held)
    if (grip?.type === 'move') {
      if (grip.moved) scene.work.setValues(grip.values)
      else this.choosing.click(point)
    }
    if (grip?.type === 'many') this.choosing.enclose(grip, point)
    this.pen.snap = null
    stage.touchTop()
  }

  /** Ends what is under way and leaves everything as it was. True when there was something. */
  cancel(): boolean {
    const busy = this.isBusy || this.handles.held !== null || this.ruler !== null
    this.ruler = null
    this.grip = null
    this.pen.drop()
    this.painting.drop()
    this.handles.forget()
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
    if (this.painting.tool !== 'brush' && this.painting.tool !== 'pieces') return false
    this.painting.resize(by)
    return true
  }

  /** One notch of the wheel: zoom at the pointer. */
  wheel(screen: Point, delta: number): void {
    this.host.look(zoomAt(this.host.stage.camera, screen, Math.exp(-delta / 400), this.host.leastScale))
  }

  cursor(): string {
    const { tool, hover } = this.host.view.state
    if (this.grip?.type === 'pan') return 'grabbing'
    if (this.spaceDown || tool === 'pan') return 'grab'
    if (this.pen.isDrawing || tool === 'ruler') return 'crosshair'
    return this.hovering.cursor ?? this.painting.cursor() ?? (this.host.drawing() ? 'crosshair' : hover ? 'pointer' : 'default')
  }

  /** Whether a press paints at once, by brush, by colour or by superpixels. */
  private get paints(): boolean {
    return this.painting.tool !== null && this.painting.tool !== 'other'
  }

  /** Moves the cross, the corner that is held, or the selection, by steps of a pixel of the picture. */
  nudge(by: Point): void {
    const { scene, view } = this.host
    if (this.pen.moveCross(by) || this.handles.nudge(by)) return
    scene.work.setValues(moved(this.host, [...view.state.selection], by))
  }

  paintTop(brush: Brush): void {
    const { grip } = this
    const { scene, view } = this.host
    const { selection, hover } = view.state
    const values = this.valuesUnderWay()
    if (hover !== null && !selection.has(hover) && !view.hides(hover) && grip === null && !this.pen.isDrawing) this.paintHover(brush, hover)
    const isBelow = this.host.stage.hasManySelected && values.size === 0
    for (const id of isBelow ? [] : selection) {
      const annotation = scene.work.store.get(id)
      if (annotation && !view.hides(id) && !this.painting.isPainted(id)) this.paintSelected(brush, values.has(id) ? { ...annotation, value: values.get(id) ?? null } : annotation)
    }
    if (grip?.type === 'many') paintFrame(brush, grip)
    this.painting.paint(brush)
    if (grip === null && !this.pen.isDrawing) this.hovering.paint(brush)
    if (this.ruler !== null) paintRuler(brush, this.ruler.from, this.ruler.to)
    this.pen.paint(brush)
  }

  private valuesUnderWay(): ReadonlyMap<Id, Json> {
    if (this.grip?.type === 'resize' && this.grip.moved) return new Map([[this.grip.id, this.grip.value]])
    return this.grip?.type === 'move' ? this.grip.values : new Map()
  }

  private paintHover(brush: Brush, id: Id): void {
    const { scene } = this.host
    const annotation = scene.work.store.get(id)
    if (annotation) paintShape(brush, scene.outline(annotation), { ...lookOf(scene, annotation), fill: 0.12 })
  }

  private paintSelected(brush: Brush, annotation: Annotation): void {
    const { grip, host: { scene, stage, view } } = this
    paintShape(brush, scene.outline(annotation), { ...lookOf(scene, annotation), fill: 0.06, inner: '#fff', detail: stage.hasManySelected ? 'fine' : 'full' })
    // While a shape turns, its handles would only jump about.
    const isTurning = grip?.type === 'resize' && this.handles.isTurning(grip)
    if (view.single !== null && grip?.type !== 'move' && !isTurning && !this.pen.isDrawing) paintHandles(brush, scene, annotation, this.handles.held?.id ?? null)
  }
}
