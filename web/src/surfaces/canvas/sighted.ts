// The pixels of a picture in tiles that are in sight, to be looked into; the others are not here.

import type { Size } from '../../engine/kind'
import { PLAIN } from '../../engine/tone'
import { type Camera, visible } from './camera'
import type { Pixels } from './flood'
import { contextOf, PictureLayer, type ShownPicture } from './picture-layer'
import { levelFor, shrinkOf, type TileStore } from './tiles'

/** Pixels, where they begin in the picture, and how many of its pixels one of them is. */
export interface Looked {
  readonly pixels: Pixels
  readonly left: number
  readonly top: number
  readonly share: number
}

export interface Sights {
  known: { readonly camera: Camera; readonly came: number; readonly looked: Looked } | null
}

/** Coarser ones than this are not looked into: what they find would be blocks, and hundreds of megabytes of them. */
const COARSEST = 4

/** Whether a picture in tiles is shown so small that it is not looked into. */
export function isCoarse({ tiles }: Pick<ShownPicture, 'tiles'>, camera: Camera, ratio: number): boolean {
  return tiles !== undefined && shareOf(tiles, camera, ratio) > COARSEST
}

function shareOf({ grid }: TileStore, camera: Camera, ratio: number): number {
  return shrinkOf(grid, levelFor(grid, camera.scale * ratio))
}

export const NOTHING: Looked = { pixels: { data: new Uint8ClampedArray(), width: 0, height: 0 }, left: 0, top: 0, share: 1 }

/** Read once for each view and what has come of it; nothing where the picture is shown smaller than a quarter. */
export function inSight(sights: Sights, picture: ShownPicture, tiles: TileStore, { camera, size, ratio }: { camera: Camera; size: Size; ratio: number }): Looked {
  if (sights.known?.camera === camera && sights.known.came === tiles.came) return sights.known.looked
  const share = shareOf(tiles, camera, ratio)
  const looked = share > COARSEST ? NOTHING : drawn(picture, visible(camera, size), share)
  sights.known = { camera, came: tiles.came, looked }
  return looked
}

function drawn(picture: ShownPicture, seen: { minX: number; minY: number; maxX: number; maxY: number }, share: number): Looked {
  const [left, top] = [Math.max(0, Math.floor(seen.minX / share)) * share, Math.max(0, Math.floor(seen.minY / share)) * share]
  const width = Math.floor((Math.min(picture.size.width, seen.maxX) - left) / share)
  const height = Math.floor((Math.min(picture.size.height, seen.maxY) - top) / share)
  if (width < 1 || height < 1) return NOTHING
  const ctx = brushOf(picture, { left, top, width, height, share })
  return { pixels: { data: ctx.getImageData(0, 0, width, height).data, width, height }, left, top, share }
}

function brushOf(picture: ShownPicture, { left, top, width, height, share }: Size & { left: number; top: number; share: number }): CanvasRenderingContext2D {
  const ctx = contextOf(Object.assign(document.createElement('canvas'), { width, height }), { willReadFrequently: true })
  const camera = { scale: 1 / share, x: -left / share, y: -top / share }
  new PictureLayer(ctx, 0).draw({ x: 0, y: 0, right: width, bottom: height }, { camera, picture, ratio: 1, tone: PLAIN, isSharp: true })
  return ctx
}

/** A part of a picture at another size, out of the tiles that are in sight where it has some. */
export function shrunk(picture: ShownPicture, part: Size & { readonly left: number; readonly top: number }, to: Size, { camera, ratio }: { camera: Camera; ratio: number }): Uint8ClampedArray<ArrayBuffer> {
  const ctx = contextOf(Object.assign(document.createElement('canvas'), to), { willReadFrequently: true })
  const { left, top, width, height } = part
  if (picture.tiles === undefined) {
    const own = picture.pixels.width / picture.size.width
    ctx.drawImage(picture.image, left * own, top * own, width * own, height * own, 0, 0, to.width, to.height)
  } else {
    const share = shareOf(picture.tiles, camera, ratio)
    const size = { width: Math.max(1, Math.round(width / share)), height: Math.max(1, Math.round(height / share)) }
    ctx.drawImage(brushOf(picture, { left, top, share, ...size }).canvas, 0, 0, to.width, to.height)
  }
  return ctx.getImageData(0, 0, to.width, to.height).data
}
