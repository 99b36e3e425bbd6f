// Compares long texts away from the page, which stays quick meanwhile.

import { type Changes, changesOf } from './text-diff'

export interface Asked {
  readonly id: number
  readonly before: string
  readonly after: string
}

export interface Compared {
  readonly id: number
  readonly changes: Changes
}

/** Nobody waits for it: a key more, and it is asked anew. */
const PATIENCE_MS = 400

self.onmessage = ({ data: { id, before, after } }: MessageEvent<Asked>): void => {
  const compared: Compared = { id, changes: changesOf(before, after, PATIENCE_MS) }
  self.postMessage(compared)
}
