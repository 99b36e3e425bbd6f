// Who else of the reviewers and managers is in the project now, and saying that one is here oneself. Annotators neither see nor are seen.
import { useQuery } from '@tanstack/react-query'
import { work as api, type Here } from '../api'
import { Face } from '../ui'
import { m } from './messages'

const AGAIN_MS = 20_000
const MOST = 3

/** Says where one is while the tab is in sight; tells who else is there. */
export function usePresence(project: string | undefined, path: string, item: string | undefined, isExpert: boolean): readonly Here[] {
  const page = path.split('/')[3] ?? 'home'
  const { data } = useQuery({ queryKey: ['here', project, page, item], queryFn: () => api.here(project ?? '', page.slice(0, 40), item), enabled: project !== undefined && isExpert, refetchInterval: AGAIN_MS, placeholderData: (before) => before })
  return project === undefined ? [] : (data ?? [])
}

export function Present({ others }: { others: readonly Here[] }) {
  if (others.length === 0) return null
  return (
    <span className="here" role="group" aria-label={m.alsoHere}>
      {others.slice(0, MOST).map((one) => <Face key={one.person.id} name={m.hereAt(one.person.name, m.pages[one.page ?? ''] ?? '', one.key ?? '')} alone letters={one.person.name} />)}
      {others.length > MOST && <span className="t3">+{others.length - MOST}</span>}
    </span>
  )
}
