// The items that this person handed in last: each opens again, to be looked at or corrected.

import { type ReactNode, useEffect, useState } from 'react'
import { Failure } from '../../engine/failure'
import type { RecentItem } from '../../engine/types'
import { Dialog } from '../../ui/Dialog'
import { Icon } from '../../ui/Icon'
import { Button } from '../../ui/parts'
import { useScreen } from './context'
import { m } from './messages'

export function Recent(): ReactNode {
  const screen = useScreen()
  const { session } = screen
  const [items, setItems] = useState<readonly RecentItem[] | null>(null)
  const [next, setNext] = useState<string | null>(null)
  const [wrong, setWrong] = useState('')
  const read = async (cursor: string | null): Promise<void> => {
    try {
      const page = await session.recent(cursor)
      setItems((was) => [...(cursor === null ? [] : (was ?? [])), ...page.items])
      setNext(page.next)
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      setWrong(error.message)
    }
  }
  useEffect(() => {
    void read(null)
    // The list is read once, when the dialog opens.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [])
  const open = (item: string): void => {
    screen.open(null)
    void session.openItem(item)
  }
  return (
    <Dialog title={m.recentTitle} onClose={() => screen.open(null)} width={520}>
      {wrong && <p className="bad" role="alert">{wrong}</p>}
      {items === null && !wrong && Array.from({ length: 5 }, (_, i) => <span key={i} className="sk" style={{ width: `${90 - i * 9}%` }} />)}
      {items?.length === 0 && <p className="t2">{m.recentEmpty}</p>}
      {items && items.length > 0 && (
        <ul className="recent">
          {items.map((item) => (
            <li key={item.item}>
              <button type="button" onClick={() => open(item.item)}>
                <bdi className="tr grow">{typeof item.preview === 'string' && item.preview !== '' ? item.preview : m.item(item.key ?? item.item.slice(0, 8))}</bdi>
                <span className="t3">{m.stateNames[item.state as keyof typeof m.stateNames] ?? item.state}</span>
                <time className="t3" dateTime={item.at}>{new Date(item.at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })}</time>
                <Icon name="pencil" small />
              </button>
            </li>
          ))}
        </ul>
      )}
      {next && <Button onClick={() => void read(next)}>{m.showMore}</Button>}
    </Dialog>
  )
}
