// Pages one under another: where each stands at a scale, and which part of it a screen shows.

import type { Size } from '../../engine/kind'

export const GAP = 16
/** Below the last page: what floats at the foot of the screen covers nothing of it. */
export const FOOT = 88
/** The least and the largest size of a unit of a page on the screen. */
export const SCALES = [0.1, 8] as const

export interface Place {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

export interface Stack {
  readonly places: readonly Place[]
  readonly width: number
  readonly height: number
}

/** Pages in the middle of what is wide enough for all of them, in pixels of the screen. */
export function stacked(pages: readonly Size[], scale: number, screen: Size): Stack {
  const width = Math.max(screen.width, ...pages.map((page) => page.width * scale + 2 * GAP))
  let top = GAP
  const places = pages.map((page) => {
    const size = { width: page.width * scale, height: page.height * scale }
    const place = { left: Math.max(GAP, (width - size.width) / 2), top, ...size }
    top += size.height + GAP
    return place
  })
  return { places, width, height: top + FOOT - GAP }
}

/** Which pages a screen shows, scrolled to a height; a page more on each side where `margin` reaches it. */
export function inSight(stack: Stack, top: number, height: number, margin: number): number[] {
  return stack.places.flatMap((place, i) => (place.top + place.height > top - margin && place.top < top + height + margin ? [i] : []))
}

/** The scale at which the widest page fills the width. */
export function fitted(pages: readonly Size[], screen: Size): number {
  return clamped((screen.width - 2 * GAP) / Math.max(1, ...pages.map((page) => page.width)))
}

export function clamped(scale: number): number {
  return Math.min(SCALES[1], Math.max(SCALES[0], scale))
}

/**
 * A window on a side of a page that never leaves the page and covers what the screen shows of it: where it begins on the
 * screen, and how long it is. `at` is where the page begins.
 */
export function pane(at: number, length: number, screen: number): { readonly at: number; readonly length: number } {
  const shown = Math.min(screen, length)
  return { at: Math.min(Math.max(0, at), at + length - shown), length: shown }
}
