// Who answered how much, how fast, and how well they agree with the others. Excluding one author's responses, and the way back.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { projects as api, type AuthorRef, type PeopleRow } from '../../api'
import { Button, Dialog, Door, Face, Failure, format, IconButton, itemsPath, Measure, Menu, Notice, SkeletonRows, Tag, TextField, toast, toastError } from '../../ui'
import { AlphaCells } from './Agreement'
import { Share } from './Consensus'
import { m } from './messages'

export function PeopleTable({ project, rows, onExclude }: { project: string; rows: readonly PeopleRow[]; onExclude?: (author: AuthorRef) => void }) {
  return (
    <table className="pe cards">
      <thead>
        <tr>
          <th>{m.name}</th><th className="right">{m.responses}</th><th className="right">{m.items}</th><th className="right">{m.skipped}</th><th className="right">{m.median}</th><th colSpan={3}>{m.skillHead}</th><th colSpan={3}>{m.agreementWithOthers}</th>
          {onExclude && <td className="fit" />}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ author, responses, skipped, items, median_ms, agreement, skill }) => {
          const to = itemsPath(project, [{ author: author.id }])
          return (
            <tr key={author.id}>
              <td>
                <span className="row g2"><Face name={author.name} /><span className="tr">{author.name}</span>
                  {m.model[author.type ?? 'person'] && <Tag>{m.model[author.type ?? 'person']}</Tag>}
                </span>
              </td>
              <td className="right"><Door to={to}>{format.count(responses)}</Door></td>
              <td className="right"><Door to={to}>{format.count(items ?? responses)}</Door></td>
              <td className="right t2">{format.count(skipped)}</td>
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
  const progress = useQuery({ queryKey: ['reports', project, 'progress'], queryFn: () => api.progress(project) })
  const [excluding, setExcluding] = useState<AuthorRef | null>(null)
  return (
    <>
      <header className="top"><h1>{m.people}</h1>{progress.data && <span className="t3 f12">{m.peopleText(progress.data.people.length)}</span>}</header>
      <div className="page">
        {progress.isError ? (
          <Failure error={progress.error} onRetry={() => void progress.refetch()} />
        ) : (
          <section className="card">
            {progress.isPending && <SkeletonRows rows={6} height={32} />}
            {progress.data?.people.length === 0 && <p className="t3" style={{ padding: 16 }}>{m.noPeople}</p>}
            {progress.data && progress.data.people.length > 0 && <PeopleTable project={project} rows={progress.data.people} {...(manages ? { onExclude: setExcluding } : {})} />}
          </section>
        )}
        <LeftOut project={project} manages={manages} />
      </div>
      {excluding && <Exclude project={project} author={excluding} onClose={() => setExcluding(null)} />}
    </>
  )
}

const REREAD = ['reports', 'items', 'item', 'project', 'exclusions']

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
