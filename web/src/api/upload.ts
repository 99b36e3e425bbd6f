// Sends files in parts, so that a broken connection costs one part and not the file.
import { Refusal } from './client'
import { putPart, uploadState } from './transfers'
import type { Id } from './types'

export interface Named {
  name: string
  file: File
}

export interface Sending {
  done: number
  total: number
  files: number
  perSecond: number
  file: string
}

const PART = 8 * 1024 * 1024
const WAITS_MS = [500, 1000, 2000, 4000, 8000, 15_000]

/** Sends all files, several small ones at once. What the server already has is not sent again. */
export async function upload(id: Id, files: readonly Named[], tell: (sending: Sending) => void, signal: AbortSignal): Promise<void> {
  const have = new Map((await uploadState(id)).files.map((f) => [f.name, f.size]))
  const total = files.reduce((sum, { file }) => sum + file.size, 0)
  const began = performance.now()
  let done = 0
  let finished = 0
  const went = (bytes: number, file: string) => {
    done += bytes
    tell({ done, total, files: finished, perSecond: done / Math.max(0.2, (performance.now() - began) / 1000), file })
  }
  const queue = [...files]
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const { name, file } = next
      const sent = have.get(name) ?? -1
      if (sent === file.size) went(file.size, name)
      else await sendFile(id, name, file, Math.max(0, sent), (bytes) => went(bytes, name), signal)
      finished += 1
      went(0, name)
    }
  }
  await Promise.all(Array.from({ length: 4 }, worker))
}

async function sendFile(id: Id, name: string, file: File, from: number, went: (bytes: number) => void, signal: AbortSignal): Promise<void> {
  // A part is never resumed in its middle: what is there counts in whole parts.
  const start = from - (from % PART)
  if (start > 0) went(start)
  for (let at = start; at < file.size || at === 0; at += PART) {
    const part = file.slice(at, at + PART)
    await patiently(() => putPart(id, name, part, at, file.size, signal), signal)
    went(part.size)
    if (file.size === 0) return
  }
}

/** Tries again while the server cannot be reached; any other answer is final. */
async function patiently<T>(attempt: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (const wait of WAITS_MS) {
    try {
      return await attempt()
    } catch (error) {
      if (signal.aborted || !(error instanceof Refusal) || (error.status !== 0 && error.status < 502)) throw error
      await new Promise((resolve) => setTimeout(resolve, wait))
    }
  }
  return attempt()
}
