// Tiles of a picture too large for one bitmap: which ones a view needs, and those that are at hand.

import type { Size } from '../../engine/kind'
import type { Bounds } from '../../engine/space'

/** Level 0 fits into one tile, each further one has twice the pixels a side, the last one all. */
export interface TileGrid extends Size {
  readonly tile: number
  readonly levels: number
}

/** A tile and where it lies, in pixels of the picture. */
export interface Tile extends Bounds {
  readonly level: number
  readonly x: number
  readonly y: number
}

/** A tile's pixels may be drawn a little larger than they are before the next level is worth four times the bytes. */
const SLACK = 0.25

/** The level to show at so many pixels of the screen for a pixel of the picture. */
export function levelFor({ levels }: TileGrid, scale: number): number {
  return Math.min(levels - 1, Math.max(0, levels - 1 + Math.ceil(Math.log2(scale) - SLACK)))
}

/** How many pixels of the picture a pixel of a level is. */
export function shrinkOf({ levels }: TileGrid, level: number): number {
  return 2 ** (levels - 1 - level)
}

/** The tiles of a level that lie in bounds, the nearest to their middle first. */
export function tilesIn(grid: TileGrid, level: number, bounds: Bounds): Tile[] {
  const side = grid.tile * shrinkOf(grid, level)
  const [first, last] = [spanOf(bounds.minX, bounds.maxX, side, grid.width), spanOf(bounds.minY, bounds.maxY, side, grid.height)]
  const found: Tile[] = []
  for (let y = last[0]; y < last[1]; y += 1) for (let x = first[0]; x < first[1]; x += 1) found.push(tileAt(grid, level, x, y))
  const [midX, midY] = [(bounds.minX + bounds.maxX) / 2, (bounds.minY + bounds.maxY) / 2]
  const away = (t: Tile): number => Math.hypot((t.minX + t.maxX) / 2 - midX, (t.minY + t.maxY) / 2 - midY)
  return found.sort((a, b) => away(a) - away(b))
}

function spanOf(low: number, high: number, side: number, whole: number): [number, number] {
  return [Math.max(0, Math.floor(low / side)), Math.min(Math.ceil(whole / side), Math.ceil(high / side))]
}

export function tileAt(grid: TileGrid, level: number, x: number, y: number): Tile {
  const side = grid.tile * shrinkOf(grid, level)
  return { level, x, y, minX: x * side, minY: y * side, maxX: Math.min(grid.width, (x + 1) * side), maxY: Math.min(grid.height, (y + 1) * side) }
}

/** The tile of a coarser level that covers a tile; null above the coarsest. */
export function above(grid: TileGrid, { level, x, y }: Tile): Tile | null {
  return level === 0 ? null : tileAt(grid, level - 1, x >> 1, y >> 1)
}

/** Some 200 MB of pixels. */
const KEPT = 200
const AT_ONCE = 6
/** A tile that did not arrive is asked for again after so long. */
const AGAIN_MS = 5_000

export type LoadTile = (tile: Tile) => Promise<ImageBitmap>

/** Tiles at hand, the longest unused let go first; what is wanted is fetched a few at a time, and what is wanted no more is not. */
export class TileStore {
  private readonly kept = new Map<string, ImageBitmap>()
  private readonly coming = new Set<string>()
  private readonly failed = new Map<string, number>()
  private wanted: readonly Tile[] = []
  private isClosed = false
  /** How many tiles have come so far: what was read of the picture before may look finer now. */
  came = 0
  /** Called with each tile that has come. */
  arrived: ((tile: Tile) => void) | null = null

  constructor(
    readonly grid: TileGrid,
    private readonly load: LoadTile,
    private readonly now: () => number = Date.now,
  ) {}

  get(tile: Tile): ImageBitmap | null {
    const key = keyOf(tile)
    const found = this.kept.get(key)
    if (found === undefined) return null
    this.kept.delete(key)
    this.kept.set(key, found)
    return found
  }

  /** What is wanted from now on, the most urgent first. */
  want(tiles: readonly Tile[]): void {
    // No more than are kept, and used just now: else each that comes would push out another that is wanted.
    this.wanted = tiles.slice(0, KEPT)
    for (const tile of this.wanted) this.get(tile)
    this.next()
  }

  close(): void {
    this.isClosed = true
    for (const bitmap of this.kept.values()) bitmap.close()
    this.kept.clear()
  }

  private next(): void {
    for (const tile of this.wanted) {
      if (this.isClosed || this.coming.size >= AT_ONCE) return
      const key = keyOf(tile)
      const isLate = this.now() - (this.failed.get(key) ?? -Infinity) > AGAIN_MS
      if (!this.kept.has(key) && !this.coming.has(key) && isLate) void this.fetch(tile, key)
    }
  }

  private async fetch(tile: Tile, key: string): Promise<void> {
    this.coming.add(key)
    try {
      this.keep(key, await this.load(tile))
      this.failed.delete(key)
      this.came += 1
      if (!this.isClosed) this.arrived?.(tile)
    } catch {
      // What is coarser stays in its place until it is asked for again.
      this.failed.set(key, this.now())
    } finally {
      this.coming.delete(key)
      this.next()
    }
  }

  private keep(key: string, bitmap: ImageBitmap): void {
    if (this.isClosed) return bitmap.close()
    this.kept.set(key, bitmap)
    for (const [old, held] of [...this.kept].slice(0, Math.max(0, this.kept.size - KEPT))) {
      this.kept.delete(old)
      held.close()
    }
  }
}

function keyOf({ level, x, y }: Tile): string {
  return `${level}/${x}/${y}`
}
