// A button that starts a job and shows how far it is.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { transfers, type Job } from '../../api'
import { Button, Notice, Progress, toastError } from '../../ui'
import { m } from './messages'

/** A button that starts a job and shows how far it is. */
export function Run({ label, icon, start }: { label: string; icon: 'refresh' | 'merge'; start: () => Promise<Job> }) {
  const client = useQueryClient()
  const begin = useMutation({ mutationFn: start, onError: toastError })
  const id = begin.data?.id
  const job = useQuery({
    queryKey: ['job', id],
    queryFn: async () => {
      const now = await transfers.job(id ?? '')
      if (transfers.isOver(now)) await Promise.all(['reports', 'items', 'item'].map((key) => client.invalidateQueries({ queryKey: [key] })))
      return now
    },
    enabled: id !== undefined,
    refetchInterval: (query) => (query.state.data && transfers.isOver(query.state.data) ? false : 700),
  })
  const running = begin.isPending || (id !== undefined && !(job.data && transfers.isOver(job.data)))
  const { done = 0, total = null } = job.data?.progress ?? {}
  return (
    <span className="row g2">
      {running && <span style={{ width: 96 }}><Progress value={total ? done / total : null} label={label} /></span>}
      {job.data?.state === 'failed' && <Notice tone="bad">{job.data.problems?.[0]?.do ?? job.data.problems?.[0]?.path ?? job.data.kind}</Notice>}
      <Button icon={icon} busy={running} onClick={() => begin.mutate()}>{running ? m.refreshing : label}</Button>
    </span>
  )
}
