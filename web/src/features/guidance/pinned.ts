// A thread as a pin on the screen.
import type { Thread } from '../../api'
import type { Pin } from '../../engine/pins'
import { plainOf } from './mentions'
import { m } from './messages'

/** The pin of a thread; none where it is closed, or about the item as a whole. */
export function pinOf(thread: Thread): Pin[] {
  const { annotation = null, stream = null, region = null } = thread.place
  const [first] = thread.messages
  if (thread.state === 'closed' || (annotation === null && region === null)) return []
  const words = first ? plainOf(first.text, first.mentions, m.someone) : ''
  return [{ id: thread.id, annotation, stream, region: region as Pin['region'], state: thread.state, count: thread.messages.length, title: m.pin(m.states[thread.state] ?? thread.state, words.slice(0, 80)) }]
}
