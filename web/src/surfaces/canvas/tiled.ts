// A picture that the server cuts into tiles: waiting until they are made, a coarse bitmap of all of it, and each tile.

import { shrinkOf, type Tile, type TileGrid, tilesIn, TileStore } from './tiles'

/** Who asks for a picture and accepts this gets, of a large one, the description of its tiles. */
export const TILES = 'application/vnd.karat.tiles+json'
const AGAIN_MS = 1_000
/** The longer side of the coarse bitmap at most. */
const COARSE = 2_048

interface Description extends TileGrid {
  readonly ready: boolean
  /** How much of them is made. */
  readonly percent: number
}

export interface Tiled {
  readonly coarse: ImageBitmap
  readonly store: TileStore
}

/** Waits for the tiles of a picture. `ask` gives its description; `tell` hears how much is made. */
export async function awaited(first: Blob, ask: () => Promise<Blob>, tell: (percent: number) => void): Promise<TileGrid> {
  let found = await read(first)
  while (!found.ready) {
    tell(found.percent)
    await new Promise((done) => setTimeout(done, AGAIN_MS))
    found = await read(await ask())
  }
  return found
}

async function read(blob: Blob): Promise<Description> {
  return JSON.parse(await blob.text()) as Description // the server's own type
}

/** The coarse bitmap of all, and a store for tiles; `fetch` gives the content of an address. */
export async function tiled(url: string, grid: TileGrid, get: (url: string) => Promise<Blob>): Promise<Tiled> {
  const load = async (tile: Tile): Promise<ImageBitmap> => createImageBitmap(await get(addressOf(url, tile)))
  return { coarse: await coarse(grid, load), store: new TileStore(grid, load) }
}

function addressOf(url: string, { level, x, y }: Tile): string {
  const address = new URL(url, location.href)
  address.searchParams.set('tile', `${level}/${x}/${y}`)
  return address.href
}

async function coarse(grid: TileGrid, load: (tile: Tile) => Promise<ImageBitmap>): Promise<ImageBitmap> {
  const longer = Math.max(grid.width, grid.height)
  let level = 0
  while (level + 1 < grid.levels && longer / shrinkOf(grid, level + 1) <= COARSE) level += 1
  const shrink = shrinkOf(grid, level)
  const canvas = new OffscreenCanvas(Math.ceil(grid.width / shrink), Math.ceil(grid.height / shrink))
  const ctx = canvas.getContext('2d')
  if (ctx === null) throw new Error('This browser gives no 2D canvas.')
  const all = tilesIn(grid, level, { minX: 0, minY: 0, maxX: grid.width, maxY: grid.height })
  await Promise.all(
    all.map(async (tile) => {
      const bitmap = await load(tile)
      ctx.drawImage(bitmap, tile.x * grid.tile, tile.y * grid.tile)
      bitmap.close()
    }),
  )
  return canvas.transferToImageBitmap()
}
