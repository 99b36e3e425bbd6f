// What is drawn on a picture: a stroke of one drag or of many clicks, by pointer or by the cross of the keyboard.

import type { Aim, Gesture, GestureInput, Point } from '../../engine/gesture'
import { Running } from '../../engine/gesture'
import type { CanvasKind, Line, Saying, Size } from '../../engine/kind'
import type { Field } from '../../engine/schema'
import { labelOf } from '../../engine/schema'
import type { Id, Json } from '../../engine/types'
import { SLICE, type View } from '../../engine/view'
import { Bordering } from './bordering'
import { type Camera, toPicture } from './camera'
import { hueOf, NO_HUE } from './hues'
import { paintCross } from './overlay'
import { type Brush, paintShape, paintSnap } from './paint'
import { keepStroke, type Landing, targetOf } from './landing'
import type { Scene } from './scene'
import { snapped } from './snapping'
import type { Stage } from './stage'

/** A press that moved less than this is a click, in pixels of the screen. */
const CLICK_PX = 6
const REACH_PX = 8
const CUT_HUE = '#ffffff'

/** The field that is drawn, its kind, and the label it gets. */
export interface Tool {
  readonly field: Field
  readonly kind: CanvasKind
  readonly label: string | null
}

/** Keys that are held with the pointer. */
export interface Held {
  readonly shiftKey: boolean
  readonly altKey: boolean
}

export const NO_KEYS: Held = { shiftKey: false, altKey: false }

export interface HandHost {
  readonly scene: Scene
  readonly view: View
  readonly stage: Stage
  readonly picture: Size
  readonly leastScale: number
  /** Strokes whose pixels are still looked for. */
  readonly landing: Set<Landing>
  /** Whether another picture is shown by now. */
  isLeft(): boolean
  /** The field that the current tool draws, with its kind. */
  drawing(): Tool | null
  look(camera: Camera): void
  /** The link whose line passes a point. */
  linkAt(point: Point): Id | null
}

/** A shape that is being drawn: by one drag, or by many clicks. */
interface Stroke extends Tool {
  /** Whether it takes from a shape, where it is painted. */
  readonly erases: boolean
  /** Whether it is a line that cuts the selected shape. */
  readonly cuts: boolean
  readonly running: Running<Json>
  readonly from: Point
  presses: number
}

/** The pen of one hand. What it makes goes into the work; a drag that made nothing was a click. */
export class Pen {
  /** Where the next point is drawn to. */
  snap: Point | null = null
  /** The cross by which a shape is placed without a pointer, and where it set the last point. */
  cross: Point | null = null
  private crossSet: Point | null = null
  private stroke: Stroke | null = null
  readonly bordering: Bordering

  constructor(
    private readonly host: HandHost,
    private readonly click: (point: Point) => void,
  ) {
    this.bordering = new Bordering(host)
  }

  get isDrawing(): boolean {
    return this.stroke !== null
  }

  get isBusy(): boolean {
    return this.stroke !== null || this.cross !== null
  }

  /** How often a button was pressed for what is being drawn. */
  get presses(): number {
    return this.stroke?.presses ?? 0
  }

  begin(tool: Tool, at: Point, held: Held, erases = false): void {
    this.start(tool, this.aimed(at, held), erases)
  }

  private start(tool: Tool, point: Point, erases: boolean): void {
    const { picture } = this.host
    const inside = { x: Math.min(Math.max(point.x, 0), picture.width), y: Math.min(Math.max(point.y, 0), picture.height) }
    const way = tool.kind.paint?.ways.find((w) => w.id === this.host.view.state.brush.way)
    const cut = this.isCutting ? tool.kind.slice?.draw(inside, picture) : undefined
    const gesture: Gesture<Json> = cut ?? (way ? way.draw(inside, picture) : tool.kind.draw(inside, picture, tool.field, this.base(tool.kind)))
    this.stroke = { running: new Running(gesture), ...tool, erases, cuts: cut !== undefined, from: inside, presses: 1 }
    this.bordering.forget()
    this.bordering.take(inside)
    this.tell()
  }

  /** Whether the next line cuts a shape. */
  private get isCutting(): boolean {
    return this.host.view.state.redrawn?.join === SLICE
  }

  /** The shape that what is drawn is joined to. */
  private base(kind: CanvasKind): Json | null {
    const { redrawn } = this.host.view.state
    const annotation = redrawn?.join ? this.host.scene.work.store.get(redrawn.id) : null
    return annotation?.kind === kind.name ? annotation.value : null
  }

  /** Shows what comes next, where the kind says so. */
  tell(): void {
    const { view } = this.host
    const tool = this.stroke ?? this.host.drawing()
    const guide = this.isCutting ? null : tool?.kind.guide?.(this.stroke?.running.preview ?? null, tool.field, this.base(tool.kind)) ?? null
    const was = view.state.guide
    if (guide?.words !== was?.words || guide?.step !== was?.step || guide?.of !== was?.of) view.set({ guide })
  }

  /** Whether something can be said of what is drawn, or begin it. */
  hears(kind: string, saying: string): boolean {
    const tool = this.stroke ?? this.host.drawing()
    const found = tool?.kind.name === kind ? tool.kind.sayings?.find((s) => s.id === saying) : undefined
    return found !== undefined && (this.stroke !== null || found.begins === true)
  }

  /** Something is said of what is drawn, which begins with it where nothing is. */
  say(what: string, at: Point | null = null, held: Held = NO_KEYS): void {
    const tool = this.host.drawing()
    if (this.stroke === null && tool?.kind.arm) {
      const running = new Running(tool.kind.arm(this.host.picture, tool.field, this.base(tool.kind)))
      this.stroke = { running, ...tool, erases: false, cuts: false, from: at ?? { x: 0, y: 0 }, presses: 0 }
    }
    this.send({ type: 'say', what, ...(at === null ? {} : { point: this.aimed(at, held) }), ...this.aim(held) })
    this.host.stage.touchTop()
  }

  /** What the second button of the pointer says of the kind that is drawn. */
  get second(): Saying | null {
    const tool = this.stroke ?? this.host.drawing()
    return tool?.kind.sayings?.find((s) => s.second) ?? null
  }

  /** The pointer was pressed, moved or let go. */
  point(type: 'down' | 'move' | 'up', at: Point, held: Held): void {
    const point = this.aimed(at, held)
    const follows = this.stroke?.kind.snaps === true && !this.stroke.cuts
    if (type === 'move') this.bordering.look(follows ? this.snap : null)
    if (type === 'down' && follows) for (const corner of this.bordering.take(point)) this.send({ type, point: corner, reach: 0 })
    this.send({ type, point, ...this.aim(held) })
  }

  /** Takes back the last point of what is being drawn. */
  back(): void {
    for (let left = this.bordering.back(); left > 0; left -= 1) this.send({ type: 'back' })
    this.host.stage.touchTop()
  }

  drop(): void {
    this.stroke = null
    this.bordering.forget()
    this.snap = null
    this.cross = null
    this.crossSet = null
    this.tell()
  }

  /** The point that a pointer means: a corner or an edge nearby, for kinds that ask for it. Alt leaves it where it is. */
  aimed(point: Point, { altKey }: Held, except: Id | null = null): Point {
    const { scene, view, stage } = this.host
    const kind = this.stroke?.kind ?? (except === null ? this.host.drawing()?.kind : this.kindOf(except))
    const snaps = kind?.snaps === true && !this.isCutting && (view.state.snaps || view.state.borders) && !altKey
    this.snap = snaps ? snapped(point, scene, REACH_PX / stage.camera.scale, (a) => a.id === except || view.hides(a.id)) : null
    return this.snap ?? point
  }

  private aim({ shiftKey }: Held): Aim {
    return { shift: shiftKey, reach: REACH_PX / this.host.stage.camera.scale }
  }

  private send(input: GestureInput): void {
    const { stroke } = this
    if (stroke === null) return
    stroke.running.send(input)
    if (input.type === 'down') stroke.presses += 1
    if (!stroke.running.done) return input.type === 'move' ? undefined : this.tell()
    this.stroke = null
    this.snap = null
    if (stroke.running.result !== null) this.keep(stroke, stroke.running.result)
    this.tell()
    if (stroke.running.result !== null) return
    const { camera } = this.host.stage
    if (input.type === 'up' && Math.hypot(input.point.x - stroke.from.x, input.point.y - stroke.from.y) * camera.scale < CLICK_PX) this.click(input.point)
  }

  /** Puts what was drawn among the annotations: as one of its own, in the place of another, or joined to it. */
  private keep(stroke: Stroke, drawn: Json): void {
    const { scene, view } = this.host
    const { redrawn } = view.state
    const tool = this.host.drawing()
    const label = tool?.field === stroke.field ? tool.label : stroke.label
    if (stroke.kind.paint && redrawn === null) {
      const { erases } = stroke
      const { field, kind, from } = stroke
      const index = labelOf(field, label)?.index
      const shown = (brush: Brush): void => paintShape(brush, kind.outline(drawn, field), { hue: index === undefined ? NO_HUE : hueOf(index), fill: 0.1 })
      return keepStroke(this.host, { field, kind, label }, { type: 'shape', value: drawn }, { erases, from, target: targetOf(this.host, { field, kind, label }, from, erases), shown })
    }
    if (stroke.cuts) return this.cut(stroke, drawn as Line)
    const value = redrawn?.join ? this.joined(redrawn.id, redrawn.join, drawn) : drawn
    // A hole beside the shape is no hole: it is drawn again.
    if (value === null) return
    const { part, attributes } = scene.more(stroke.field, label, value)
    const id = scene.work.draw(stroke.field, label, value, redrawn?.id ?? null, part, attributes)
    view.set({ redrawn: null, selection: new Set([id]) })
  }

  /** A line that does not cut the shape through is drawn again. */
  private cut({ field, kind }: Stroke, line: Line): void {
    const { picture, scene, view } = this.host
    const { redrawn } = view.state
    const annotation = redrawn && scene.work.store.get(redrawn.id)
    const parts = (annotation && kind.slice?.parts(annotation.value, line, picture, field)) ?? []
    if (annotation && parts.length > 1) view.set({ redrawn: null, tool: 'select', selection: new Set(scene.work.split(annotation.id, parts)) })
  }

  private joined(id: Id, join: string, drawn: Json): Json | null {
    const annotation = this.host.scene.work.store.get(id)
    const way = this.kindOf(id)?.joins?.find((j) => j.id === join)
    return annotation && way ? way.join(annotation.value, drawn) : null
  }

  private kindOf(id: Id): CanvasKind | null {
    const annotation = this.host.scene.work.store.get(id)
    return annotation && this.host.scene.kindOf(annotation)
  }

  /** Enter: ends what the pointer draws; without a pointer, shows the cross, then sets a point where it stands. */
  placeByKey(): void {
    const { stage } = this.host
    const tool = this.host.drawing()
    if (this.stroke !== null && this.cross === null) this.send({ type: 'finish' })
    else if (tool !== null && this.cross === null) {
      const middle = toPicture(stage.camera, { x: stage.size.width / 2, y: stage.size.height / 2 })
      this.cross = { x: Math.round(middle.x), y: Math.round(middle.y) }
    } else if (tool !== null && this.cross !== null) this.setByKey(tool, this.cross)
    stage.touchTop()
  }

  /** A point at the cross; twice in one place ends a shape of many points. */
  private setByKey(tool: Tool, cross: Point): void {
    const again = this.crossSet?.x === cross.x && this.crossSet.y === cross.y
    if (this.stroke === null) {
      this.start(tool, cross, this.host.view.state.brush.erases)
      if (tool.kind.clicks === 'one') this.send({ type: 'finish' })
    } else {
      this.send({ type: 'up', point: cross, reach: 0 })
      this.send(again ? { type: 'finish' } : { type: 'down', point: cross, reach: 0 })
    }
    this.crossSet = this.stroke === null ? null : cross
  }

  /** Moves the cross, if it is there. */
  moveCross(by: Point): boolean {
    if (this.cross === null) return false
    const { picture, stage } = this.host
    this.cross = { x: Math.min(Math.max(this.cross.x + by.x, 0), picture.width), y: Math.min(Math.max(this.cross.y + by.y, 0), picture.height) }
    this.send({ type: 'move', point: this.cross, reach: 0 })
    stage.touchTop()
    return true
  }

  paint(brush: Brush): void {
    const { stroke } = this
    if (stroke !== null && stroke.running.preview !== null) this.paintStroke(brush, stroke, stroke.running.preview)
    if (stroke !== null) this.bordering.paint(brush)
    if (this.snap !== null) paintSnap(brush, this.snap)
    if (this.cross !== null) paintCross(brush, this.cross, this.host.stage.size)
  }

  private paintStroke(brush: Brush, { field, kind, label, erases, cuts }: Stroke, preview: Json): void {
    if (cuts) return paintShape(brush, [{ type: 'path', points: (preview as Line).map(([x, y]) => ({ x, y })), closed: false }], { hue: CUT_HUE, fill: 0, dashed: true })
    const index = labelOf(field, label)?.index
    const outline = kind.sketch?.(preview, field) ?? kind.outline(preview, field)
    paintShape(brush, outline, { hue: index === undefined ? NO_HUE : hueOf(index), fill: erases ? 0 : 0.1, dashed: erases })
  }
}
