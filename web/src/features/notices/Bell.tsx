// The bell: how many notices wait. It asks again when the server says that there is a new one.
import { useQuery } from '@tanstack/react-query'
import { notices as api } from '../../api'
import { Go, Icon } from '../../ui'
import { m } from './messages'

export function Bell({ path }: { path: string }) {
  const { data } = useQuery({ queryKey: ['notices', 'unread'], queryFn: api.unread, refetchInterval: 120_000 })
  const n = data?.unread ?? 0
  const on = path === '/notices'
  return (
    <Go to="/notices" className={on ? 'on' : ''} aria-current={on ? 'page' : undefined}>
      <Icon name="bell" /><span className="tr">{m.notices}</span>{n > 0 && <span className="c b">{m.unread(n)}<span className="hidden"> {m.unreadName}</span></span>}
    </Go>
  )
}
