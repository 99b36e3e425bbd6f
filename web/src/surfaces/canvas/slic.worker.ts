// Finds superpixels away from the page, which stays quick meanwhile.

import { superpixels } from './slic'

export interface Wanted {
  readonly id: number
  readonly data: Uint8ClampedArray
  readonly width: number
  readonly height: number
  readonly step: number
}

export interface Found {
  readonly id: number
  readonly labels: Int32Array
}

self.onmessage = ({ data }: MessageEvent<Wanted>): void => {
  const labels = superpixels(data, data.step)
  const found: Found = { id: data.id, labels }
  self.postMessage(found, { transfer: [labels.buffer] })
}
