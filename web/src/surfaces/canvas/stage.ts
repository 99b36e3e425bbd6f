// Canvases over one another: the picture, the settled shapes, their tags, and on top what moves or is selected.
//
// The lower three are a raster with a margin. While the person pans it is only moved, and past the margin shifted, with
// the strips that came into sight drawn. While zooming among many shapes it is stretched, and a sharp one is drawn beside
// it, a few milliseconds in each frame. A changed shape redraws only its own region. So a frame costs what moves in it,
// whatever the number of shapes.

import type { Size } from '../../engine/kind'
import { around, type Bounds } from '../../engine/space'
import type { View } from '../../engine/view'
import { type Camera, visible } from './camera'
import type { Brush } from './paint'
import { brushOf, clear, finish, type Ground, layer, MANY_SELECTED, MANY_SHAPES, MARGIN, place, Raster } from './raster'
import type { ShownPicture } from './picture-layer'
import type { Scene } from './scene'
import { TagAtlas } from './tags'
import { levelFor, type Tile, tilesIn } from './tiles'

const SETTLE_MS = 90
/** More changed places than this, and all shapes are drawn anew. */
const MANY_PLACES = 60
/** What is drawn beside, in each frame: milliseconds of script, for which the browser fills in about as long. */
const SLICE_MS = 4
/** How far a raster is stretched before the next one is begun, and before it is drawn at once. */
const STRETCH = { soon: [0.8, 1.6], most: [0.2, 8] } as const

export interface Painter {
  /** Draws what moves or is selected. */
  paintTop(brush: Brush): void
}

export class Stage implements Ground {
  camera: Camera = { scale: 1, x: 0, y: 0 }
  size: Size = { width: 0, height: 0 }
  ratio = 1
  atlas = new TagAtlas(1)
  painter: Painter | null = null
  scene: Scene | null = null
  picture: ShownPicture | null = null

  private readonly seen: Raster
  private readonly top = layer('karat-top')
  /** The raster that is drawn beside, a slice in each frame. */
  private coming: { readonly raster: Raster; readonly steps: Generator<void, void, void>; readonly isSharp: boolean } | null = null
  private beside: Raster | null = null
  private dirty: Bounds[] = []
  private shapesChanged = false
  /** Tiles that came since the last frame. */
  private came: Tile[] = []
  private frame: number | null = null
  private settling: ReturnType<typeof setTimeout> | null = null
  private moving = false
  /** What is drawn is coarser than it could be. */
  private isRough = false

  constructor(
    host: HTMLElement,
    readonly view: View,
  ) {
    this.seen = new Raster(this)
    host.append(...Object.values(this.seen.layers).map(({ canvas }) => canvas), this.top.canvas)
  }

  resize(size: Size, ratio: number): void {
    if (size.width === this.size.width && size.height === this.size.height && ratio === this.ratio) return
    this.size = size
    if (ratio !== this.ratio) this.atlas = new TagAtlas(ratio)
    this.ratio = ratio
    this.seen.place()
    this.beside = null
    place(this.top.canvas, size, ratio, 0)
    this.redraw()
  }

  /** Everything is drawn anew in the next frame. */
  redraw(): void {
    this.seen.camera = null
    this.ask()
  }

  /** All shapes are drawn anew in the next frame; the picture stays. */
  redrawShapes(): void {
    this.shapesChanged = true
    this.ask()
  }

  look(camera: Camera): void {
    this.camera = camera
    this.moving = true
    if (this.settling !== null) clearTimeout(this.settling)
    this.settling = setTimeout(() => this.settle(), SETTLE_MS)
    this.ask()
  }

  /** A part of the picture shows other shapes now. */
  invalidate(regions: readonly Bounds[]): void {
    if (this.dirty.length + regions.length > MANY_PLACES) return this.redrawShapes()
    this.dirty.push(...regions)
    this.ask()
  }

  /** A tile of the picture has come. */
  tileCame(tile: Tile): void {
    this.came.push(tile)
    this.ask()
  }

  /** Asks for the tiles in sight, then for those around, so that a pan finds them there. */
  private wantTiles(): void {
    const { picture, camera, size, ratio } = this
    if (picture?.tiles === undefined) return
    const { grid } = picture.tiles
    const level = levelFor(grid, camera.scale * ratio)
    const [seen, near] = [visible(camera, size, MARGIN), visible(camera, size, Math.max(size.width, size.height) / 2)]
    picture.tiles.want([...tilesIn(grid, level, seen), ...tilesIn(grid, Math.max(0, level - 1), near), ...tilesIn(grid, level, near)])
  }

  private drawTiles(): void {
    for (const tile of this.came) {
      this.seen.drawPictureRegion(tile)
      this.coming?.raster.drawPictureRegion(tile)
    }
    this.came = []
  }

  /** Whether what is selected is so much that it is drawn among the settled shapes. */
  get hasManySelected(): boolean {
    return this.view.state.selection.size > MANY_SELECTED
  }

  touchTop(): void {
    this.ask()
  }

  /** While a shape is dragged the others step back and tags hide. */
  stepBack(on: boolean): void {
    const { shapes, tags } = this.seen.layers
    shapes.canvas.style.opacity = on ? '.4' : '1'
    tags.canvas.style.visibility = on ? 'hidden' : 'visible'
  }

  end(): void {
    if (this.frame !== null) cancelAnimationFrame(this.frame)
    if (this.settling !== null) clearTimeout(this.settling)
    for (const { canvas } of [...Object.values(this.seen.layers), this.top]) canvas.remove()
  }

  private ask(): void {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null
      this.draw()
    })
  }

  private settle(): void {
    this.settling = null
    this.moving = false
    this.ask()
  }

  private draw(): void {
    if (this.size.width === 0) return
    this.wantTiles()
    const { camera: drawn } = this.seen
    if (drawn === null || !this.canFollow(drawn)) this.drawAll()
    else {
      if (this.came.length > 0) this.drawTiles()
      if (this.shapesChanged) this.drawShapes(drawn)
      if (this.dirty.length > 0) this.drawRegions()
      this.drawBeside(drawn)
      this.move(drawn)
    }
    clear(this.top.ctx, this.size, 0)
    this.painter?.paintTop(brushOf(this.top.ctx, this.camera, this.ratio, 0))
  }

  /** Whether what was drawn can be moved and stretched to where it should be. */
  private canFollow(drawn: Camera): boolean {
    const { camera, seen } = this
    if (camera.scale === drawn.scale) return Math.abs(camera.x - drawn.x) < this.size.width / 2 && Math.abs(camera.y - drawn.y) < this.size.height / 2
    return seen.weight > MANY_SHAPES && isBetween(camera.scale / drawn.scale, STRETCH.most)
  }

  private drawAll(): void {
    this.coming = null
    this.came = []
    this.dirty = []
    this.shapesChanged = false
    this.isRough = this.moving
    finish(this.seen.drawing(this.camera, !this.moving))
    this.follow(this.camera)
  }

  private drawShapes(drawn: Camera): void {
    this.coming = null
    this.dirty = []
    this.shapesChanged = false
    finish(this.seen.drawingShapes(drawn))
  }

  private drawRegions(): void {
    // What is drawn beside has the old shapes.
    this.coming = null
    for (const region of joined(this.dirty)) this.seen.drawRegion(region)
    this.dirty = []
  }

  /** Begins a raster beside where the one that is seen is stretched or coarse, and goes on with it. */
  private drawBeside(drawn: Camera): void {
    const share = this.camera.scale / drawn.scale
    const isDue = this.moving ? !isBetween(share, STRETCH.soon) : share !== 1 || this.isRough
    // A coarse one is no use any more once the hand rests.
    if (this.coming !== null && !this.moving && !this.coming.isSharp) this.coming = null
    if (this.coming === null && !isDue) return
    this.coming ??= this.begin()
    const { raster, steps, isSharp } = this.coming
    const end = performance.now() + SLICE_MS
    while (performance.now() < end) {
      if (steps.next().done !== true) continue
      this.seen.become(raster)
      this.isRough = !isSharp
      this.coming = null
      break
    }
    this.ask()
  }

  private begin(): NonNullable<Stage['coming']> {
    const isSharp = !this.moving
    if (this.beside === null) {
      this.beside = new Raster(this)
      this.beside.place()
    }
    return { raster: this.beside, steps: this.beside.drawing(this.camera, isSharp), isSharp }
  }

  private move(was: Camera): void {
    const drawn = this.seen.camera ?? was
    const { camera } = this
    const isPastMargin = Math.abs(camera.x - drawn.x) > MARGIN || Math.abs(camera.y - drawn.y) > MARGIN
    if (camera.scale === drawn.scale && isPastMargin) this.seen.shift(camera)
    this.follow(this.seen.camera ?? drawn)
  }

  private follow(drawn: Camera): void {
    const share = this.camera.scale / drawn.scale
    const x = this.camera.x - drawn.x * share - MARGIN * share + MARGIN
    const y = this.camera.y - drawn.y * share - MARGIN * share + MARGIN
    const transform = share === 1 && x === 0 && y === 0 ? '' : `translate(${x}px, ${y}px) scale(${share})`
    for (const { canvas } of Object.values(this.seen.layers)) canvas.style.transform = transform
  }
}

/** Regions of which no two that follow one another could be drawn as one that is hardly larger: where a shape was, and where it is. */
export function joined(regions: readonly Bounds[]): Bounds[] {
  const found: Bounds[] = []
  for (const region of regions) {
    const last = found.at(-1)
    const both = last && around(last, region)
    if (last && both && areaOf(both) <= areaOf(last) + areaOf(region)) found[found.length - 1] = both
    else found.push(region)
  }
  return found
}

function areaOf({ minX, minY, maxX, maxY }: Bounds): number {
  return (maxX - minX) * (maxY - minY)
}

function isBetween(share: number, [least, most]: readonly [number, number]): boolean {
  return share > least && share < most
}
