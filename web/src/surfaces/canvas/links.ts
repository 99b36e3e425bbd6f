// Links between shapes: those of one picture are arrows from edge to edge with their name in the middle, and letters while one is made. One that leads elsewhere,
// to another picture or into a text, is a short line from its shape with the name of the other end. What stands in an order has its number at the corner.

import type { Kinds } from '../../engine/check'
import type { Point } from '../../engine/gesture'
import { type Line, linesOf } from '../../engine/links'
import { type Bounds, grown } from '../../engine/space'
import type { Change } from '../../engine/store'
import type { Annotation, Id } from '../../engine/types'
import type { View } from '../../engine/view'
import { type Camera, toScreen, visible } from './camera'
import { hueOf, NO_HUE } from './hues'
import type { Brush } from './paint'
import type { Scene } from './scene'

const HEAD_PX = 8
const HALO = 'rgba(0, 0, 0, .55)'
const FONT = '500 11px Inter, system-ui, sans-serif'
const NUMBER_FONT = '600 12px Inter, system-ui, sans-serif'
const NUMBER_PX = 12
const HIT_PX = 6
const BEND = 0.12

interface Drawn extends Line {
  readonly index: number | null
  readonly title: string
  readonly directed: boolean
}

/** The lines of one picture; kept by annotation, so that a change costs what it changes. */
export class Links {
  private readonly lines = new Map<Id, readonly Drawn[]>()

  constructor(
    private readonly scene: Scene,
    private readonly view: View,
    private readonly kinds: Kinds,
  ) {
    for (const annotation of scene.work.store.all()) this.put(annotation)
  }

  update(changes: readonly Change[]): void {
    for (const { id, after } of changes) {
      this.lines.delete(id)
      if (after) this.put(after)
    }
  }

  private put(annotation: Annotation): void {
    const lines = linesOf(annotation, this.kinds)
    if (lines.length === 0) return
    const field = this.scene.work.field(annotation.field)
    const kind = this.kinds.get(annotation.kind)
    const directed = kind?.surface !== 'link' || field === null || kind.isDirected(field)
    this.lines.set(annotation.id, lines.map((line) => ({ ...line, directed, index: this.scene.labelIndex(annotation), title: this.scene.labelTitle(annotation) })))
  }

  paint(brush: Brush, size: { readonly width: number; readonly height: number }): void {
    const { hints } = this.view.state.linking ?? {}
    if (this.lines.size > 0) {
      const seen = visible(brush.camera, size)
      for (const line of this.shown()) {
        const ends = this.endsOf(line)
        if (ends && meets(ends, seen)) this.paintLine(brush, line, ends)
      }
      for (const [id, number] of this.numbers()) this.paintNumber(brush, id, number)
      for (const stub of this.stubs()) this.paintStub(brush, stub)
    }
    for (const [id, letter] of hints ?? []) this.paintHint(brush, id, letter)
    const { linking } = this.view.state
    const from = linking?.from ? this.scene.space.bounds(linking.from) : null
    if (from) this.paintBegin(brush, from)
  }

  /** The link whose line passes a point of the picture; null where none does. */
  at(point: Point, camera: Camera): Id | null {
    const { x, y } = toScreen(camera, point)
    for (const line of this.shown()) {
      const ends = this.endsOf(line)
      const curve = ends && curveBetween(camera, ends)
      if (curve && alongCurve(curve).some((p) => Math.hypot(p.x - x, p.y - y) <= HIT_PX)) return line.id
    }
    for (const stub of this.stubs()) {
      const { start, end } = stubBetween(camera, stub)
      if (Math.abs(y - end.y) <= STUB.high / 2 && x >= start.x && x <= end.x + STUB.reach) return stub.line.id
    }
    return null
  }

  private *shown(): Iterable<Drawn> {
    for (const lines of this.lines.values()) for (const line of lines) if (!this.view.hides(line.id) && !this.view.hides(line.from) && !this.view.hides(line.to)) yield line
  }

  /** The numbers of what stands in orders; of several orders each begins with 1. */
  private *numbers(): Iterable<readonly [Id, Drawn & { readonly place: number }]> {
    for (const lines of this.lines.values()) for (const line of lines) {
      if (!line.numbered || this.view.hides(line.id)) continue
      if (line.nth === 0 && !this.view.hides(line.from)) yield [line.from, { ...line, place: 1 }]
      if (!this.view.hides(line.to)) yield [line.to, { ...line, place: line.nth + 2 }]
    }
  }

  private paintNumber({ ctx, camera }: Brush, id: Id, { index, place, id: order }: Drawn & { readonly place: number }): void {
    const bounds = this.scene.space.bounds(id)
    if (bounds === null) return
    const { x, y } = toScreen(camera, { x: bounds.minX, y: bounds.minY })
    const ground = this.view.state.selection.has(order) ? '#f0c14b' : index === null ? NO_HUE : hueOf(index)
    // Beside the corner, where neither a handle nor the tag lies on it; within the picture.
    plate(ctx, { x: Math.max(NUMBER_PX, x - NUMBER_PX), y: y + NUMBER_PX }, String(place), '#1a1a1a', ground, NUMBER_FONT)
  }

  /** Links of which one end lies here and the other elsewhere; several at one shape stand under one another. */
  private *stubs(): Iterable<Stub> {
    const counts = new Map<Id, number>()
    for (const line of this.shown()) {
      const [a, b] = [this.scene.space.bounds(line.from), this.scene.space.bounds(line.to)]
      const bounds = a ?? b
      const other = this.scene.work.store.get(a ? line.to : line.from)
      if (line.numbered || bounds === null || (a && b) || other === null || this.scene.holds(other)) continue
      const here = a ? line.from : line.to
      const row = counts.get(here) ?? 0
      counts.set(here, row + 1)
      const name = `${this.scene.labelTitle(other)} ${this.scene.work.store.numberOf(other.id)}`
      yield { line, bounds, row, words: `${line.title} ${line.directed ? (a ? '→' : '←') : '–'} ${name}` }
    }
  }

  private paintStub({ ctx, camera }: Brush, stub: Stub): void {
    const { start, end } = stubBetween(camera, stub)
    const { line, words } = stub
    const isSelected = this.view.state.selection.has(line.id)
    for (const [colour, width] of [[HALO, 4], [isSelected ? '#f0c14b' : line.index === null ? NO_HUE : hueOf(line.index), 2]] as const) {
      ctx.strokeStyle = colour
      ctx.lineWidth = width
      ctx.beginPath()
      ctx.moveTo(start.x, start.y)
      ctx.lineTo(end.x, end.y)
      ctx.stroke()
    }
    ctx.font = FONT
    const [colour, ground] = isSelected ? ['#1a1a1a', '#f0c14b'] : ['#fff', 'rgba(20, 20, 20, .82)']
    plate(ctx, { x: end.x + (ctx.measureText(words).width + 8) / 2, y: end.y }, words, colour, ground, FONT)
  }

  private endsOf({ from, to }: Line): readonly [Bounds, Bounds] | null {
    const [a, b] = [this.scene.space.bounds(from), this.scene.space.bounds(to)]
    return a && b ? [a, b] : null
  }

  private paintLine({ ctx, camera }: Brush, line: Drawn, ends: readonly [Bounds, Bounds]): void {
    const { selection, kept, shown, hover } = this.view.state
    const selected = selection.has(line.id)
    const near = selected || hover === line.id || selection.has(line.from) || selection.has(line.to)
    const curve = curveBetween(camera, ends)
    const hue = line.index === null ? NO_HUE : hueOf(line.index)
    ctx.globalAlpha = kept !== null && !kept.has(line.id) ? 0.25 : near || selection.size === 0 ? 1 : 0.6
    for (const [colour, width] of [[HALO, selected ? 5.5 : 4], [selected ? '#f0c14b' : hue, selected ? 2.5 : 2]] as const) {
      ctx.strokeStyle = colour
      ctx.fillStyle = colour
      ctx.lineWidth = width
      ctx.beginPath()
      ctx.moveTo(curve.start.x, curve.start.y)
      ctx.quadraticCurveTo(curve.bend.x, curve.bend.y, curve.end.x, curve.end.y)
      ctx.stroke()
    }
    if (line.directed) arrowHead(ctx, curve)
    if (!line.numbered && (shown !== 'bare' || near)) name(ctx, alongCurve(curve)[8] ?? curve.end, line.title)
    ctx.globalAlpha = 1
  }

  private paintHint({ ctx, camera }: Brush, id: Id, letter: string): void {
    const bounds = this.scene.space.bounds(id)
    if (bounds === null) return
    const { x, y } = toScreen(camera, { x: (bounds.minX + bounds.maxX) / 2, y: (bounds.minY + bounds.maxY) / 2 })
    plate(ctx, { x, y }, letter, '#1a1a1a', '#f0c14b', '600 13px Inter, system-ui, sans-serif')
  }

  private paintBegin({ ctx, camera }: Brush, bounds: Bounds): void {
    const a = toScreen(camera, { x: bounds.minX, y: bounds.minY })
    const b = toScreen(camera, { x: bounds.maxX, y: bounds.maxY })
    ctx.setLineDash([6, 4])
    ctx.strokeStyle = '#f0c14b'
    ctx.lineWidth = 2
    ctx.strokeRect(a.x - 4, a.y - 4, b.x - a.x + 8, b.y - a.y + 8)
    ctx.setLineDash([])
  }
}

/** A link whose other end lies elsewhere: at which shape it ends here, and as which of several. */
interface Stub {
  readonly line: Drawn
  readonly bounds: Bounds
  readonly row: number
  readonly words: string
}

const STUB = { long: 16, high: 18, reach: 90 }

function stubBetween(camera: Camera, { bounds, row }: Stub): { readonly start: Point; readonly end: Point } {
  const start = toScreen(camera, { x: bounds.maxX, y: (bounds.minY + bounds.maxY) / 2 })
  return { start, end: { x: start.x + STUB.long, y: start.y + row * STUB.high } }
}

interface Curve {
  readonly start: Point
  readonly bend: Point
  readonly end: Point
}

/** From edge to edge of two shapes, bent a little, so that there and back are two lines. */
function curveBetween(camera: Camera, [a, b]: readonly [Bounds, Bounds]): Curve {
  const [from, to] = [middleOf(camera, a), middleOf(camera, b)]
  const [dx, dy] = [to.x - from.x, to.y - from.y]
  const bend = { x: (from.x + to.x) / 2 - dy * BEND, y: (from.y + to.y) / 2 + dx * BEND }
  return { start: edgeTowards(camera, a, bend), bend, end: edgeTowards(camera, b, bend) }
}

function middleOf(camera: Camera, b: Bounds): Point {
  return toScreen(camera, { x: (b.minX + b.maxX) / 2, y: (b.minY + b.maxY) / 2 })
}

/** Where the line from the middle of a box to a point leaves it; the middle where the point lies inside. */
function edgeTowards(camera: Camera, b: Bounds, to: Point): Point {
  const middle = middleOf(camera, b)
  const [dx, dy] = [to.x - middle.x, to.y - middle.y]
  const [w, h] = [((b.maxX - b.minX) * camera.scale) / 2 + 2, ((b.maxY - b.minY) * camera.scale) / 2 + 2]
  const share = Math.min(dx === 0 ? Infinity : w / Math.abs(dx), dy === 0 ? Infinity : h / Math.abs(dy))
  return share >= 1 ? middle : { x: middle.x + dx * share, y: middle.y + dy * share }
}

/** Points along a curve, the ninth in its middle. */
function alongCurve({ start, bend, end }: Curve): Point[] {
  return Array.from({ length: 17 }, (_, i) => {
    const t = i / 16
    const [p, q, r] = [(1 - t) * (1 - t), 2 * t * (1 - t), t * t]
    return { x: p * start.x + q * bend.x + r * end.x, y: p * start.y + q * bend.y + r * end.y }
  })
}

function arrowHead(ctx: CanvasRenderingContext2D, { bend, end }: Curve): void {
  const angle = Math.atan2(end.y - bend.y, end.x - bend.x)
  ctx.beginPath()
  ctx.moveTo(end.x, end.y)
  for (const side of [-1, 1]) ctx.lineTo(end.x - HEAD_PX * Math.cos(angle + side * 0.45), end.y - HEAD_PX * Math.sin(angle + side * 0.45))
  ctx.closePath()
  ctx.fill()
}

function name(ctx: CanvasRenderingContext2D, at: Point, title: string): void {
  plate(ctx, at, title, '#fff', 'rgba(20, 20, 20, .82)', FONT)
}

function plate(ctx: CanvasRenderingContext2D, { x, y }: Point, words: string, colour: string, ground: string, font: string): void {
  ctx.font = font
  const width = ctx.measureText(words).width + 8
  ctx.fillStyle = ground
  ctx.beginPath()
  ctx.roundRect(x - width / 2, y - 8, width, 16, 3)
  ctx.fill()
  ctx.fillStyle = colour
  ctx.textAlign = 'center'
  ctx.textBaseline = 'middle'
  ctx.fillText(words, x, y + 0.5)
  ctx.textAlign = 'start'
  ctx.textBaseline = 'alphabetic'
}

function meets([a, b]: readonly [Bounds, Bounds], seen: Bounds): boolean {
  const all = grown({ minX: Math.min(a.minX, b.minX), minY: Math.min(a.minY, b.minY), maxX: Math.max(a.maxX, b.maxX), maxY: Math.max(a.maxY, b.maxY) }, 0)
  return all.maxX > seen.minX && all.minX < seen.maxX && all.maxY > seen.minY && all.minY < seen.maxY
}
