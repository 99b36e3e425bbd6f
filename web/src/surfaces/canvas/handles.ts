// The handles of the selected shape: which one a point means, and what comes of pulling, clicking and removing it.

import type { Point } from '../../engine/gesture'
import type { CanvasKind, Handle, Primitive } from '../../engine/kind'
import type { Bounds } from '../../engine/space'
import type { Id, Json } from '../../engine/types'
import { type Choosing, isClick } from './choosing'
import { type HandHost, type Held, NO_KEYS, type Pen } from './pen'
import { distanceToEdge, heldAt, nearestOnEdge, type Scene } from './scene'

const TARGET_PX = 8
const EDGE_PX = 5

/** A handle in the hand. */
export interface Pull {
  readonly type: 'resize'
  readonly id: Id
  readonly handle: string
  readonly cursor: string
  readonly from: Point
  /** From the pointer to the handle. */
  readonly grab: Point
  /** The shape as it is with the handle where it was pulled to. */
  value: Json
  moved: boolean
}

export class Handles {
  /** The corner that was clicked: arrows and Delete mean it. */
  private corner: { readonly id: Id; readonly handle: string } | null = null

  constructor(
    private readonly host: HandHost,
    private readonly pen: Pen,
    private readonly choosing: Choosing,
  ) {}

  /** The corner that is held, as long as its shape is the selected one and has it. */
  get held(): Handle | null {
    const { corner } = this
    if (corner === null || this.host.view.single !== corner.id) return null
    return this.find(corner.id, corner.handle)
  }

  /** Holds no corner any more. */
  forget(): void {
    this.corner = null
  }

  /** The nearest handle or edge to a point: 16 px for a corner, 10 for an edge; less where the same press could move a small shape or choose a smaller one. */
  at(point: Point): Pull | null {
    const { scene, view, stage } = this.host
    const annotation = view.single ? scene.work.store.get(view.single) : null
    const bounds = annotation && scene.space.bounds(annotation.id)
    if (!annotation || !bounds || view.hides(annotation.id) || !view.allows(annotation.id)) return null
    const size = isContested(scene, annotation.id, point) ? roomOf(scene.outline(annotation), bounds) * stage.camera.scale : Infinity
    const found = nearestHandle(scene.handles(annotation), point, size, stage.camera.scale)
    if (!found) return null
    const at = found.from && found.to ? nearestOnEdge(point, found.from, found.to) : heldAt(found, stage.camera.scale)
    return { type: 'resize', id: annotation.id, handle: found.id, cursor: found.cursor, from: point, grab: { x: at.x - point.x, y: at.y - point.y }, value: annotation.value, moved: false }
  }

  /** The name of the handle at a point, and where it stands. */
  named(pull: Pull | null): Handle | null {
    const handle = pull && this.find(pull.id, pull.handle)
    return handle?.name ? handle : null
  }

  pull(pull: Pull, point: Point, held: Held): void {
    if (!pull.moved && isClick(pull.from, point, this.host.stage.camera.scale)) return
    pull.moved = true
    const to = this.pen.aimed({ x: point.x + pull.grab.x, y: point.y + pull.grab.y }, held, pull.id)
    pull.value = this.resized(pull.id, pull.handle, to, held) ?? pull.value
  }

  /** A handle is let go: it stays where it was dragged. One that was only clicked is held; with a tool, drawing begins there. */
  release(pull: Pull, held: Held): void {
    const { scene } = this.host
    if (pull.moved) return scene.work.setValues(new Map([[pull.id, pull.value]]))
    const tool = this.host.drawing()
    if (tool?.kind.snaps) return this.pen.begin(tool, pull.from, held)
    const handle = this.find(pull.id, pull.handle)
    if (this.kindOf(pull.id)?.removeHandle && handle && !handle.adds) this.corner = { id: pull.id, handle: pull.handle }
    else if (handle?.adds) this.choosing.click(pull.from)
  }

  /** Whether the handle that is pulled turns its shape. */
  isTurning(pull: Pull): boolean {
    return pull.moved && this.find(pull.id, pull.handle)?.stem !== undefined
  }

  /** Removes the corner that is held; the one before it is held then. */
  removeHeld(): void {
    const { corner } = this
    if (corner !== null && this.held !== null) this.remove(corner.id, corner.handle)
  }

  /** Removes a corner. False where the shape cannot be without it. */
  remove(id: Id, handle: string): boolean {
    const { scene, stage } = this.host
    const annotation = scene.work.store.get(id)
    const value = annotation && this.kindOf(id)?.removeHandle?.(annotation.value, handle)
    this.corner = null
    if (value === null || value === undefined) return false
    scene.work.setValues(new Map([[id, value]]))
    stage.touchTop()
    return true
  }

  /** What the second button does at the handle of a point. */
  second(point: Point): string | null {
    const pull = this.at(point)
    return (pull && this.kindOf(pull.id)?.acts?.find((a) => a.second)?.id) ?? null
  }

  /** Does an act of the selected shape's kind; `at` is where the pointer is. */
  act(id: string, at: Point): void {
    const { scene, view, stage } = this.host
    const annotation = view.single ? scene.work.store.get(view.single) : null
    const field = annotation && scene.work.field(annotation.field)
    const act = annotation && this.kindOf(annotation.id)?.acts?.find((a) => a.id === id)
    if (!annotation || !field || !act) return
    const value = act.run(annotation.value, field, this.at(at)?.handle ?? this.held?.id ?? null, { at, words: () => scene.words() })
    if (value !== null) scene.work.setValues(new Map([[annotation.id, value]]))
    stage.touchTop()
  }

  /** Moves the corner that is held by steps of a pixel of the picture. False when none is. */
  nudge(by: Point): boolean {
    const { held, host: { view } } = this
    if (held === null || view.single === null) return false
    this.put(view.single, held, by)
    return true
  }

  /** Moves the lower right corner of the selected shape. */
  stretch(by: Point): void {
    const { single } = this.host.view
    const corner = single === null ? null : this.find(single, 'bottom right')
    if (single !== null && corner !== null) this.put(single, corner, by)
  }

  private put(id: Id, { id: handle, point }: Handle, by: Point): void {
    const value = this.resized(id, handle, { x: point.x + by.x, y: point.y + by.y }, NO_KEYS)
    if (value !== null) this.host.scene.work.setValues(new Map([[id, value]]))
  }

  private resized(id: Id, handle: string, to: Point, { shiftKey }: Held): Json | null {
    const { scene, picture } = this.host
    const annotation = scene.work.store.get(id)
    return annotation && (this.kindOf(id)?.moveHandle(annotation.value, handle, to, picture, { shift: shiftKey }) ?? null)
  }

  private find(id: Id, handle: string): Handle | null {
    return this.host.scene.handlesOf(id).find((h) => h.id === handle) ?? null
  }

  private kindOf(id: Id): CanvasKind | null {
    const annotation = this.host.scene.work.store.get(id)
    return annotation && this.host.scene.kindOf(annotation)
  }
}

/** Stems before corners, corners before edges; `size` is the shape's on the screen. */
function nearestHandle(handles: readonly Handle[], point: Point, size: number, scale: number): Handle | null {
  const reach = (px: number) => Math.min(px, Math.max(3, size / 3)) / scale
  const away = (h: Handle): number => {
    const place = heldAt(h, scale)
    return Math.hypot(point.x - place.x, point.y - place.y)
  }
  return (
    nearest(handles.filter((h) => h.stem), away, TARGET_PX / scale) ??
    nearest(handles.filter((h) => !h.adds && !h.stem), away, reach(TARGET_PX)) ??
    nearest(handles, (h) => (h.from && h.to ? distanceToEdge(point, h.from, h.to) : Infinity), reach(EDGE_PX))
  )
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

/** Whether a press at a point could also mean to move the shape, or to choose a smaller one. */
function isContested(scene: Scene, id: Id, point: Point): boolean {
  const area = (of: Id): number => {
    const b = scene.space.bounds(of)
    return b ? (b.maxX - b.minX) * (b.maxY - b.minY) : 0
  }
  return scene.at(point, 0).some((a) => a.id === id || area(a.id) < area(id))
}

/** How large a shape is to a hand, in pixels of the picture: an area as its shorter side, a line as its longer one, a dot any. */
function roomOf(outline: readonly Primitive[], { minX, minY, maxX, maxY }: Bounds): number {
  const [width, height] = [maxX - minX, maxY - minY]
  if (width === 0 && height === 0) return Infinity
  return outline.every((p) => p.type === 'dot' || (p.type === 'path' && !p.closed)) ? Math.max(width, height) : Math.min(width, height)
}
