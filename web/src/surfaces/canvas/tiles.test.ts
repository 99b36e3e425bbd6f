import { expect, test } from 'vitest'
import { above, levelFor, type Tile, tileAt, TileStore, tilesIn } from './tiles'

const GRID = { width: 20_000, height: 12_000, tile: 512, levels: 7 }
const names = (tiles: readonly Tile[]): string[] => tiles.map(({ level, x, y }) => `${level}/${x}/${y}`)
const bitmap = (): ImageBitmap & { closed: boolean } => ({ width: 512, height: 512, closed: false, close() { this.closed = true } }) as ImageBitmap & { closed: boolean } // the store only closes it
const settled = (): Promise<void> => new Promise((done) => setTimeout(done))

test('the level has about as many pixels as the screen shows', () => {
  expect([4, 1, 0.7, 0.5, 0.25, 0.01, 0.001].map((scale) => levelFor(GRID, scale))).toEqual([6, 6, 6, 5, 4, 0, 0])
})

test('tiles in sight are found, the nearest to the middle first, and none beside the picture', () => {
  const found = tilesIn(GRID, 6, { minX: 600, minY: -900, maxX: 2_000, maxY: 400 })

  expect(names(found).sort()).toEqual(['6/1/0', '6/2/0', '6/3/0'])
  expect(names(found)[0]).toBe('6/2/0')
})

test('a tile at the edge ends with the picture', () => {
  expect(tileAt(GRID, 6, 39, 23)).toMatchObject({ minX: 19_968, minY: 11_776, maxX: 20_000, maxY: 12_000 })
  expect(tilesIn(GRID, 0, { minX: 0, minY: 0, maxX: 20_000, maxY: 12_000 })).toHaveLength(1)
})

test('what covers a tile lies one level above it', () => {
  const tile = tileAt(GRID, 6, 5, 3)
  const cover = above(GRID, tile)

  expect(cover).toMatchObject({ level: 5, x: 2, y: 1 })
  expect((cover?.minX ?? 0) <= tile.minX && (cover?.maxX ?? 0) >= tile.maxX).toBe(true)
  expect(above(GRID, tileAt(GRID, 0, 0, 0))).toBeNull()
})

test('what is wanted no more is not fetched', async () => {
  const asked: string[] = []
  const store = new TileStore(GRID, async (tile) => {
    asked.push(...names([tile]))
    return bitmap()
  })
  const row = Array.from({ length: 12 }, (_, x) => tileAt(GRID, 6, x, 0))

  store.want(row)
  store.want([tileAt(GRID, 6, 0, 9)])
  await settled()

  expect(asked).toEqual([...names(row.slice(0, 6)), '6/0/9'])
})

test('two hundred tiles are kept, those that are wanted before others', async () => {
  const made: { closed: boolean }[] = []
  const store = new TileStore(GRID, async () => {
    const one = bitmap()
    made.push(one)
    return one
  })
  const tiles = Array.from({ length: 201 }, (_, i) => tileAt(GRID, 6, i % 40, Math.floor(i / 40)))

  store.want(tiles)
  await settled()
  store.want(tiles.slice(1))
  await settled()

  expect(made).toHaveLength(201)
  expect(made.map((one) => one.closed).indexOf(true)).toBe(0)
  expect(made.filter((one) => one.closed)).toHaveLength(1)
  expect(store.get(tiles[200] as Tile)).not.toBeNull()
})

test('a tile that failed is asked for again, but not at once', async () => {
  let [now, asked] = [0, 0]
  const load = (): Promise<ImageBitmap> => {
    asked += 1
    return Promise.reject(new Error('gone'))
  }
  const store = new TileStore(GRID, load, () => now)

  store.want([tileAt(GRID, 0, 0, 0)])
  await settled()
  store.want([tileAt(GRID, 0, 0, 0)])
  await settled()
  expect(asked).toBe(1)

  now = 6_000
  store.want([tileAt(GRID, 0, 0, 0)])
  await settled()
  expect(asked).toBe(2)
})
