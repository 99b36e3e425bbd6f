// What changes elsewhere: the server names a topic, the page fetches it again under its normal rights.
import type { QueryClient } from '@tanstack/react-query'
import { root } from './client'

const AGAIN_MS = 15_000

interface Told {
  seq: number
  topic: string
}

/** Listens while the tab is visible and marks what changed as old. Returns how to stop. */
export function listen(client: QueryClient): () => void {
  let source: EventSource | null = null
  let again: ReturnType<typeof setTimeout> | undefined
  const open = () => {
    if (source || document.hidden) return
    source = new EventSource(`${root}/events`, { withCredentials: true })
    source.onmessage = (event) => hear(event.data, client)
    // The browser reconnects by itself, except where the server refused: after a session that ended, say.
    source.onerror = () => {
      if (source?.readyState !== EventSource.CLOSED) return
      source = null
      again = setTimeout(open, AGAIN_MS)
    }
  }
  const close = () => {
    clearTimeout(again)
    source?.close()
    source = null
  }
  const follow = () => (document.hidden ? close() : open())
  document.addEventListener('visibilitychange', follow)
  open()
  return () => {
    document.removeEventListener('visibilitychange', follow)
    close()
  }
}

/** Topics are the names of events; their first word says what changed. */
const touched: Record<string, readonly string[]> = {
  appeal: ['appeals', 'todo'],
  batch: ['batches', 'held', 'items'],
  fairness: ['fairness'],
  guideline: ['guideline'],
  notice: ['notices'],
  ruling: ['precedents', 'todo'],
  thread: ['threads', 'todo'],
  item: ['items', 'item', 'facets', 'project', 'reports'],
  items: ['items', 'facets', 'project', 'projects'],
  response: ['items', 'item', 'reports', 'project', 'projects', 'todo'],
  review: ['items', 'item', 'reports', 'project', 'projects', 'todo'],
  job: ['jobs'],
  invite: ['invites'],
  member: ['members'],
  project: ['projects', 'project'],
}

function hear(data: string, client: QueryClient): void {
  const { topic } = JSON.parse(data) as Partial<Told>
  const keys = touched[topic?.split('.')[0] ?? ''] ?? []
  for (const key of keys) void client.invalidateQueries({ queryKey: [key], refetchType: 'active' })
}
