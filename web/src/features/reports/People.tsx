// Who answered how much, how fast, and how well they agree with the others. Excluding one author's responses, and the way back.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { conditionsOf, projects as api, type AuthorRef, type PeopleRow } from '../../api'
import * as team from '../../api/team'
import { addressOf, Button, Dialog, Door, Face, Failure, format, Go, IconButton, itemsPath, Measure, Menu, Notice, SkeletonRows, Tag, TextField, toast, toastError } from '../../ui'
import { AlphaCells } from './Agreement'
import { Share } from './Consensus'
import { m } from './messages'
import { m as t } from './team/messages'
import { chartsSaid, Colluders, PeopleRows, ReviewerRows } from './team/TeamTables'

export function PeopleTable({ project, rows, onExclude }: { project: string; rows: readonly PeopleRow[]; onExclude?: (author: AuthorRef) => void }) {
  return (
    <table className="pe cards">
      <thead>
        <tr>
          <th>{m.name}</th><th className="right">{m.responses}</th><th className="right">{m.skipped}</th><th className="right">{m.median}</th><th colSpan={3}>{m.skillHead}</th><th colSpan={3}>{m.agreementWithOthers}</th>
          {onExclude && <td className="fit" />}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ author, responses, skipped, median_ms, agreement, skill, filter }) => {
          const to = itemsPath(project, conditionsOf(filter))
          return (
            <tr key={author.id}>
              <td>
                <span className="row g2"><Face name={author.name} /><span className="tr">{author.name}</span>
                  {m.model[author.type ?? 'person'] && <Tag>{m.model[author.type ?? 'person']}</Tag>}
                </span>
              </td>
              <td className="right"><Door to={to}>{format.count(responses)}</Door></td>
              <td className="right t2">{skipped > 0 ? <Door to={itemsPath(project, [{ answered: { author: author.id, state: 'skipped' } }])}>{format.count(skipped)}</Door> : 0}</td>
              <td className="right t2">{median_ms === null ? '–' : format.duration(median_ms)}</td>
              <Share measure={skill} to={itemsPath(project, [{ author: author.id }], { sort: 'uncertainty', descending: true })} />
              <AlphaCells measure={agreement} to={itemsPath(project, [{ author: author.id }], { sort: 'disagreement', descending: true })} />
              {onExclude && <td><Menu position="bottom-end" control={<IconButton icon="more" label={`${m.exclude}: ${author.name}`} />} entries={[{ title: m.exclude, icon: 'eyeoff', danger: true, run: () => onExclude(author) }]} /></td>}
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

/** The project's people on a page of their own. */
export function ProjectPeoplePage({ project, manages }: { project: string; manages: boolean }) {
  const people = useQuery({ queryKey: ['team', project], queryFn: () => team.all(project), refetchInterval: (query) => (query.state.data?.behind ? 2000 : false) })
  const [excluding, setExcluding] = useState<AuthorRef | null>(null)
  const { data } = people
  const tables = (['people', 'reviewers', 'days'] as const).map((table) => ({ title: t.csv[table], icon: 'exp' as const, run: () => window.location.assign(addressOf(team.tablePath(project, table))) }))
  return (
    <>
      <header className="top">
        <h1>{t.people}</h1>{data && <span className="t3 f12">{t.authors(data.people.length)}{data.behind && `, ${t.behind}`}</span>}
        <span className="grow" />
        {data && data.people.length > 0 && <Menu position="bottom-end" control={<Button icon="exp">{t.tables}</Button>} entries={tables} />}
      </header>
      <div className="page">
        {people.isError && <Failure error={people.error} onRetry={() => void people.refetch()} />}
        {people.isPending && <section className="card"><SkeletonRows rows={6} height={32} /></section>}
        {data && (
          <section className="card" style={{ overflowX: 'auto' }}>
            {data.people.length === 0 ? <p className="t3" style={{ padding: 16 }}>{t.nobody}</p> : <PeopleRows project={project} rows={data.people} {...(manages ? { onExclude: setExcluding } : {})} />}
            {data.people.length > 0 && <p className="t3 f12 cb" style={{ paddingTop: 8 }}>{chartsSaid(data)} <Go to={`/p/${project}/people/charts`} className="link">{t.openCharts}</Go></p>}
          </section>
        )}
        {data && <Colluders project={project} rows={data.people} />}
        {data && data.reviewers.length > 0 && (
          <section className="card" style={{ overflowX: 'auto' }}>
            <h2 className="ch">{t.reviewers} <span className="c">{t.reviewersText}</span></h2>
            <ReviewerRows project={project} rows={data.reviewers} />
          </section>
        )}
        <LeftOut project={project} manages={manages} />
      </div>
      {excluding && <Exclude project={project} author={excluding} onClose={() => setExcluding(null)} />}
    </>
  )
}

const REREAD = ['reports', 'team', 'items', 'item', 'project', 'exclusions']

/** Whose responses do not count, and the way back. */
function LeftOut({ project, manages }: { project: string; manages: boolean }) {
  const client = useQueryClient()
  const list = useQuery({ queryKey: ['exclusions', project], queryFn: () => api.exclusions(project) })
  const [busy, setBusy] = useState(false)
  if (!list.data?.length) return null
  const include = async (operation: string) => {
    setBusy(true)
    try {
      await api.undoOperation(operation)
      await Promise.all(REREAD.map((key) => client.invalidateQueries({ queryKey: [key] })))
      toast(m.undone)
    } catch (error) {
      toastError(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <section className="card">
      <h2 className="ch">{m.leftOut} <span className="c">{m.leftOutText}</span></h2>
      <table className="cards">
        <thead><tr><th>{m.name}</th><th className="right">{m.responses}</th><th>{m.reason}</th><th>{m.by}</th><th className="right">{m.since}</th><td className="fit" /></tr></thead>
        <tbody>
          {list.data.map((one) => (
            <tr key={one.operation}>
              <td><span className="row g2"><Face name={one.author.name} /><span className="tr">{one.author.name}</span></span></td>
              <td className="right">{format.count(one.responses)}</td>
              <td className="t2" style={{ whiteSpace: 'normal' }}>{one.reason}</td>
              <td className="t2">{one.by}</td>
              <td className="right t2" title={format.moment(one.at)}>{format.ago(one.at)}</td>
              <td className="right">{manages && <Button size="small" icon="undo" busy={busy} onClick={() => void include(one.operation)}>{m.include}</Button>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Exclude({ project, author, onClose }: { project: string; author: AuthorRef; onClose: () => void }) {
  const client = useQueryClient()
  const preview = useQuery({ queryKey: ['exclusion', project, author.id], queryFn: () => api.previewExclusion(project, author.id), staleTime: 0 })
  const [reason, setReason] = useState('')
  const [wrong, setWrong] = useState('')
  const reread = () => Promise.all(REREAD.map((key) => client.invalidateQueries({ queryKey: [key] })))
  const undo = (operation: string) => api.undoOperation(operation).then(reread).then(() => toast(m.undone), toastError)
  const run = async () => {
    try {
      const { operation } = await api.exclude(project, author.id, reason.trim())
      await reread()
      toast(m.excludedToast(author.name), { undo: () => void undo(operation) })
      onClose()
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error))
    }
  }
  const data = preview.data
  return (
    <Dialog title={m.excludeTitle(author.name)} onClose={onClose} footer={<><span className="grow" /><Button danger disabled={!data || !reason.trim()} onClick={run}>{m.excludeRun(data ? format.count(data.responses) : '')}</Button></>}>
      <p className="t2">{m.excludeText}</p>
      {preview.isPending && <SkeletonRows rows={2} height={32} />}
      {preview.isError && <Notice tone="bad">{preview.error.message}</Notice>}
      {data && (
        <dl className="facts" style={{ gridTemplateColumns: '160px 1fr' }}>
          <dt>{m.responses}</dt><dd>{m.excludeSums(format.count(data.responses), format.count(data.items))}</dd>
          <dt>{m.before}</dt><dd><Measure measure={data.agreement_before} /></dd>
          <dt>{m.after}</dt><dd><Measure measure={data.agreement_after} /></dd>
        </dl>
      )}
      <TextField label={m.reason} hint={m.reasonHint} wrong={wrong} value={reason} onChange={(e) => setReason(e.target.value)} data-autofocus />
    </Dialog>
  )
}
