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
  known: { readonly camera: Camera; readonly looked: Looked } | null
}

/** Coarser ones than this are not looked into: what they find would be blocks, and hundreds of megabytes of them. */
const COARSEST = 4

export const NOTHING: Looked = { pixels: { data: new Uint8ClampedArray(), width: 0, height: 0 }, left: 0, top: 0, share: 1 }

/** Read once for each view; nothing where the picture is shown smaller than a quarter. */
export function inSight(sights: Sights, picture: ShownPicture, { grid }: TileStore, { camera, size, ratio }: { camera: Camera; size: Size; ratio: number }): Looked {
  if (sights.known?.camera === camera) return sights.known.looked
  const share = shrinkOf(grid, levelFor(grid, camera.scale * ratio))
  const looked = share > COARSEST ? NOTHING : drawn(picture, visible(camera, size), share)
  sights.known = { camera, looked }
  return looked
}

function drawn(picture: ShownPicture, seen: { minX: number; minY: number; maxX: number; maxY: number }, share: number): Looked {
  const [left, top] = [Math.max(0, Math.floor(seen.minX / share)) * share, Math.max(0, Math.floor(seen.minY / share)) * share]
  const width = Math.floor((Math.min(picture.size.width, seen.maxX) - left) / share)
  const height = Math.floor((Math.min(picture.size.height, seen.maxY) - top) / share)
  if (width < 1 || height < 1) return NOTHING
  const canvas = Object.assign(document.createElement('canvas'), { width, height })
  const ctx = contextOf(canvas, { willReadFrequently: true })
  const camera = { scale: 1 / share, x: -left / share, y: -top / share }
  new PictureLayer(ctx, 0).draw({ x: 0, y: 0, right: width, bottom: height }, { camera, picture, ratio: 1, tone: PLAIN, isSharp: true })
  return { pixels: { data: ctx.getImageData(0, 0, width, height).data, width, height }, left, top, share }
}
