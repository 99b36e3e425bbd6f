// The shapes of one picture: their outlines, where they lie, and which one is meant by a point.

import type { Kinds } from '../../engine/check'
import type { Point } from '../../engine/gesture'
import type { Around, CanvasKind, Handle, Primitive } from '../../engine/kind'
import { type Field, labelOf } from '../../engine/schema'
import { type Bounds, grown, Space } from '../../engine/space'
import type { Annotation, Id, Json } from '../../engine/types'
import { type Answers, isGiven, type Work } from '../../engine/work'

const weights = new WeakMap<Annotation, number>()

/** What else a new shape has, beside what was drawn: the page it lies on, answers that are known. */
export type More = (field: Field, label: string | null, value: Json) => { readonly part?: string; readonly attributes?: Answers }

/** Everything on one picture stream of the open item, or on one page of a document. */
export class Scene {
  readonly space = new Space()
  more: More = () => ({})
  /** Where the words lie that are known of what is shown. */
  words: Around['words'] = () => []
  private readonly outlines = new WeakMap<Annotation, readonly Primitive[]>()
  private readonly grips = new WeakMap<Annotation, readonly Handle[]>()

  constructor(
    readonly work: Work,
    readonly stream: string,
    private readonly kinds: Kinds,
    /** The part of the stream that is shown; what names no part is on all of them. */
    private readonly part: string | null = null,
  ) {
    this.space.load(work.store.list().flatMap((a) => this.entry(a)))
  }

  private entry(annotation: Annotation): [Id, Bounds][] {
    const bounds = boundsOf(this.outline(annotation))
    return bounds && this.holds(annotation) ? [[annotation.id, bounds]] : []
  }

  /** Whether an annotation lies on this picture. */
  holds(annotation: Annotation): boolean {
    const stream = annotation.on?.stream ?? this.work.field(annotation.field)?.on
    return stream === this.stream && (this.part === null || (annotation.on?.part ?? this.part) === this.part)
  }

  /** Follows a change of the store; returns the part of the picture that looks different now. */
  update(id: Id): readonly Bounds[] {
    const was = this.space.bounds(id)
    this.space.drop(id)
    const annotation = this.work.store.get(id)
    const [entry] = annotation ? this.entry(annotation) : []
    if (entry) this.space.put(...entry)
    return [was, entry?.[1] ?? null].filter((b) => b !== null)
  }

  kindOf(annotation: Annotation): CanvasKind | null {
    const kind = this.kinds.get(annotation.kind)
    return kind?.surface === 'canvas' ? kind : null
  }

  /** What is painted for an annotation; nothing for one on another picture, or for a value that its kind cannot read. */
  outline(annotation: Annotation): readonly Primitive[] {
    const known = this.outlines.get(annotation)
    if (known) return known
    const made = this.makeOutline(annotation)
    this.outlines.set(annotation, made)
    return made
  }

  private makeOutline(annotation: Annotation): readonly Primitive[] {
    const [kind, field] = [this.kindOf(annotation), this.work.field(annotation.field)]
    return field !== null && this.holds(annotation) && kind?.isShape(annotation.value) ? kind.outline(annotation.value, field) : []
  }

  /** Whether it is more than rectangles: then it costs many times as much to draw. */
  hasCorners(annotation: Annotation): boolean {
    return this.outline(annotation).some((p) => p.type !== 'rect')
  }

  /** What drawing it costs, beside an outline of fifty points. */
  weight(annotation: Annotation): number {
    const known = weights.get(annotation)
    if (known !== undefined) return known
    const made = this.outline(annotation).reduce((sum, p) => sum + weightOf(p), 0)
    weights.set(annotation, made)
    return made
  }

  handles(annotation: Annotation): readonly Handle[] {
    const known = this.grips.get(annotation)
    if (known) return known
    const field = this.work.field(annotation.field)
    const made = field !== null && this.outline(annotation).length > 0 ? (this.kindOf(annotation)?.handles(annotation.value, field) ?? []) : []
    this.grips.set(annotation, made)
    return made
  }

  handlesOf(id: Id): readonly Handle[] {
    const annotation = this.work.store.get(id)
    return annotation ? this.handles(annotation) : []
  }

  /** The index of the label, which gives hue and mark; null for a label that the schema lacks. */
  labelIndex(annotation: Annotation): number | null {
    const field = this.work.field(annotation.field)
    return (field && labelOf(field, annotation.label)?.index) ?? null
  }

  labelTitle(annotation: Annotation): string {
    const field = this.work.field(annotation.field)
    const title = (field && labelOf(field, annotation.label)?.title) ?? annotation.label ?? annotation.field
    // What nobody has looked at asks to be.
    return isGiven(annotation) ? `${title} ?` : title
  }

  /** Shapes within bounds in the order in which they are painted: by layer, then as they were made. */
  within(bounds: Bounds): Annotation[] {
    const { store } = this.work
    // Compared by numbers that are looked up once: sorting ten thousand shapes must fit into a frame.
    const found: { readonly annotation: Annotation; readonly z: number; readonly number: number }[] = []
    let isInOrder = true
    for (const annotation of this.among(bounds)) {
      const next = { annotation, z: annotation.z ?? 0, number: store.numberOf(annotation.id) }
      const last = found.at(-1)
      isInOrder &&= last === undefined || inOrder(last, next) <= 0
      found.push(next)
    }
    if (!isInOrder) found.sort(inOrder)
    return found.map(({ annotation }) => annotation)
  }

  /** Where all of them are asked for, they come as the store has them, which is nearly their order. */
  private *among(bounds: Bounds): Generator<Annotation, void, void> {
    const { store } = this.work
    if (this.space.isWithin(bounds)) {
      for (const annotation of store.all()) if (this.space.has(annotation.id)) yield annotation
      return
    }
    for (const id of this.space.search(bounds)) {
      const annotation = store.get(id)
      if (annotation !== null) yield annotation
    }
  }

  /** Shapes under a point, the smallest first: it is what a person means when shapes lie in one another. */
  at(point: Point, margin: number): Annotation[] {
    const near = this.within({ minX: point.x - margin, minY: point.y - margin, maxX: point.x + margin, maxY: point.y + margin })
    return near.filter((a) => this.outline(a).some((p) => touches(p, point, margin))).sort((a, b) => this.area(a.id) - this.area(b.id))
  }

  private area(id: Id): number {
    const b = this.space.bounds(id)
    return b ? (b.maxX - b.minX) * (b.maxY - b.minY) : 0
  }

  /** All shapes from top left to bottom right, as a page is read. */
  inReadingOrder(height: number): Annotation[] {
    const row = Math.max(1, height / 12)
    const place = (id: Id): [number, number] => {
      const b = this.space.bounds(id)
      return b ? [Math.floor((b.minY + b.maxY) / 2 / row), b.minX] : [0, 0]
    }
    return this.within({ minX: -Infinity, minY: -Infinity, maxX: Infinity, maxY: Infinity })
      .map((a) => [a, ...place(a.id)] as const)
      .sort(([, y1, x1], [, y2, x2]) => y1 - y2 || x1 - x2)
      .map(([a]) => a)
  }
}

export function boundsOf(outline: readonly Primitive[]): Bounds | null {
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const p of outline) {
    for (const { x, y } of pointsOf(p)) [minX, minY, maxX, maxY] = [Math.min(minX, x), Math.min(minY, y), Math.max(maxX, x), Math.max(maxY, y)]
  }
  return minX <= maxX ? { minX, minY, maxX, maxY } : null
}

const POINTS = 50
const RECTANGLE = 0.25
/** A region that is drawn from its pixels, whatever its edges: dear enough that zooming stretches it. */
const COVERED = 100

function weightOf(p: Primitive): number {
  if (p.type === 'rect' || p.type === 'dot') return RECTANGLE
  if (p.type === 'dots') return p.points.length * RECTANGLE
  if (p.type === 'lines') return Math.max(RECTANGLE, (2 * p.lines.length) / POINTS)
  if (p.type === 'region' && p.cover) return COVERED
  const points = p.type === 'path' ? p.points.length : p.rings.reduce((sum, ring) => sum + ring.length, 0)
  return Math.max(RECTANGLE, points / POINTS)
}

function inOrder(a: { readonly z: number; readonly number: number }, b: { readonly z: number; readonly number: number }): number {
  return a.z - b.z || a.number - b.number
}

/** The corners of a primitive, in any order. */
function pointsOf(p: Primitive): readonly Point[] {
  if (p.type === 'dot') return [p.point]
  if (p.type === 'dots') return p.points
  if (p.type === 'lines') return p.lines.flat()
  if (p.type === 'area') return p.rings.flat()
  return p.type === 'path' ? p.points : [{ x: p.left, y: p.top }, { x: p.right, y: p.top }, { x: p.right, y: p.bottom }, { x: p.left, y: p.bottom }]
}

type Edge = readonly [Point, Point]

/** The lines between corners, round closed ones to where they began. */
export function edgesOf(p: Primitive): readonly Edge[] {
  // The edges of pixels are no edges that a hand would aim at.
  if (p.type === 'dot' || p.type === 'dots' || p.type === 'region') return []
  if (p.type === 'lines') return p.lines
  if (p.type === 'area') return p.rings.flatMap(around)
  const all = around(pointsOf(p))
  return p.type === 'path' && !p.closed ? all.slice(0, -1) : all
}

function around(points: readonly Point[]): Edge[] {
  return points.map((p, i) => [p, points[(i + 1) % points.length] ?? p] as const)
}

function touches(primitive: Primitive, point: Point, margin: number): boolean {
  if (primitive.type === 'rect') {
    const b = grown({ minX: primitive.left, minY: primitive.top, maxX: primitive.right, maxY: primitive.bottom }, margin)
    return point.x >= b.minX && point.x <= b.maxX && point.y >= b.minY && point.y <= b.maxY
  }
  if (primitive.type === 'region') return primitive.holds(point)
  if (primitive.type === 'dot') return Math.hypot(point.x - primitive.point.x, point.y - primitive.point.y) <= 2 * margin
  if (primitive.type === 'dots') return primitive.points.some((dot) => Math.hypot(point.x - dot.x, point.y - dot.y) <= 2 * margin)
  const edges = edgesOf(primitive)
  const isArea = primitive.type === 'area' || (primitive.type === 'path' && primitive.closed)
  return edges.some(([a, b]) => distanceToEdge(point, a, b) <= margin) || (isArea && inside(point, edges))
}

const STEM_PX = 22

/** Where a handle is held: at its point, or at the end of its stem. */
export function heldAt({ point, stem }: Handle, scale: number): Point {
  return stem ? { x: point.x + (stem.x * STEM_PX) / scale, y: point.y + (stem.y * STEM_PX) / scale } : point
}

/** The distance of a point to the line between two others. */
export function distanceToEdge(point: Point, a: Point, b: Point): number {
  const near = nearestOnEdge(point, a, b)
  return Math.hypot(point.x - near.x, point.y - near.y)
}

/** The point of the line between two others that is nearest to a point. */
export function nearestOnEdge(point: Point, a: Point, b: Point): Point {
  const [dx, dy] = [b.x - a.x, b.y - a.y]
  const share = Math.min(1, Math.max(0, ((point.x - a.x) * dx + (point.y - a.y) * dy) / (dx * dx + dy * dy || 1)))
  return { x: a.x + share * dx, y: a.y + share * dy }
}

/** Even-odd rule. */
function inside(point: Point, edges: readonly Edge[]): boolean {
  const crossed = edges.filter(([a, b]) => a.y > point.y !== b.y > point.y && point.x < ((b.x - a.x) * (point.y - a.y)) / (b.y - a.y) + a.x)
  return crossed.length % 2 === 1
}
