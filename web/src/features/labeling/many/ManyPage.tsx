// Labeling many items at once: a page of cards or rows, the questions beside it, one key for all that are chosen.

import { useInfiniteQuery } from '@tanstack/react-query'
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { items as itemsApi, type Filter } from '../../../api'
import { readSchema } from '../../../engine/schema'
import { KINDS } from '../../../kinds'
import { Button, Empty, Failure, Go, Icon, IconButton, Key, Segmented, SkeletonRows, useGo } from '../../../ui'
import { openJournal } from '../journal'
import type { LabelingProject } from '../LabelingScreen'
import { clock, newId, tabs } from '../world'
import type { ManyApi } from './api'
import { Answers } from './Answers'
import { Batch } from './batch'
import type { Row } from './cards'
import { Cards } from './Cards'
import { askedOf } from './keys'
import { m } from './messages'
import { useManyKeys } from './use-many-keys'
import './many.css'

/** Which items of the table; without it, those of the person's queue. */
export interface Wanted {
  readonly filter: Filter
  readonly sort: string
  readonly descending: boolean
}

export interface ManyPageProps {
  readonly api: ManyApi
  readonly project: LabelingProject
  readonly person: string
  readonly wanted: Wanted | null
  readonly view: 'grid' | 'table'
  readonly onView: (view: 'grid' | 'table') => void
  /** The session has ended: somebody must sign in before what waits here can go. */
  readonly onSignedOut: () => void
  /** Answers were handed in or taken back. */
  readonly onChanged: () => void
}

export function ManyPage(props: ManyPageProps): ReactNode {
  const { api, project, person, wanted } = props
  const [batch, setBatch] = useState<Batch | null>(null)
  const source = wanted === null ? 'queue' : 'chosen'
  useEffect(() => {
    let made: Batch | null = null
    let here = true
    void (async () => {
      const journal = await openJournal()
      if (!here) return
      const schema = readSchema(project.schema)
      made = new Batch({ api, journal, channel: tabs(), clock, newId, kinds: KINDS, person, project: project.id, schema, schemaVersion: project.schemaVersion }, source)
      setBatch(made)
      await made.begin()
    })()
    return () => {
      here = false
      made?.end()
    }
  }, [api, person, project.id, project.schema, project.schemaVersion, source])
  if (batch === null || batch.source !== source) return <><header className="top"><h1>{m.title}</h1></header><SkeletonRows rows={10} picture /></>
  return <Page {...props} batch={batch} />
}

function Page({ batch, project, wanted, view, onView, onSignedOut, onChanged }: ManyPageProps & { batch: Batch }): ReactNode {
  useSyncExternalStore((told) => batch.subscribe(told), () => batch.version)
  const go = useGo()
  const root = useRef<HTMLDivElement>(null)
  const search = useRef<HTMLInputElement>(null)
  const asked = useMemo(() => askedOf(batch.ports.schema, KINDS), [batch])
  const more = useRows(batch, project.id, wanted)
  useManyKeys(batch, asked, search)
  const { outcome } = batch
  useEffect(() => {
    if (outcome !== null) onChanged()
  }, [onChanged, outcome])
  const { stuck } = batch.post
  useEffect(() => {
    if (stuck === 'signed_out') onSignedOut()
  }, [onSignedOut, stuck])
  const ready = batch.phase === 'working'
  useEffect(() => {
    if (ready) root.current?.querySelector<HTMLElement>('[role="grid"]')?.focus()
  }, [ready])
  const answered = batch.answered.length
  const alone = useCallback((item: string) => go(`/p/${project.id}/label/${item}`), [go, project.id])
  return (
    <>
      <header className="top">
        <h1>{m.title}</h1>
        <Segmented label={m.view} value={view} onChange={onView} options={[{ value: 'grid', title: <><Icon name="grid" small />{m.grid}</> }, { value: 'table', title: <><Icon name="table" small />{m.table}</> }]} />
        <span className="input frame small" style={{ width: 220 }}>
          <Icon name="search" small />
          <input ref={search} aria-label={wanted ? m.searchAll : m.search} placeholder={wanted ? m.searchAll : m.search} defaultValue="" onChange={(event) => batch.find(event.target.value)} />
          <Key>/</Key>
        </span>
        <Outcome batch={batch} />
        <span className="grow" />
        <Saved batch={batch} answered={answered} />
        <IconButton icon="undo" label={m.undoStep} disabled={!batch.canUndo} onClick={() => void batch.undo()} />
        <Button look={answered > 0 ? 'primary' : 'plain'} keys="Ctrl ↵" disabled={answered === 0} onClick={() => void batch.handIn()}>{m.handIn(answered)}</Button>
      </header>
      <Refused batch={batch} project={project.id} />
      <div className="many" ref={root}>
        <div className="many-main">
          <Middle batch={batch} project={project.id} isLoading={more.isLoading}>
            <Cards batch={batch} asked={asked} table={view === 'table'} onMore={more.onMore} onOpen={alone} />
          </Middle>
        </div>
        {asked.length > 0 && <Answers batch={batch} asked={asked} />}
      </div>
    </>
  )
}

function Middle({ batch, project, isLoading, children }: { batch: Batch; project: string; isLoading: boolean; children: ReactNode }): ReactNode {
  if (batch.ports.schema.fields.every((f) => KINDS.get(f.kind)?.surface !== 'form')) {
    return <Empty title={m.drawnOnly} actions={<Go to={`/p/${project}/label`} className="btn primary big">{m.labelAlone}</Go>}>{m.drawnOnlyText}</Empty>
  }
  if (batch.phase === 'failed') return <Failure error={new Error(batch.failure ?? '')} onRetry={() => void batch.fill()} />
  if (batch.phase === 'loading' || isLoading) return <SkeletonRows rows={10} picture />
  if (batch.shown.length > 0) return children
  if (batch.words !== '') return <Empty title={m.noneFound}>{m.noneFoundText}</Empty>
  if (batch.post.count > 0) return <SkeletonRows rows={10} picture />
  return <Empty title={m.emptyTitle} actions={<Button look="primary" size="big" icon="refresh" onClick={() => void batch.fill()}>{m.lookAgain}</Button>}>{m.emptyText}</Empty>
}

/** "37 labeled, 2 refused". */
function Outcome({ batch: { outcome } }: { batch: Batch }): ReactNode {
  const parts = outcome === null ? [] : [outcome.handed > 0 ? m.handed(outcome.handed) : outcome.handed < 0 ? m.back(-outcome.handed) : '', outcome.refused.length > 0 ? m.refused(outcome.refused.length) : '']
  return <span role="status" className="t2 nowrap">{parts.filter(Boolean).join(', ')}</span>
}

function Refused({ batch: { outcome }, project }: { batch: Batch; project: string }): ReactNode {
  if (outcome === null || outcome.refused.length === 0) return null
  return (
    <details className="many-refused" open={outcome.refused.length <= 3}>
      <summary>{m.refused(outcome.refused.length)}</summary>
      <ul>
        {outcome.refused.map((one) => (
          <li key={`${one.item} ${one.title}`}>
            <bdi className="mono">{one.title}</bdi> {one.why} {one.item && <Go to={`/p/${project}/label/${one.item}`} className="link">{m.openOne}</Go>}
          </li>
        ))}
      </ul>
    </details>
  )
}

function Saved({ batch, answered }: { batch: Batch; answered: number }): ReactNode {
  const { stuck, count } = batch.post
  const text = stuck === 'offline' ? m.offline : stuck === 'signed_out' ? m.signedOut : count > 0 ? m.sending(count) : answered > 0 ? m.unsent(answered) : ''
  return <span className={stuck ? 'warn md' : 't3 f12'} role={stuck ? 'alert' : undefined}>{batch.failure ?? text}</span>
}

const SOON_MS = 300

/** The rows of the table that are wanted, page by page; nothing where the queue gives them. */
function useRows(batch: Batch, project: string, wanted: Wanted | null): { readonly onMore: (() => void) | null; readonly isLoading: boolean } {
  const words = useLater(batch.words)
  const asked = useMemo(() => wanted && { ...wanted, filter: words === '' ? wanted.filter : { all: [...wanted.filter.all, { text: { contains: words } }] } }, [wanted, words])
  const query = useInfiniteQuery({
    queryKey: ['items', project, 'many', asked],
    queryFn: ({ pageParam, signal }) => itemsApi.page(project, asked ?? { filter: { all: [] }, sort: 'created', descending: false }, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    enabled: asked !== null,
    staleTime: Infinity,
  })
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = query
  useEffect(() => {
    if (data) batch.show(data.pages.flatMap((page) => page.items) as unknown as readonly Row[])
  }, [batch, data])
  const onMore = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [fetchNextPage, hasNextPage, isFetchingNextPage])
  return { onMore: asked !== null && hasNextPage ? onMore : null, isLoading: asked !== null && query.isPending }
}

function useLater(value: string): string {
  const [later, setLater] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setLater(value), SOON_MS)
    return () => clearTimeout(timer)
  }, [value])
  return later
}
