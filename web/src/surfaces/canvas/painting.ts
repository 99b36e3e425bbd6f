// Painting: a round brush that adds to a shape or takes from it, filling what is alike, and where a stroke goes.

import type { Point } from '../../engine/gesture'
import type { Paint } from '../../engine/kind'
import { labelOf } from '../../engine/schema'
import type { Annotation, Id, Json } from '../../engine/types'
import { toPicture, toScreen } from './camera'
import { type Filling, FillingHand } from './filling'
import { hueOf, NO_HUE } from './hues'
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

  /** The shape that is being painted on: its settled look would only be in the way. */
  get painted(): Id | null {
    return this.stroke?.target?.id ?? null
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
      this.piecing = { tool, erases, target }
      this.pieces.begin(at)
    } else if (this.tool === 'alike') this.filling = { tool, erases, target, ...this.filler.begin(at) }
    else this.stroke = { tool, erases, target, way: [at] }
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
    const { stroke, filling, piecing } = this
    const passed = piecing && this.pieces.end(piecing.tool.kind)
    this.drop()
    if (piecing && passed !== null) return keepStroke(this.host, piecing.tool, passed, piecing)
    const filled = filling && this.filler.end(filling, filling.tool.kind)
    if (filling && filled !== null) return keepStroke(this.host, filling.tool, filled, filling)
    const { size } = this.host.view.state.brush
    const drawn = stroke?.tool.kind.paint?.brush(stroke.way, size / 2, this.host.picture)
    if (stroke && drawn !== null && drawn !== undefined) keepStroke(this.host, stroke.tool, drawn, stroke)
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
    this.pieces.close()
  }

  private get hueInHand(): string {
    const tool = this.host.drawing()
    return tool === null ? NO_HUE : hueOfGoal(this.piecing ?? { tool, erases: false, target: null })
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
    const { stage, view } = this.host
    if (this.stroke !== null) {
      this.layer = layerFor(this.layer, brush, stage.size)
      drawStroke(this.layer, this.stroke, view.state.brush.size / 2, this.host)
      const { ctx } = brush
      ctx.globalAlpha = TINT
      ctx.drawImage(this.layer.brush.ctx.canvas, 0, 0, stage.size.width, stage.size.height)
      ctx.globalAlpha = 1
    }
    if (this.tool === 'pieces' && (this.pointer !== null || this.piecing !== null)) this.pieces.paint(brush, this.hueInHand)
    if (this.filling !== null) this.filler.paint(brush, this.filling, hueOfGoal(this.filling))
    if (this.pointer !== null && this.tool === 'brush') paintRing(brush, this.pointer, view.state.brush.size / 2, this.stroke?.erases ?? view.state.brush.erases)
  }
}

export function resized(size: number, by: 1 | -1): number {
  const next = by > 0 ? Math.max(size + 1, Math.round(size * SIZES.step)) : Math.min(size - 1, Math.round(size / SIZES.step))
  return Math.min(SIZES.most, Math.max(SIZES.least, next))
}

/** The shape that a stroke goes to: the selected one, the one of its label, or for an eraser the one under it; else none. */
export function targetOf({ scene, view }: HandHost, { field, label, kind }: Tool, at: Point, erases: boolean): Annotation | null {
  const { store } = scene.work
  const selected = view.single === null ? null : store.get(view.single)
  if (selected?.field === field.key) return selected
  if (!field.many) return store.get(field.key)
  const ones = store.list().filter((a) => a.field === field.key)
  if (!erases) return (kind.paint?.isOnePerLabel(field) && ones.find((a) => a.label === label)) || null
  return scene.at(at, 0).find((a) => a.field === field.key && !view.hides(a.id)) ?? null
}

/** Puts a stroke where it belongs, as one step to undo; with fields of exclusive pixels, others give theirs. */
export function keepStroke({ scene, view }: HandHost, { field, label, kind }: Tool, drawn: Json, { erases, target }: Pick<Stroke, 'erases' | 'target'>): void {
  const { paint } = kind
  if (paint === undefined || (erases && target === null)) return
  const values = new Map<Id, Json | null>()
  const now = target && scene.work.store.get(target.id)
  if (now) values.set(now.id, erases ? paint.erase(now.value, drawn) : paint.add(now.value, drawn))
  if (!erases && paint.isExclusive(field)) for (const [id, value] of others(scene.work.store.list(), field.key, now?.id ?? null, drawn, paint)) values.set(id, value)
  const id = scene.work.paint(values, now || erases ? null : { field, label, value: drawn }) ?? now?.id
  if (id !== undefined) view.select(...(scene.work.store.get(id) ? [id] : []))
}

function others(all: readonly Annotation[], field: string, except: Id | null, drawn: Json, paint: Paint<Json>): (readonly [Id, Json | null])[] {
  return all.filter((a) => a.field === field && a.id !== except).map((a) => [a.id, paint.erase(a.value, drawn)] as const)
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

function hueOfGoal({ tool, target }: Goal): string {
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
