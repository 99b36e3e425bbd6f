// Whether any part of the data, or any group of people, is treated differently: slices, findings, groups, and the board.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { fairness as api, transfers } from '../../api'
import { Button, Empty, Failure, format, Notice, Progress, SkeletonCard, TablesMenu, toastError } from '../../ui'
import { BoardCard } from './BoardCard'
import { CrossCards } from './CrossCards'
import { Findings } from './Findings'
import { GroupsCard } from './GroupsCard'
import { RecordCard } from './RecordCard'
import { SliceCards } from './SliceCards'
import { SlicesDialog } from './SlicesDialog'
import { TestedCard } from './TestedCard'
import { m } from './messages'
import './fairness.css'

const LOOK_MS = 15_000

export function FairnessPage({ project, workspace, manages, owns }: { project: string; workspace: string; manages: boolean; owns: boolean }) {
  const page = useQuery({ queryKey: ['fairness', project], queryFn: () => api.page(project), refetchInterval: LOOK_MS })
  const [choosing, setChoosing] = useState(false)
  const { data } = page
  return (
    <>
      <header className="top">
        <h1>{m.fairness}</h1>
        {data?.report && <span className="t2 f12">{m.asOf(format.moment(data.report.at))}</span>}
        {data?.report && data.answers > data.report.answers && <span className="t3 f12">{m.outdated(format.count(data.answers - data.report.answers))}</span>}
        <span className="grow" />
        {data?.report && <TablesMenu title={m.tables} text={m.tablesText} tables={api.parts.map((part) => ({ key: part, name: m.table[part], path: (format) => api.partPath(project, part, format) }))} />}
        {data && <Make project={project} page={data} />}
        {data && manages && <Button icon="cog" onClick={() => setChoosing(true)}>{m.slices}</Button>}
      </header>
      <div className="page">
        {page.isError && <Failure error={page.error} onRetry={() => void page.refetch()} />}
        {page.isPending && <><SkeletonCard height={120} /><SkeletonCard height={216} /></>}
        {data && <BoardCard project={project} workspace={workspace} page={data} owns={owns} />}
        {data && !data.report && (
          <Empty title={data.rules.slices.length === 0 ? m.noRules : m.noReport} actions={data.rules.slices.length === 0 && manages && data.keys.length > 0 && <Button look="primary" onClick={() => setChoosing(true)}>{m.choose}</Button>}>
            {data.keys.length === 0 ? m.noKeys : data.rules.slices.length === 0 ? m.noRulesText : m.noReportText}
          </Empty>
        )}
        {data?.report && <Findings project={project} page={data} report={data.report} />}
        {data?.report && <SliceCards project={project} report={data.report} />}
        {data && <GroupsCard groups={data.groups} report={data.report} />}
        {data?.report && data.groups.length > 0 && data.rules.slices.length > 0 && <CrossCards project={project} crossed={data.crossed} report={data.report} />}
        {data && <TestedCard page={data} />}
        {data && data.history.length > 0 && <RecordCard history={data.history} workspace={workspace} owns={owns} />}
      </div>
      {choosing && data && <SlicesDialog project={project} page={data} onClose={() => setChoosing(false)} />}
    </>
  )
}

/** Starts a report and shows how far it is, also one that somebody else started. */
function Make({ project, page }: { project: string; page: api.Fairness }) {
  const client = useQueryClient()
  const begin = useMutation({
    mutationFn: () => api.report(project),
    onError: toastError,
    onSuccess: (now) => client.setQueryData(['fairness', project], now),
  })
  const job = useQuery({
    queryKey: ['job', page.running],
    queryFn: async () => {
      const now = await transfers.job(page.running ?? '')
      if (transfers.isOver(now)) await client.invalidateQueries({ queryKey: ['fairness', project] })
      return now
    },
    enabled: page.running !== null,
    retry: false,
    refetchInterval: (query) => (query.state.data && transfers.isOver(query.state.data) ? false : 700),
  })
  const { done = 0, total = null } = job.data?.progress ?? {}
  const isRunning = page.running !== null || begin.isPending
  return (
    <>
      {isRunning && <span style={{ width: 96 }}><Progress value={total ? done / total : null} label={m.making} /></span>}
      {job.data?.state === 'failed' && <Notice tone="bad">{job.data.problems?.[0]?.do ?? job.data.kind}</Notice>}
      <Button look={page.report ? 'plain' : 'primary'} icon="refresh" busy={isRunning} onClick={() => begin.mutate()}>{isRunning ? m.making : m.make}</Button>
    </>
  )
}
