// A mask and its pixels: read once, and known already of one that was made here.

import { boxOf, decode, encode, type PixelBox, type Pixels, pixelsOf, runsOf } from './runs'

export type Mask = { readonly box: PixelBox; readonly counts: string }

const decoded = new WeakMap<Mask, Pixels>()
const made = new WeakSet<Mask>()

export function pixels(mask: Mask): Pixels {
  const known = decoded.get(mask) ?? pixelsOf(mask.box, decode(mask.counts) ?? [])
  decoded.set(mask, known)
  return known
}

/** The mask of pixels; null of none. */
export function maskOf(found: Pixels): Mask | null {
  const box = boxOf(found)
  return box && known({ box, counts: encode(runsOf(found, box)) }, found)
}

/** A mask that was just encoded from these pixels, here or elsewhere. */
export function known(mask: Mask, found: Pixels): Mask {
  decoded.set(mask, found)
  made.add(mask)
  return mask
}

/** Whether it was encoded here, so that it needs no check. */
export function isMade(mask: Mask): boolean {
  return made.has(mask)
}

