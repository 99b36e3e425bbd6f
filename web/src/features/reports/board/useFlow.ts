// The project as work, kept alive: while something is still being counted it is asked again, and then all numbers beside it.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import * as api from '../../../api/boards'

const BEHIND_MS = 1000
/** So long after the last event an item may still move on by what its answers came to. */
const SETTLED_MS = 2500

export function useFlow(project: string) {
  const client = useQueryClient()
  const flow = useQuery({ queryKey: ['reports', project, 'flow'], queryFn: () => api.flow(project), refetchInterval: (query) => (query.state.data?.behind ? BEHIND_MS : false) })
  const behind = flow.data?.behind ?? false
  useEffect(() => {
    if (!behind) return
    return () => {
      const reread = () => void client.invalidateQueries({ queryKey: ['reports', project], refetchType: 'active' })
      reread()
      setTimeout(reread, SETTLED_MS)
    }
  }, [behind, client, project])
  return flow
}
