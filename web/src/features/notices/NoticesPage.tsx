// What happened that concerns whoever looks; the newest first.
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { notices as api, type Notice } from '../../api'
import { Button, Empty, Failure, format, Go, Segmented, SkeletonRows, toastError } from '../../ui'
import { m } from './messages'

export function NoticesPage({ isExpert }: { isExpert: boolean }) {
  const client = useQueryClient()
  const list = useInfiniteQuery({ queryKey: ['notices', 'list'], queryFn: ({ pageParam }) => api.list(pageParam), initialPageParam: null as string | null, getNextPageParam: (last) => last.next })
  const rows = list.data?.pages.flatMap((page) => page.items) ?? []
  const mark = (ids: string[]) => api.mark(ids).then(() => client.invalidateQueries({ queryKey: ['notices'] }), toastError)
  return (
    <>
      <header className="top">
        <h1>{m.notices}</h1>
        <span className="grow" />
        {rows.some((one) => one.read_at === null) && <Button icon="check" onClick={() => void mark([])}>{m.readAll}</Button>}
      </header>
      <div className="page">
        {list.isPending && <section className="card"><SkeletonRows rows={6} height={40} /></section>}
        {list.isError && <Failure error={list.error} onRetry={() => void list.refetch()} />}
        {list.isSuccess && rows.length === 0 && <Empty title={m.none}>{m.noneText}</Empty>}
        {rows.length > 0 && (
          <section className="card">
            <ul style={{ listStyle: 'none', margin: 0, padding: '4px 0' }}>
              {rows.map((one) => (
                <li key={one.id}>
                  <Go to={addressOf(one, isExpert)} className="row g2 hover" style={{ padding: '8px 16px' }} onClick={() => { if (one.read_at === null) void mark([one.id]) }}>
                    <span className={one.read_at === null ? 'md grow' : 't2 grow'}>{m.words[one.name] ?? one.name}{one.title && <span className="t3">, {one.title}</span>}</span>
                    <span className="t3 f12">{format.ago(one.at)}</span>
                  </Go>
                </li>
              ))}
            </ul>
          </section>
        )}
        {list.hasNextPage && <div><Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{m.older}</Button></div>}
        <Mail />
      </div>
    </>
  )
}

function Mail() {
  const client = useQueryClient()
  const { data } = useQuery({ queryKey: ['notices', 'choices'], queryFn: api.choices })
  if (!data) return null
  if (!data.can_mail) return <p className="t3 f12">{m.noMail}</p>
  const options = (['off', 'each', 'daily'] as const).map((value) => ({ value, title: m.mails[value] }))
  return <div className="row g2"><span className="t2">{m.mail}</span><Segmented label={m.mail} value={data.mail} options={options} onChange={(mail) => void api.choose(mail).then((now) => client.setQueryData(['notices', 'choices'], now), toastError)} /></div>
}

/** Where a notice leads: the page on which it can be acted on. */
export function addressOf({ name, project, thing, workspace }: Notice, isExpert: boolean): string {
  if (name.startsWith('job-')) return `/w/${workspace}/jobs`
  if (project === null) return '/work'
  if (name === 'given') return `/p/${project}/label`
  if (name === 'late') return `/p/${project}/assignments`
  if (name === 'pay' || name === 'pay-decided') return `/p/${project}/pay/mine`
  if (name === 'pay-contest' || name === 'budget') return `/p/${project}/pay`
  if (name.startsWith('board-')) return `/p/${project}/fairness`
  if (name === 'guideline') return `/p/${project}/guideline`
  if (name === 'rule-acted') return `/p/${project}/people`
  if (name === 'course') return '/work'
  if (name === 'appeal-decided') return `/p/${project}/feedback`
  if (isExpert && (name === 'question' || name === 'appeal' || name === 'mention')) return `/p/${project}/questions`
  if (thing.item) return `/p/${project}/label/${thing.item}`
  return '/work'
}
