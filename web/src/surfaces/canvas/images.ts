// Pictures decoded before they are needed; EXIF orientation is applied by the browser.

import type { Size } from '../../engine/kind'
import { Kept } from './kept'
import { awaited, tiled, TILES } from './tiled'
import type { TileStore } from './tiles'

export interface Picture {
  readonly image: ImageBitmap
  /** The picture's own pixels, in which annotations count. */
  readonly size: Size
  /** The bitmap's pixels: fewer for a picture larger than a canvas can hold. */
  readonly pixels: Size
  /** All pixels of a picture too large for one bitmap; then the image is a coarse one of all of it. */
  readonly tiles?: TileStore
}

/** Why a picture cannot be shown, in terms that help whoever keeps the files. */
export class PictureError extends Error {
  constructor(
    message: string,
    readonly status: number,
    readonly trace: string | null,
  ) {
    super(message)
  }

  /** The picture may be whole: nobody was there to give it, or wanted a sign-in first. */
  get isAway(): boolean {
    return this.status === 0 || this.status === 401 || this.status === 429 || this.status >= 500
  }
}

/** Decoded pictures that wait to be shown, or were just now. */
const SPARE = 5
const MAX_SIDE = 8192
const pictures = new Kept<Picture>((url) => load(url), letGo, SPARE)

/** The decoded picture at an address, fetched ahead. */
export const picture = (url: string): Promise<Picture> => pictures.ask(url)

/** The decoded picture at an address, for whoever shows it, until `letGo` is called. */
export const holdPicture = (url: string): ReturnType<typeof pictures.hold> => pictures.hold(url)

/** The picture where it is decoded already. */
export const pictureNow = (url: string): Picture | null => pictures.now(url)

function letGo({ image, tiles }: Picture): void {
  image.close()
  tiles?.close()
}

const making = new Map<string, number>()
const watchers = new Set<() => void>()

/** How much of a large picture the server has made ready, in percent; null where it makes nothing. */
export function madeOf(url: string): number | null {
  return making.get(url) ?? null
}

export function watchMaking(told: () => void): () => void {
  watchers.add(told)
  return () => watchers.delete(told)
}

function tell(url: string, percent: number | null): void {
  if (percent === null) making.delete(url)
  else making.set(url, percent)
  for (const told of watchers) told()
}

/** Puts a picture in place that was made here and has no address. */
export function providePicture(url: string, made: Picture): void {
  pictures.put(url, made)
}

/** A picture that whoever asks for it keeps, and closes. */
export const fetchPicture = (url: string): Promise<Picture> => load(url)

/** What an address says as text; it fails as a picture does. */
export const fetchText = async (url: string): Promise<string> => (await received(url)).blob.text()

/** The type under which the server sends what browsers do not show. */
const NOT_SHOWN = 'application/octet-stream'

/** A picture that browsers cannot show, such as a TIFF, is asked for in a form in which they can. */
async function load(url: string): Promise<Picture> {
  const stored = await received(url, `${TILES}, image/*, */*`)
  if (stored.blob.type.startsWith(TILES)) return inTiles(url, stored)
  if (!stored.blob.type.startsWith(NOT_SHOWN)) return decoded(stored)
  const asked = new URL(url, location.href)
  asked.searchParams.set('size', 'screen')
  return decoded(await received(asked.href))
}

async function inTiles(url: string, first: Received): Promise<Picture> {
  try {
    const grid = await awaited(first.blob, async () => (await received(url, TILES)).blob, (percent) => tell(url, percent))
    const { coarse, store } = await tiled(url, grid, async (address) => (await received(address)).blob)
    return { image: coarse, size: { width: grid.width, height: grid.height }, pixels: { width: coarse.width, height: coarse.height }, tiles: store }
  } finally {
    tell(url, null)
  }
}

interface Received {
  readonly blob: Blob
  readonly status: number
  readonly trace: string | null
}

async function received(url: string, accept = '*/*'): Promise<Received> {
  const answer = await fetch(url, { credentials: 'same-origin', headers: { accept } }).catch(() => Promise.reject(new PictureError('no answer', 0, null)))
  const trace = answer.headers.get('x-request-id')
  if (!answer.ok) throw new PictureError((await reasonOf(answer)) ?? `${answer.status} ${answer.statusText}`.trim(), answer.status, trace)
  const blob = await answer.blob().catch(() => Promise.reject(new PictureError('the answer broke off', 0, trace)))
  return { blob, status: answer.status, trace }
}

/** What the server says is wrong with a picture, e.g. how many pixels it has and how many are allowed. */
async function reasonOf(answer: Response): Promise<string | null> {
  if (!answer.headers.get('content-type')?.includes('json')) return null
  const said = (await answer.json().catch(() => null)) as { title?: string; problems?: { got?: string; expected?: string; do?: string }[] } | null // each part is looked at
  const [problem] = said?.problems ?? []
  if (problem?.got && problem.expected) return `${said?.title ?? answer.status}: ${problem.got}; expected ${problem.expected}${problem.do ? `. ${problem.do}` : ''}`
  return said?.title ? `${answer.status} ${said.title}` : null
}

async function decoded({ blob, status, trace }: Received): Promise<Picture> {
  try {
    const whole = await createImageBitmap(blob, { imageOrientation: 'from-image' })
    const size = { width: whole.width, height: whole.height }
    const share = Math.min(1, MAX_SIDE / Math.max(size.width, size.height))
    if (share === 1) return { image: whole, size, pixels: size }
    const pixels = { width: Math.round(size.width * share), height: Math.round(size.height * share) }
    const image = await createImageBitmap(whole, { resizeWidth: pixels.width, resizeHeight: pixels.height, resizeQuality: 'high' })
    whole.close()
    return { image, size, pixels }
  } catch {
    throw new PictureError(`${blob.type || 'unknown type'}, ${blob.size} bytes, cannot be decoded`, status, trace)
  }
}
