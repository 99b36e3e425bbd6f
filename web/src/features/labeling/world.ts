// The engine's ports in a browser: clock, identifiers, tabs, media.

import type { Channel, Clock, Media, TabMessage } from '../../engine/ports'
import { picture } from '../../surfaces/canvas/images'

export const clock: Clock = {
  now: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}

/** A UUID of version 7. `crypto.randomUUID` is missing on plain http, where Karat may well be used at first. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  const time = Date.now()
  for (let i = 0; i < 6; i += 1) bytes[i] = Math.floor(time / 2 ** (8 * (5 - i))) & 0xff
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** The other tabs of this browser that label. */
export function tabs(name = 'karat.labeling'): Channel {
  const bus = new BroadcastChannel(name)
  return {
    send: (message) => bus.postMessage(message),
    listen: (hear) => {
      const heard = (event: MessageEvent<TabMessage>): void => hear(event.data)
      bus.addEventListener('message', heard)
      return () => bus.removeEventListener('message', heard)
    },
  }
}

export const media: Media = {
  prepare: (task) => {
    for (const stream of Object.values(task.item.streams)) {
      // A picture that fails here is asked for again when it is shown, and says there why it fails.
      if (stream.kind === 'image' && stream.url) picture(stream.url).catch(() => undefined)
    }
  },
}
