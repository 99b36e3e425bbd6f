// Painting: a round brush that adds to a shape or takes from it, filling what is alike, and where a stroke goes.

import type { Point } from '../../engine/gesture'
import { labelOf } from '../../engine/schema'
import type { Annotation, Id } from '../../engine/types'
import { toPicture, toScreen } from './camera'
import { type Filling, FillingHand } from './filling'
import { hueOf, NO_HUE } from './hues'
import { keepStroke, targetOf } from './landing'
import { type Brush, fillShape } from './paint'
import type { HandHost, Tool } from './pen'
import { Pieces } from './pieces'

const TINT = 0.45
/** A ring smaller than this is no help: the cross of the pointer is. */
const RING_PX = 4
const SIZES = { least: 1, most: 2_000, step: 1.2 }

/** What is painted on, and how. */
interface Goal {
  readonly tool: Tool
  readonly erases: boolean
  readonly target: Annotation | null
  /** Where it began. */
  readonly from: Point
}

interface Stroke extends Goal {
  readonly way: Point[]
}

/** The brush of one hand. While it is down, what it does is drawn on a layer of its own, dot by dot. */
export class Painting {
  private readonly filler: FillingHand
  private filling: (Filling & Goal) | null = null
  private readonly pieces: Pieces
  private piecing: Goal | null = null
  private stroke: Stroke | null = null
  private layer: Layer | null = null
  /** Where the pointer is, on the screen; null outside. */
  pointer: Point | null = null

  constructor(private readonly host: HandHost) {
    this.filler = new FillingHand(host)
    this.pieces = new Pieces(host)
  }

  get isBusy(): boolean {
    return this.stroke !== null || this.filling !== null || this.piecing !== null
  }

  /** Whether a shape is being painted on: its settled look would only be in the way. */
  isPainted(id: Id): boolean {
    return this.stroke?.target?.id === id || [...this.host.landing].some(({ target }) => target === id)
  }

  /** Whether the tool in hand is a brush, or one that paints otherwise. */
  get tool(): 'brush' | 'alike' | 'pieces' | 'other' | null {
    if (this.host.drawing()?.kind.paint === undefined || this.host.view.state.redrawn !== null) return null
    const { way } = this.host.view.state.brush
    return way === null ? 'brush' : way === 'alike' || way === 'pieces' ? way : 'other'
  }

  begin(tool: Tool, at: Point, erases: boolean): void {
    const target = targetOf(this.host, tool, at, erases)
    if (target !== null) this.host.view.select(target.id)
    this.layer = null
    if (this.tool === 'pieces') {
      this.piecing = { tool, erases, target, from: at }
      this.pieces.begin(at)
    } else if (this.tool === 'alike') this.filling = { tool, erases, target, ...this.filler.begin(at) }
    else this.stroke = { tool, erases, target, from: at, way: [at] }
  }

  move(at: Point): void {
    if (this.tool === 'pieces') this.pieces.move(at)
    if (this.filling !== null) this.filler.move(this.filling, at)
    const last = this.stroke?.way.at(-1)
    const finest = 0.5 / this.host.stage.camera.scale
    if (last && Math.hypot(at.x - last.x, at.y - last.y) >= finest) this.stroke?.way.push(at)
  }

  up(at: Point): void {
    this.move(at)
    const { stroke, filling, piecing, layer } = this
    const passed = piecing && this.pieces.end()
    this.drop()
    if (piecing && passed) keepStroke(this.host, piecing.tool, passed.drawn, { ...piecing, shown: passed.shown })
    const filled = filling && this.filler.end(filling)
    if (filling && filled) keepStroke(this.host, filling.tool, filled, { ...filling, shown: (brush) => this.filler.paint(brush, filling, hueOfGoal(filling)) })
    if (stroke) this.keepWay(stroke, layer)
  }

  private keepWay(stroke: Stroke, layer: Layer | null): void {
    const radius = this.host.view.state.brush.size / 2
    let over = layer
    keepStroke(this.host, stroke.tool, { type: 'way', way: stroke.way, radius }, { ...stroke, covers: true, shown: (brush) => (over = this.paintWay(brush, over, stroke, radius)) })
  }

  drop(): void {
    this.stroke = null
    this.filling = null
    this.piecing = null
    this.pieces.drop()
    this.layer = null
  }

  /** The picture is left. */
  end(): void {
    this.host.landing.clear()
    this.pieces.close()
  }

  private get hueInHand(): string {
    const tool = this.host.drawing()
    return tool === null ? NO_HUE : hueOfGoal(this.piecing ?? { tool, target: null })
  }

  /** One notch larger or smaller. */
  resize(by: 1 | -1): void {
    const { view, stage } = this.host
    view.set({ brush: { ...view.state.brush, size: resized(view.state.brush.size, by) } })
    stage.touchTop()
  }

  cursor(): string | null {
    const radius = (this.host.view.state.brush.size / 2) * this.host.stage.camera.scale
    if (this.tool === 'alike' || this.tool === 'pieces') return 'crosshair'
    return this.tool === 'brush' ? (radius < RING_PX ? 'crosshair' : 'none') : null
  }

  paint(brush: Brush): void {
    const { view } = this.host
    for (const { shown } of this.host.landing) shown(brush)
    if (this.stroke !== null) this.layer = this.paintWay(brush, this.layer, this.stroke, view.state.brush.size / 2)
    if (this.tool === 'pieces' && (this.pointer !== null || this.piecing !== null)) this.pieces.paint(brush, this.hueInHand)
    if (this.filling !== null) this.filler.paint(brush, this.filling, hueOfGoal(this.filling))
    if (this.pointer !== null && this.tool === 'brush') paintRing(brush, this.pointer, view.state.brush.size / 2, this.stroke?.erases ?? view.state.brush.erases)
  }

  /** Draws a stroke as far as it goes, on a layer that stays for the next frame. */
  private paintWay(brush: Brush, layer: Layer | null, stroke: Stroke, radius: number): Layer {
    const { stage } = this.host
    const own = layerFor(layer, brush, stage.size)
    drawStroke(own, stroke, radius, this.host)
    brush.ctx.globalAlpha = TINT
    brush.ctx.drawImage(own.brush.ctx.canvas, 0, 0, stage.size.width, stage.size.height)
    brush.ctx.globalAlpha = 1
    return own
  }
}

export function resized(size: number, by: 1 | -1): number {
  const next = by > 0 ? Math.max(size + 1, Math.round(size * SIZES.step)) : Math.min(size - 1, Math.round(size / SIZES.step))
  return Math.min(SIZES.most, Math.max(SIZES.least, next))
}

/** A canvas as large as the screen, and how far of a stroke is on it. */
interface Layer {
  readonly brush: Brush
  readonly size: { readonly width: number; readonly height: number }
  done: number
}

function layerFor(layer: Layer | null, { camera, ratio }: Brush, size: { width: number; height: number }): Layer {
  const was = layer?.brush
  if (layer && was?.ratio === ratio && was.camera.scale === camera.scale && was.camera.x === camera.x && was.camera.y === camera.y && layer.size.width === size.width && layer.size.height === size.height) return layer
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(size.width * ratio)
  canvas.height = Math.round(size.height * ratio)
  const ctx = canvas.getContext('2d')
  if (ctx === null) throw new Error('This browser gives no 2D canvas.')
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0)
  return { brush: { ctx, camera, ratio, margin: 0, counts: 'screen' }, size, done: 0 }
}

/** Draws what came since the last frame; at first, the shape that the stroke adds to or takes from. */
function drawStroke(layer: Layer, stroke: Stroke, radius: number, { scene }: HandHost): void {
  const { ctx, camera } = layer.brush
  const { target, way, erases } = stroke
  const hue = hueOfGoal(stroke)
  if (layer.done === 0 && target !== null) fillShape(layer.brush, scene.outline(target), hue)
  ctx.globalCompositeOperation = erases ? 'destination-out' : 'source-over'
  ctx.strokeStyle = hue
  ctx.lineWidth = 2 * Math.max(radius, 0.5) * camera.scale
  ctx.lineCap = ctx.lineJoin = 'round'
  const fresh = way.slice(Math.max(0, layer.done - 1)).map((p) => toScreen(camera, p))
  const [first] = fresh
  if (!first || layer.done === way.length) return
  ctx.beginPath()
  ctx.moveTo(first.x, first.y)
  for (const p of fresh) ctx.lineTo(p.x, p.y)
  ctx.stroke()
  ctx.globalCompositeOperation = 'source-over'
  layer.done = way.length
}

function hueOfGoal({ tool, target }: Pick<Goal, 'tool' | 'target'>): string {
  const index = labelOf(tool.field, target?.label ?? tool.label)?.index
  return index === undefined ? NO_HUE : hueOf(index)
}

function paintRing({ ctx, camera }: Brush, pointer: Point, radius: number, erases: boolean): void {
  const { x, y } = toScreen(camera, toPicture(camera, pointer))
  if (radius * camera.scale < RING_PX) return
  ctx.setLineDash(erases ? [4, 3] : [])
  for (const [colour, width] of [['rgba(0, 0, 0, .6)', 3], ['#fff', 1.25]] as const) {
    ctx.strokeStyle = colour
    ctx.lineWidth = width
    ctx.beginPath()
    ctx.arc(x, y, radius * camera.scale, 0, 2 * Math.PI)
    ctx.stroke()
  }
  ctx.setLineDash([])
}
