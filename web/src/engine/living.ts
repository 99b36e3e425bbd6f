// Which tabs of this browser label now: what a tab that is gone left behind is taken up by another.

import { WHO_LIVES_MS } from './pace'
import type { Channel, Clock } from './ports'
import type { Id } from './types'

/** The tabs that say within a moment that they live; whoever asks is not among them. */
export async function whoLives(channel: Channel, clock: Clock): Promise<ReadonlySet<Id>> {
  const alive = new Set<Id>()
  const stop = channel.listen((message) => {
    if (message.type === 'here') alive.add(message.client)
  })
  channel.send({ type: 'who' })
  await new Promise<void>((done) => clock.after(WHO_LIVES_MS, done))
  stop()
  return alive
}
