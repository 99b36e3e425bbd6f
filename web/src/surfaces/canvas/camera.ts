// Where the picture stands on the screen: screen = picture * scale + offset, in CSS pixels.

import type { Point } from '../../engine/gesture'
import type { Size } from '../../engine/kind'
import type { Bounds } from '../../engine/space'

export interface Camera {
  readonly scale: number
  readonly x: number
  readonly y: number
}

/** What floats on the surface, to be kept clear of when the picture is fitted. */
export interface Insets {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

export const MAX_SCALE = 64
const AIR = 0.2

export function toScreen(camera: Camera, point: Point): Point {
  return { x: point.x * camera.scale + camera.x, y: point.y * camera.scale + camera.y }
}

export function toPicture(camera: Camera, point: Point): Point {
  return { x: (point.x - camera.x) / camera.scale, y: (point.y - camera.y) / camera.scale }
}

/** The whole picture in the middle of what is free, never larger than its own pixels by more than four times. */
export function fit(picture: Size, screen: Size, insets: Insets): Camera {
  return frame({ minX: 0, minY: 0, maxX: picture.width, maxY: picture.height }, screen, insets, 4)
}

/** A part of the picture, with air around it. */
export function zoomTo(bounds: Bounds, screen: Size, insets: Insets): Camera {
  const [dx, dy] = [(bounds.maxX - bounds.minX) * AIR, (bounds.maxY - bounds.minY) * AIR]
  return frame({ minX: bounds.minX - dx, minY: bounds.minY - dy, maxX: bounds.maxX + dx, maxY: bounds.maxY + dy }, screen, insets, 16)
}

function frame(bounds: Bounds, screen: Size, insets: Insets, most: number): Camera {
  const width = Math.max(1, screen.width - insets.left - insets.right)
  const height = Math.max(1, screen.height - insets.top - insets.bottom)
  const [w, h] = [Math.max(1, bounds.maxX - bounds.minX), Math.max(1, bounds.maxY - bounds.minY)]
  const scale = Math.min(width / w, height / h, most)
  return {
    scale,
    x: Math.round(insets.left + (width - w * scale) / 2 - bounds.minX * scale),
    y: Math.round(insets.top + (height - h * scale) / 2 - bounds.minY * scale),
  }
}

/** Zooms so that what lies under a point of the screen stays there. */
export function zoomAt(camera: Camera, at: Point, factor: number, least: number): Camera {
  const scale = Math.min(MAX_SCALE, Math.max(least, camera.scale * factor))
  const share = scale / camera.scale
  return { scale, x: at.x - (at.x - camera.x) * share, y: at.y - (at.y - camera.y) * share }
}

/** Moves by screen pixels, keeping at least a corner of the picture in sight. */
export function pan(camera: Camera, by: Point, picture: Size, screen: Size): Camera {
  const keep = 64
  const [w, h] = [picture.width * camera.scale, picture.height * camera.scale]
  return {
    scale: camera.scale,
    x: Math.min(screen.width - keep, Math.max(keep - w, camera.x + by.x)),
    y: Math.min(screen.height - keep, Math.max(keep - h, camera.y + by.y)),
  }
}

/** What of the picture the screen shows. */
export function visible(camera: Camera, screen: Size, margin = 0): Bounds {
  const a = toPicture(camera, { x: -margin, y: -margin })
  const b = toPicture(camera, { x: screen.width + margin, y: screen.height + margin })
  return { minX: a.x, minY: a.y, maxX: b.x, maxY: b.y }
}
