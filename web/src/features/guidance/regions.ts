// Regions of real items that the guideline shows: what of a picture or a text, with air around it.

export type Crop = [number, number, number, number]

const AIR = 0.2
const LEAST = 24

/** A frame with air around it, within a picture, in whole pixels. */
export function aired([left, top, width, height]: readonly number[] & Crop, size: { width: number; height: number }): Crop {
  const air = Math.max(LEAST, AIR * Math.max(width, height))
  return within([left - air, top - air, width + 2 * air, height + 2 * air], size)
}

/** A region as far as it lies in a picture, at least one pixel wide and high. */
export function within([left, top, width, height]: readonly number[] & Crop, size: { width: number; height: number }): Crop {
  const [x, y] = [Math.round(Math.min(Math.max(0, left), size.width - 1)), Math.round(Math.min(Math.max(0, top), size.height - 1))]
  return [x, y, Math.max(1, Math.round(Math.min(left + width, size.width)) - x), Math.max(1, Math.round(Math.min(top + height, size.height)) - y)]
}

/** Two corners, in whichever order they were drawn, as a region. */
export const between = (a: { x: number; y: number }, b: { x: number; y: number }): Crop => [Math.min(a.x, b.x), Math.min(a.y, b.y), Math.abs(a.x - b.x), Math.abs(a.y - b.y)]

export interface Passage {
  before: string
  marked: string
  after: string
}

const AROUND = 80
const MOST = 300

/** The words that are marked in a text, with some around them; its beginning where nothing is. Places are code points. */
export function passageOf(text: string, spans: unknown): Passage {
  const points = [...text]
  const pairs = Array.isArray(spans) ? spans.filter((one): one is [number, number] => Array.isArray(one) && one.length === 2 && one.every((n) => typeof n === 'number')) : []
  const [first] = pairs
  if (!first) return { before: points.slice(0, MOST).join('') + (points.length > MOST ? '…' : ''), marked: '', after: '' }
  const [from, to] = first
  const start = Math.max(0, from - AROUND)
  const end = Math.min(points.length, to + AROUND)
  return { before: (start > 0 ? '…' : '') + points.slice(start, from).join(''), marked: points.slice(from, to).join(''), after: points.slice(to, end).join('') + (end < points.length ? '…' : '') }
}
