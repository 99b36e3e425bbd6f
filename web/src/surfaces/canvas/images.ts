// Pictures decoded before they are needed; EXIF orientation is applied by the browser.

import type { Size } from '../../engine/kind'

export interface Picture {
  readonly image: ImageBitmap
  /** The picture's own pixels, in which annotations count. */
  readonly size: Size
  /** The bitmap's pixels: fewer for a picture larger than a canvas can hold. */
  readonly pixels: Size
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

const KEPT = 5
const MAX_SIDE = 8192
const pictures = new Map<string, Promise<Picture>>()

/** The decoded picture at an address; asked for twice, it is fetched once. */
export function picture(url: string): Promise<Picture> {
  const known = pictures.get(url)
  if (known) {
    pictures.delete(url)
    pictures.set(url, known)
    return known
  }
  const coming = load(url)
  pictures.set(url, coming)
  // A failure is not remembered: the next try may succeed.
  coming.catch(() => pictures.delete(url))
  for (const [old, held] of [...pictures].slice(0, Math.max(0, pictures.size - KEPT))) {
    pictures.delete(old)
    void held.then((p) => setTimeout(() => p.image.close(), 60_000), () => undefined)
  }
  return coming
}

/** Puts a picture in place that was made here and has no address. */
export function providePicture(url: string, made: Picture): void {
  pictures.set(url, Promise.resolve(made))
}

async function load(url: string): Promise<Picture> {
  const answer = await fetch(url, { credentials: 'same-origin' }).catch(() => Promise.reject(new PictureError('no answer', 0, null)))
  const trace = answer.headers.get('x-request-id')
  if (!answer.ok) throw new PictureError(`${answer.status} ${answer.statusText}`.trim(), answer.status, trace)
  const blob = await answer.blob().catch(() => Promise.reject(new PictureError('the answer broke off', 0, trace)))
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
    throw new PictureError(`${blob.type || 'unknown type'}, ${blob.size} bytes, cannot be decoded`, answer.status, trace)
  }
}
