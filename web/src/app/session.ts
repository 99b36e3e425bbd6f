// Who is signed in, in which workspace they are, and what to do when the session ends under their hands.
import { QueryClient, queryOptions, useQuery } from '@tanstack/react-query'
import { onExpired, people, Refusal, type Me, type Membership, type Role } from '../api'

export const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      refetchOnWindowFocus: true,
      // What the server refuses it refuses again; only a lost connection is worth another try.
      retry: (failed, error) => failed < 2 && error instanceof Refusal && (error.status === 0 || error.status >= 502),
    },
    mutations: { retry: false },
  },
})

export const meQuery = queryOptions({ queryKey: ['me'], queryFn: people.me, staleTime: 60_000 })

export function useMe(): Me | undefined {
  return useQuery(meQuery).data
}

const KEPT = 'karat.workspace'

/** The workspace that a page belongs to: the one in its address, else the last one, else the first. */
export function workspaceOf(me: Me, given?: string): Membership | undefined {
  const wanted = given ?? localStorage.getItem(KEPT)
  return me.workspaces.find((w) => w.id === wanted) ?? me.workspaces[0]
}

export function keepWorkspace(id: string): void {
  localStorage.setItem(KEPT, id)
}

const RANK: Record<Role, number> = { annotator: 0, reviewer: 1, manager: 2, owner: 3 }

/** Whether a role includes another one. */
export function includes(role: Role | undefined, wanted: Role): boolean {
  return role !== undefined && RANK[role] >= RANK[wanted]
}

let waiting: { promise: Promise<void>; done: () => void } | null = null
const tell = new Set<() => void>()

/** From now on a session that ends opens a dialog, and what was asked waits until someone has signed in. */
export function guardSession(): void {
  onExpired(() => {
    if (!waiting) {
      const { promise, resolve } = Promise.withResolvers<void>()
      waiting = { promise, done: resolve }
      for (const told of tell) told()
    }
    return waiting.promise
  })
}

export function unguardSession(): void {
  onExpired(null)
}

export const expiry = {
  isOpen: () => waiting !== null,
  listen: (told: () => void) => {
    tell.add(told)
    return () => tell.delete(told)
  },
  close: () => {
    waiting?.done()
    waiting = null
    for (const told of tell) told()
  },
}
